/** Every node with its state, its load and what it receives. */
import { memo, type ReactElement } from "react";
import type { NodeView } from "../../../shared/projection/snapshot.ts";
import { loadTone, nodeStateOf } from "../../maths/node-state.ts";
import { useRun, useRunState } from "../../parts/context.ts";
import { NodeStateText } from "../../parts/Icons.tsx";
import { strings } from "../../strings.ts";
import { type TableProps, TargetRow } from "./TargetRow.tsx";
import { TargetTable } from "./TargetTable.tsx";

const says = strings.workspace;

export function NodeTable({ filter, onMenu }: TableProps): ReactElement {
	const run = useRun();
	const nodes = useRunState((state) => state.shown?.view.nodes);
	const selection = useRunState((state) => state.selection);
	const picked = useRunState((state) => state.picked);
	const { leaders, suspectedBy } = useRunState((state) => state.standing);
	const columns = [
		{ title: strings.actions.pick, isHidden: true },
		{ title: says.node },
		{ title: says.state },
		{ title: says.load },
		{ title: says.perSecond, isRight: true },
	];
	const shown = (nodes ?? []).flatMap((node, index) => (node.name.includes(filter) ? [{ node, index }] : []));
	return (
		<TargetTable
			title={says.nodes}
			columns={columns}
			count={shown.length}
			row={(place) => {
				const found = shown[place];
				if (found === undefined) return null;
				const { node, index } = found;
				return (
					<TargetRow
						key={node.name}
						target={{ kind: "node", node: index }}
						name={node.name}
						isSelected={selection?.kind === "node" && selection.node === index}
						lead={
							<td>
								<input type="checkbox" aria-label={says.pick(node.name)} checked={picked.has(index)} onChange={() => run.togglePicked(index)} />
							</td>
						}
						onMenu={onMenu}
					>
						<NodeCells node={node} isLeader={leaders.has(index)} suspectedBy={suspectedBy.get(index) ?? 0} />
					</TargetRow>
				);
			}}
		/>
	);
}

interface NodeCellsProps {
	readonly node: NodeView;
	readonly isLeader: boolean;
	readonly suspectedBy: number;
}

const NodeCells = memo(
	function NodeCells({ node, isLeader, suspectedBy }: NodeCellsProps): ReactElement {
		const percent = Math.round(node.utilisationRatio * 100);
		return (
			<>
				<td>
					<NodeStateText state={nodeStateOf(node, { isLeader, isSuspected: suspectedBy > 0 })} />
					{suspectedBy > 0 && <small className="tone-warning suspicion">{strings.topology.suspectedBy(suspectedBy)}</small>}
				</td>
				<td>
					<span className="bar" role="img" aria-label={`${percent} %`} title={`${percent} %`}>
						<i className={loadTone(node.utilisationRatio)} style={{ inlineSize: `${percent}%` }} />
					</span>
				</td>
				<td className="right number">{Math.round(node.messagesInPerSecond)}</td>
			</>
		);
	},
	(a, b) => sameRow(a.node, b.node) && a.isLeader === b.isLeader && a.suspectedBy === b.suspectedBy,
);

/** Only what the row shows: most states differ in numbers that are not in it. */
function sameRow(a: NodeView, b: NodeView): boolean {
	return (
		a.status === b.status &&
		a.factorMilli === b.factorMilli &&
		Math.round(a.utilisationRatio * 100) === Math.round(b.utilisationRatio * 100) &&
		Math.round(a.messagesInPerSecond) === Math.round(b.messagesInPerSecond)
	);
}
