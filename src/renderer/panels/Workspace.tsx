/**
 * The table twin of the topology: every node and link with its state, and everything that can be done
 * to it, by keyboard and screen reader.
 */
import { MoreHorizontal } from "lucide-react";
import { type KeyboardEvent, memo, type ReactElement, useState } from "react";
import { indexOf } from "../../shared/plan-index.ts";
import type { LinkView, NodeView } from "../../shared/projection/snapshot.ts";
import { linkStateOf, loadTone, nodeStateOf } from "../maths/node-state.ts";
import { shortDuration } from "../maths/time-scale.ts";
import { ActionMenu, type MenuTarget } from "../parts/ActionMenu.tsx";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { LinkStateText, NodeStateText } from "../parts/Icons.tsx";
import { strings } from "../strings.ts";

const says = strings.workspace;

/** Up and down go from row to row within a table. */
function moveInRows(event: KeyboardEvent): void {
	if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
	const row = (event.target as HTMLElement).closest("tr");
	const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
	const button = next?.querySelector<HTMLElement>(".row-name");
	if (!button) return;
	button.focus();
	event.preventDefault();
	event.stopPropagation();
}

export function Workspace(): ReactElement {
	const app = useApp();
	const run = useRun();
	const [filter, setFilter] = useState("");
	const [menu, setMenu] = useState<MenuTarget | null>(null);
	const openMenu = (kind: "node" | "link", index: number, element: HTMLElement): void => {
		const box = element.getBoundingClientRect();
		setMenu({ kind, index, x: box.x, y: box.bottom });
	};
	const onRowKey = (kind: "node" | "link", index: number) => (event: KeyboardEvent<HTMLElement>) => {
		if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
		openMenu(kind, index, event.currentTarget);
		event.preventDefault();
	};
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
				<NodeTable filter={filter} onMenu={openMenu} onRowKey={onRowKey} />
				<LinkTable filter={filter} onMenu={openMenu} onRowKey={onRowKey} />
			</div>
			<ActionMenu app={app} run={run} target={menu} onClose={() => setMenu(null)} />
		</div>
	);
}

interface TableProps {
	readonly filter: string;
	readonly onMenu: (kind: "node" | "link", index: number, element: HTMLElement) => void;
	readonly onRowKey: (kind: "node" | "link", index: number) => (event: KeyboardEvent<HTMLElement>) => void;
}

function NodeTable({ filter, onMenu, onRowKey }: TableProps): ReactElement {
	const run = useRun();
	const nodes = useRunState((state) => state.shown?.view.nodes);
	const selection = useRunState((state) => state.selection);
	const picked = useRunState((state) => state.picked);
	const leaders = useRunState((state) => state.leaders);
	return (
		<table className="grid">
			<caption className="hidden-visually">{says.nodes}</caption>
			<thead>
				<tr>
					<th scope="col">
						<span className="hidden-visually">{strings.actions.pick}</span>
					</th>
					<th scope="col" className="label">
						{says.node}
					</th>
					<th scope="col" className="label">
						{says.state}
					</th>
					<th scope="col" className="label">
						{says.load}
					</th>
					<th scope="col" className="label right">
						{says.perSecond}
					</th>
					<th scope="col">
						<span className="hidden-visually">{says.act}</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{nodes?.map((node, index) =>
					node.name.includes(filter.trim()) ? (
						<tr key={node.name} aria-selected={selection?.kind === "node" && selection.node === index}>
							<td>
								<input type="checkbox" aria-label={says.pick(node.name)} checked={picked.has(index)} onChange={() => run.togglePicked(index)} />
							</td>
							<NodeCells
								node={node}
								isLeader={leaders.has(index)}
								onSelect={() => void run.select({ kind: "node", node: index })}
								onInspect={() => run.inspect({ kind: "node", node: index })}
								onKey={onRowKey("node", index)}
							/>
							<td>
								<button
									type="button"
									className="row-more"
									aria-haspopup="menu"
									aria-label={says.actions(node.name)}
									onClick={(event) => onMenu("node", index, event.currentTarget)}
								>
									<MoreHorizontal size={17} aria-hidden="true" />
								</button>
							</td>
						</tr>
					) : null,
				)}
			</tbody>
		</table>
	);
}

interface NodeCellsProps {
	readonly node: NodeView;
	readonly isLeader: boolean;
	readonly onSelect: () => void;
	readonly onInspect: () => void;
	readonly onKey: (event: KeyboardEvent<HTMLElement>) => void;
}

const NodeCells = memo(
	function NodeCells({ node, isLeader, onSelect, onInspect, onKey }: NodeCellsProps): ReactElement {
		const percent = Math.round(node.utilisationRatio * 100);
		return (
			<>
				<td>
					<button
						type="button"
						className="row-name"
						onClick={onSelect}
						onFocus={onSelect}
						onDoubleClick={onInspect}
						onKeyDown={(event) => (event.key === "Enter" ? onInspect() : onKey(event))}
					>
						{node.name}
					</button>
				</td>
				<td>
					<NodeStateText state={nodeStateOf(node, { isLeader, isSuspected: false })} />
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
	(a, b) => sameRow(a.node, b.node) && a.isLeader === b.isLeader,
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

function delayText(link: LinkView, floorUs: number): string {
	const changed = link.changes.find((change) => change.startsWith("floorUs "));
	return changed === undefined ? shortDuration(floorUs) : shortDuration(Number(changed.split(" ").at(-1)));
}

function LinkTable({ filter, onMenu, onRowKey }: TableProps): ReactElement {
	const run = useRun();
	const links = useRunState((state) => state.shown?.view.links);
	const selection = useRunState((state) => state.selection);
	const names = indexOf(run.plan).vertexNames;
	return (
		<table className="grid">
			<caption className="hidden-visually">{says.links}</caption>
			<thead>
				<tr>
					<th scope="col" className="label">
						{says.link}
					</th>
					<th scope="col" className="label">
						{says.state}
					</th>
					<th scope="col" className="label right">
						{says.delay}
					</th>
					<th scope="col">
						<span className="hidden-visually">{says.act}</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{links?.map((view, index) => {
					const link = run.plan.links[index];
					if (link === undefined) return null;
					const name = `${names[link.a]} – ${names[link.b]}`;
					if (!name.includes(filter.trim())) return null;
					const select = (): void => void run.select({ kind: "link", link: index });
					return (
						<tr key={view.name} aria-selected={selection?.kind === "link" && selection.link === index}>
							<td>
								<button
									type="button"
									className="row-name"
									onClick={select}
									onFocus={select}
									onKeyDown={(event) => (event.key === "Enter" ? run.inspect({ kind: "link", link: index }) : onRowKey("link", index)(event))}
								>
									{name}
								</button>
							</td>
							<td>
								<LinkStateText state={linkStateOf(view)} />
							</td>
							<td className="right number">{delayText(view, link.forward.floorUs)}</td>
							<td>
								<button
									type="button"
									className="row-more"
									aria-haspopup="menu"
									aria-label={says.actions(name)}
									onClick={(event) => onMenu("link", index, event.currentTarget)}
								>
									<MoreHorizontal size={17} aria-hidden="true" />
								</button>
							</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}
