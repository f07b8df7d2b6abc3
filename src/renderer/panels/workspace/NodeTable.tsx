/** Every node with its state, its load and what it receives. */
import { memo, type ReactElement } from "react";
import { loadTone, nodeStateOf } from "../../../shared/drawing/node-state.ts";
import type { NodeView } from "../../../shared/projection/snapshot.ts";
import { useRun, useRunState } from "../../parts/context.ts";
import { NodeStateText } from "../../parts/Icons.tsx";
import { strings } from "../../strings.ts";
import { type TableProps, TargetRow } from "./TargetRow.tsx";
import { TargetTable } from "./TargetTable.tsx";

const says = strings.workspace;

export function NodeTable({ filter, onMenu }: TableProps): ReactElement {
	const nodes = useRunState((state) => state.listed?.view.nodes);
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
					<NodeRow
						key={node.name}
						place={place}
						node={node}
						index={index}
						isSelected={selection?.kind === "node" && selection.node === index}
						isPicked={picked.has(index)}
						isLeader={leaders.has(index)}
						suspectedBy={suspectedBy.get(index) ?? 0}
						onMenu={onMenu}
					/>
				);
			}}
		/>
	);
}

interface NodeRowProps extends Pick<TableProps, "onMenu"> {
	readonly place: number;
	readonly node: NodeView;
	readonly index: number;
	readonly isSelected: boolean;
	readonly isPicked: boolean;
	readonly isLeader: boolean;
	readonly suspectedBy: number;
}

const NodeRow = memo(
	function NodeRow({ place, node, index, isSelected, isPicked, isLeader, suspectedBy, onMenu }: NodeRowProps): ReactElement {
		const run = useRun();
		const percent = Math.round(node.utilisationRatio * 100);
		const lead = (
			<td>
				<input type="checkbox" aria-label={says.pick(node.name)} checked={isPicked} onChange={() => run.togglePicked(index)} />
			</td>
		);
		return (
			<TargetRow place={place} target={{ kind: "node", node: index }} name={node.name} isSelected={isSelected} lead={lead} onMenu={onMenu}>
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
			</TargetRow>
		);
	},
	({ node: a, ...before }, { node: b, ...after }) => isSameRow(a, b) && isAlike(before, after),
);

function isAlike<Props extends object>(a: Props, b: Props): boolean {
	return (Object.keys(a) as (keyof Props)[]).every((key) => Object.is(a[key], b[key]));
}

/** Only what the row shows: most states differ in numbers that are not in it. */
function isSameRow(a: NodeView, b: NodeView): boolean {
	return (
		a.status === b.status &&
		a.factorMilli === b.factorMilli &&
		Math.round(a.utilisationRatio * 100) === Math.round(b.utilisationRatio * 100) &&
		Math.round(a.messagesInPerSecond) === Math.round(b.messagesInPerSecond)
	);
}
