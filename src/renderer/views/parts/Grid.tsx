/**
 * A table of things: the first cell of a row says which. Rows can be lit (what matters now), dimmed (not
 * there) or marked bad; a row that programs stated is a button to the event, and is lit by the selected one.
 */
import type { ReactElement, ReactNode } from "react";
import { kept } from "./kept.ts";
import type { StatedBy } from "./lit.ts";
import { litClass, Stated, useLit } from "./Stated.tsx";

export interface GridColumn {
	readonly id: string;
	readonly title: string;
	/** Numbers go to the right. */
	readonly isNumber?: boolean;
	/** Takes the room that is left. */
	readonly isWide?: boolean;
}

export interface GridRow {
	readonly id: string;
	readonly title: ReactNode;
	/** By column id; none: an empty cell. */
	readonly cells: { readonly [column: string]: ReactNode };
	readonly look?: "lit" | "dim" | "bad";
	/** Events that stated it. */
	readonly by?: StatedBy;
}

export interface GridProps {
	/** What the table is of. */
	readonly label: string;
	/** The heading of the first column. */
	readonly head: string;
	readonly columns: readonly GridColumn[];
	readonly rows: readonly GridRow[];
}

const classOf = ({ isNumber, isWide }: GridColumn): string => `${isNumber ? "right number" : ""} ${isWide ? "wide" : ""}`.trim();

export function Grid({ label, head, columns, rows }: GridProps): ReactElement {
	return (
		<table className="view-grid" aria-label={label}>
			<thead>
				<tr>
					<th scope="col">{head}</th>
					{columns.map((column) => (
						<th key={column.id} scope="col" className={classOf(column)}>
							{column.title}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<Row key={row.id} row={row} columns={columns} />
				))}
			</tbody>
		</table>
	);
}

const nobody: StatedBy = [];

const Row = kept(function Row({
	row: { title, cells, look, by = nobody },
	columns,
}: {
	readonly row: GridRow;
	readonly columns: readonly GridColumn[];
}): ReactElement {
	const lit = useLit(by);
	return (
		<tr className={`${look === undefined ? "" : `is-${look}`} ${litClass(lit)}`.trim()}>
			<th scope="row">
				<Stated by={by} className="row-button">
					{title}
				</Stated>
			</th>
			{columns.map((column) => (
				<td key={column.id} className={classOf(column)}>
					{cells[column.id]}
				</td>
			))}
		</tr>
	);
});
