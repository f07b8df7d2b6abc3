/**
 * A node looked at closely: what it holds in RAM and on its disks, told apart and with changes marked, the
 * timers it has set, and the messages that wait for it.
 */
import { type ReactElement, useEffect, useRef, useState } from "react";
import { nodeStateOf } from "../../../shared/drawing/node-state.ts";
import { clockText, shortDuration } from "../../../shared/drawing/time-scale.ts";
import { formatInstant } from "../../../shared/projection/event-text.ts";
import { useRun, useRunState } from "../../parts/context.ts";
import { NodeStateText } from "../../parts/Icons.tsx";
import { Scroll } from "../../parts/Scroll.tsx";
import type { NodeInspection } from "../../state/contract-types.ts";
import type { RunController } from "../../state/run-controller.ts";
import { isPlaying, shownUs } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";
import { KeyValue, type KeyValueItem } from "../../views/parts/KeyValue.tsx";
import { ActButtons } from "./ActButtons.tsx";
import { DataTree } from "./DataTree.tsx";
import { Drives } from "./Drives.tsx";
import { changesIn, dataRows } from "./data-rows.ts";

const says = strings.inspect;
const lookEveryMs = 500;
const rowsMax = 50;

interface Looked {
	readonly now: NodeInspection;
	readonly before: NodeInspection | undefined;
}

/** What was looked at last in each run, so that a node that is come back to shows what has changed meanwhile. */
const lastLooks = new WeakMap<RunController, Map<number, NodeInspection>>();

function seen(run: RunController, node: number, now: NodeInspection): NodeInspection | undefined {
	const looks = lastLooks.get(run) ?? new Map<number, NodeInspection>();
	lastLooks.set(run, looks);
	const before = looks.get(node);
	looks.set(node, now);
	return before;
}

/** Asks again when what is shown has moved, at most twice a second. */
function useInspection(node: number): { readonly looked: Looked | null; readonly isFailed: boolean } {
	const run = useRun();
	const [looked, setLooked] = useState<Looked | null>(null);
	const [isFailed, setFailed] = useState(false);
	const atUs = useRunState((state) => Math.floor(shownUs(state)));
	const isPresent = useRunState(({ cursorUs, run: { mode } }) => cursorUs === null && (mode === "running" || mode === "paused"));
	const events = useRunState(({ cursorUs, shown }) => (cursorUs === null ? (shown?.view.events ?? 0) : 0));
	const lastMs = useRef(Number.NEGATIVE_INFINITY);
	// biome-ignore lint/correctness/useExhaustiveDependencies: an event may change a node without moving the clock
	useEffect(() => {
		let isOver = false;
		const waitMs = Math.max(0, lastMs.current + lookEveryMs - performance.now());
		const timer = setTimeout(() => {
			lastMs.current = performance.now();
			run.client.call("nodes.inspect", { run: run.id, node, atUs: isPresent ? null : atUs }).then(
				(now) => {
					if (isOver) return;
					setFailed(false);
					setLooked({ now, before: seen(run, node, now) });
				},
				// What is known of it is shown all the same.
				() => {
					if (!isOver) setFailed(true);
				},
			);
		}, waitMs);
		return () => {
			isOver = performance.now() < lastMs.current;
			clearTimeout(timer);
		};
	}, [run, node, atUs, isPresent, events]);
	return { looked, isFailed };
}

