/** The list of keys, and the statement that goes with it. */
import type { ReactElement } from "react";
import { keyGroups } from "../keys.ts";
import { useApp } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { strings } from "../strings.ts";

type Group = (typeof keyGroups)[number];

/** About equally high; a group that is in none comes into the last. */
const columns: readonly (readonly Group["id"][])[] = [["time"], ["acting", "sessions"], ["views", "lists"]];

function groupsIn(column: number): readonly Group[] {
	const isLast = column === columns.length - 1;
	return keyGroups.filter(({ id }) => columns[column]?.includes(id) || (isLast && !columns.flat().includes(id)));
}

export function Keys(): ReactElement {
	const app = useApp();
	return (
		<Dialog title={strings.keys.title} onClose={() => app.openDialog(null)}>
			<div className="keys">
				{columns.map((ids, column) => (
					<div key={ids.join()} className="keys-column">
						{groupsIn(column).map((group) => (
							<KeyList key={group.id} group={group} />
						))}
					</div>
				))}
			</div>
			<p className="soft">{strings.keys.statement}</p>
		</Dialog>
	);
}

function KeyList({ group: { id, keys } }: { readonly group: Group }): ReactElement {
	return (
		<section>
			<h3 className="label">{strings.keys.groups[id]}</h3>
			<dl>
				{keys.map(({ shown, does }) => (
					<div key={does}>
						<dt>
							{shown.map((key) => (
								<kbd key={key}>{key}</kbd>
							))}
						</dt>
						<dd>{strings.keys.list[does]}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
