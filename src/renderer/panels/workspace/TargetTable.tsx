/**
 * A table of the workspace list. Of a long one only the rows in sight are made, for every row changes many
 * times a second while a run goes on.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useLayoutEffect, useRef, useState } from "react";
import { strings } from "../../strings.ts";

/** Fewer rows than this are all made, in sight or not. */
const shortRowsMax = 40;
const rowPx = 32;
const overscanRows = 12;

export interface Column {
	readonly title: string;
	readonly isRight?: boolean;
	/** Told to those who do not see it. */
	readonly isHidden?: boolean;
}

export interface TargetTableProps {
	readonly title: string;
	readonly columns: readonly Column[];
	readonly count: number;
	readonly row: (place: number) => ReactElement | null;
}

export function TargetTable({ title, columns, count, row }: TargetTableProps): ReactElement {
	return (
		// The head is a row, too.
		<table className="grid" aria-rowcount={count + 1}>
			<caption className="hidden-visually">{title}</caption>
			<thead>
				<tr>
					{[...columns, { title: strings.workspace.act, isHidden: true }].map(({ title: head, isRight, isHidden }: Column) => (
						<th key={head} scope="col" className={isRight ? "label right" : "label"}>
							{isHidden ? <span className="hidden-visually">{head}</span> : head}
						</th>
					))}
				</tr>
			</thead>
			{count > shortRowsMax ? <LongBody count={count} row={row} /> : <tbody>{Array.from({ length: count }, (_, place) => row(place))}</tbody>}
		</table>
	);
}

function LongBody({ count, row }: Pick<TargetTableProps, "count" | "row">): ReactElement {
	const body = useRef<HTMLTableSectionElement>(null);
	const [offsetPx, setOffset] = useState(0);
	const scroller = (): Element | null => body.current?.closest(".scroll") ?? null;
	// After every change: what stands above, another table, is as high as what is left of it by the filter.
	useLayoutEffect(() => {
		const box = body.current?.closest(".scroll");
		if (!box || body.current === null) return;
		setOffset(Math.round(body.current.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop));
	});
	const rows = useVirtualizer({ count, getScrollElement: scroller, estimateSize: () => rowPx, overscan: overscanRows, scrollMargin: offsetPx });
	const items = rows.getVirtualItems();
	const [first, last] = [items[0], items.at(-1)];
	return (
		<tbody ref={body}>
			<Room heightPx={(first?.start ?? offsetPx) - offsetPx} />
			{items.map(({ index }) => row(index))}
			<Room heightPx={rows.getTotalSize() - ((last?.end ?? offsetPx) - offsetPx)} />
		</tbody>
	);
}

/** As high as the rows that are not made. */
function Room({ heightPx }: { readonly heightPx: number }): ReactElement | null {
	if (heightPx <= 0) return null;
	return (
		<tr>
			<td className="room" style={{ blockSize: heightPx }} />
		</tr>
	);
}