export function NodeInspector({ node }: { readonly node: number }): ReactElement | null {
	const view = useRunState((state) => state.listed?.view.nodes[node]);
	const isLeader = useRunState((state) => state.standing.leaders.has(node));
	const suspectedBy = useRunState((state) => state.standing.suspectedBy.get(node) ?? 0);
	const clock = useRunState((state) => state.listed?.clocks[node]);
	const playing = useRunState(isPlaying);
	const { looked, isFailed } = useInspection(node);
	if (view === undefined) return null;
	const own = clock === undefined ? "" : clockText(clock.wallUs).main;
	const crash = `${formatInstant(view.lastErrorUs)}, ${view.lastError === "command" ? says.byCommand : view.lastError}`;
	const facts: readonly KeyValueItem[] = [
		{ key: says.wall, value: clock === undefined || clock.skewUs === 0 ? own : `${own} (${says.skew(shortDuration(clock.skewUs))})` },
		{ key: says.load, value: `${Math.round(view.utilisationRatio * 100)} %` },
		{ key: says.wait, value: shortDuration(view.cpuWaitUs) },
		{ key: says.messages, value: `${view.messagesIn} / ${view.messagesOut}` },
		{ key: says.boots, value: `${view.incarnation}` },
		...(view.lastError === "" ? [] : [{ key: says.lastError, value: crash }]),
	];
	const services = looked?.now.services;
	// While it plays nearly everything changes, and a mark says nothing.
	const before = playing ? undefined : looked?.before;
	const changes = before === undefined || services == null ? 0 : changesIn(dataRows(services, before.services ?? {}).rows);
	return (
		<Scroll label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{view.name}</h2>
					<NodeStateText state={nodeStateOf(view, { isLeader, isSuspected: suspectedBy > 0 })} />
					{suspectedBy > 0 && <span className="chip warning">{strings.topology.suspectedBy(suspectedBy)}</span>}
					<span className="chip">{view.role}</span>
				</div>
				<ActButtons target={{ kind: "node", node }} />
				<KeyValue items={facts} />
				<section className="block ram">
					<header>
						<h3>{says.ram}</h3>
						<span className="soft">{says.ramHint}</span>
						{changes > 0 && <span className="tree-mark">{says.changes(changes)}</span>}
					</header>
					<div>
						{services === null || view.status === "down" ? (
							<p className="soft">{says.down}</p>
						) : services === undefined ? (
							<p className="soft" role="status">
								{isFailed ? says.failed : says.looking}
							</p>
						) : (
							Object.entries(services ?? {}).map(([service, value]) => (
								<div key={service}>
									<p className="label">{service}</p>
									<DataTree value={value} before={before === undefined ? undefined : (before.services?.[service] ?? {})} />
								</div>
							))
						)}
					</div>
				</section>
				<section className="block disk">
					<header>
						<h3>{says.disk}</h3>
						<span className="soft">{says.diskHint}</span>
					</header>
					<div>{looked !== null && <Drives disks={looked.now.disks} before={before?.disks} />}</div>
				</section>
				{looked !== null && <Waiting inspection={looked.now} />}
			</div>
		</Scroll>
	);
}

/** What will happen to the node by itself, and what waits for it. */
function Waiting({ inspection }: { readonly inspection: NodeInspection }): ReactElement {
	const { plan } = useRun();
	const { timers, timersOmitted, inbox, inboxOmitted, atUs } = inspection;
	return (
		<>
			{timers !== null && (
				<List
					title={says.timers}
					omitted={timersOmitted + Math.max(0, timers.length - rowsMax)}
					rows={timers.slice(0, rowsMax).map(({ name, dueUs }) => [name, says.dueIn(shortDuration(Math.max(0, dueUs - atUs)))] as const)}
				/>
			)}
			{inbox !== null && (
				<List
					title={says.inbox}
					omitted={inboxOmitted + Math.max(0, inbox.length - rowsMax)}
					rows={inbox.slice(0, rowsMax).map(({ from, sequence, name }) => [`${plan.names[name] ?? "?"} #${sequence}`, plan.nodes[from]?.name ?? "?"] as const)}
				/>
			)}
		</>
	);
}

interface ListProps {
	readonly title: string;
	readonly rows: readonly (readonly [name: string, text: string])[];
	readonly omitted: number;
}

function List({ title, rows, omitted }: ListProps): ReactElement {
	return (
		<section className="block">
			<header>
				<h3>{title}</h3>
				<span className="soft number">{rows.length + omitted}</span>
			</header>
			{rows.length === 0 ? (
				<div>
					<p className="soft">{says.none}</p>
				</div>
			) : (
				<ul className="inspect-list">
					{rows.map(([name, text], place) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: two timers may bear one name and be due at one instant
						<li key={place}>
							<span className="mono">{name}</span>
							<span className="number">{text}</span>
						</li>
					))}
					{omitted > 0 && <li className="soft">{strings.workspace.moreMessages(omitted)}</li>}
				</ul>
			)}
		</section>
	);
}
