/** Plain data as a tree of names and values; what has changed since the last look is marked. */
import type { ReactElement } from "react";
import { strings } from "../../strings.ts";
import { type DataRow, dataRows, isBranch, leafText } from "./data-rows.ts";

const says = strings.inspect;

export function DataTree({ value, before }: { readonly value: unknown; readonly before?: unknown }): ReactElement {
	if (!isBranch(value)) return <p className="tree">{leafText(value)}</p>;
	const { rows, hidden } = dataRows(value, before);
	if (rows.length === 0) return <p className="tree soft">{says.nothingInIt}</p>;
	return <Rows rows={rows} hidden={hidden} />;
}

function Rows({ rows, hidden }: { readonly rows: readonly DataRow[]; readonly hidden: number }): ReactElement {
	return (
		<div className="tree">
			{rows.map(({ name, text, rows: below, hidden: left, change, isPlace }) => (
				<div key={`${name} ${change === "gone"}`}>
					<div className={`tree-row ${change ?? ""}`}>
						<span className={isPlace ? "tree-place" : "soft"}>{name}</span>
						{text !== null && <span className="tree-value">{text}</span>}
						{change !== null && <span className="tree-mark">{change === "gone" ? says.gone : says.changed}</span>}
					</div>
					{text === null && <Rows rows={below} hidden={left} />}
				</div>
			))}
			{hidden > 0 && <p className="soft">{says.more(hidden)}</p>}
		</div>
	);
}
