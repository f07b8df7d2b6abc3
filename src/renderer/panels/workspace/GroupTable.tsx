/** Several nodes at once: the whole cluster, each region, and what was picked. */
import type { ReactElement } from "react";
import { type GroupTarget, regionTarget } from "../../parts/ActionMenu.tsx";
import { useRun, useRunState } from "../../parts/context.ts";
import { strings } from "../../strings.ts";
import { rowMenu } from "./RowMenu.tsx";
import type { TableProps } from "./TargetRow.tsx";
import { TargetTable } from "./TargetTable.tsx";

const says = strings.groups;

export function GroupTable({ filter, onMenu }: TableProps): ReactElement | null {
	const run = useRun();
	const picked = useRunState((state) => state.picked);
	const { nodes, regions } = run.plan;
	const groups: readonly GroupTarget[] = [
		{ kind: "group" as const, name: says.all, nodes: nodes.map((_, node) => node) },
		...(regions.length > 1 ? regions.map((_, region) => regionTarget(run, region)) : []),
		{ kind: "group" as const, name: says.picked, nodes: [...picked].sort((a, b) => a - b) },
	].filter((group) => group.nodes.length > 0 && group.name.includes(filter));
	if (groups.length === 0) return null;
	return (
		<TargetTable
			title={says.title}
			columns={[{ title: says.group }, { title: says.size, isRight: true }]}
			count={groups.length}
			row={(place) => {
				const group = groups[place];
				return group === undefined ? null : <Row key={group.name} group={group} onMenu={onMenu} />;
			}}
		/>
	);
}

function Row({ group, onMenu }: { readonly group: GroupTarget } & Pick<TableProps, "onMenu">): ReactElement {
	const run = useRun();
	const menu = rowMenu(group, group.name, onMenu);
	return (
		<tr onContextMenu={menu.onContextMenu}>
			<td>
				<button type="button" className="row-name" onClick={() => run.pick(group.nodes)} onKeyDown={menu.onKeyDown} title={strings.actions.pickAll}>
					{group.name}
				</button>
			</td>
			<td className="right number">{group.nodes.length}</td>
			<td>{menu.button}</td>
		</tr>
	);
}
