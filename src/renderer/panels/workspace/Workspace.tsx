/**
 * The table twin of the topology: every node and link and what is under way between them, and everything
 * that can be done to it, by keyboard and screen reader.
 */
import { type KeyboardEvent, type ReactElement, useCallback, useState } from "react";
import { ActionMenu, type MenuTarget } from "../../parts/ActionMenu.tsx";
import { useApp, useRun } from "../../parts/context.ts";
import { strings } from "../../strings.ts";
import { GroupTable } from "./GroupTable.tsx";
import { LinkTable } from "./LinkTable.tsx";
import { MessageTable } from "./MessageTable.tsx";
import { NodeTable } from "./NodeTable.tsx";
import type { OpenMenu } from "./RowMenu.tsx";
import type { TableProps } from "./TargetRow.tsx";

const says = strings.workspace;

/** Up and down go from row to row, and on into the next table. */
function moveInRows(event: KeyboardEvent): void {
	if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
	const names = [...event.currentTarget.querySelectorAll<HTMLElement>(".row-name")];
	const row = (event.target as HTMLElement).closest("tr")?.querySelector<HTMLElement>(".row-name");
	const place = row ? names.indexOf(row) : -1;
	const button = place < 0 ? undefined : names[place + (event.key === "ArrowDown" ? 1 : -1)];
	if (button === undefined) return;
	button.focus();
	event.preventDefault();
	event.stopPropagation();
}

export function Workspace(): ReactElement {
	const app = useApp();
	const run = useRun();
	const [filter, setFilter] = useState("");
	const [menu, setMenu] = useState<MenuTarget | null>(null);
	const onMenu = useCallback<OpenMenu>((target, at) => setMenu({ target, ...at }), []);
	const tables: TableProps = { filter: filter.trim(), onMenu };
	return (
		<div className="workspace panel">
			<div className="workspace-tools">
				<input
					className="input"
					type="search"
					aria-label={says.filter}
					placeholder={says.filter}
					value={filter}
					onChange={(event) => setFilter(event.target.value)}
				/>
			</div>
			{/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from row to row */}
			<div className="scroll" onKeyDown={moveInRows}>
				<NodeTable {...tables} />
				<LinkTable {...tables} />
				<MessageTable {...tables} />
				<GroupTable {...tables} />
			</div>
			<ActionMenu app={app} run={run} menu={menu} onClose={() => setMenu(null)} />
		</div>
	);
}
