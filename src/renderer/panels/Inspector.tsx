/**
 * The inspector: a node with RAM and disk told apart and changes marked, a link, or an event with what
 * came in, what the node did and what went out.
 */
import { GitFork, Locate, StickyNote } from "lucide-react";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { eventText, formatInstant } from "../../shared/projection/event-text.ts";
import { decodeOrNull } from "../../shared/projection/preview.ts";
import { linkStateOf, nodeStateOf } from "../maths/node-state.ts";
import { clockText, shortDuration } from "../maths/time-scale.ts";
import { actionsOf, doAction, nameOf } from "../parts/ActionMenu.tsx";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { ActIcon, LinkStateText, NodeStateText } from "../parts/Icons.tsx";
import type { EventNeighbour, NodeInspection } from "../state/contract-types.ts";
import { isPlaying, shownUs } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { DataTree } from "./DataTree.tsx";

const says = strings.inspect;
const lookEveryMs = 500;
const buttonsMax = 4;

export function Inspector(): ReactElement {
	const selection = useRunState((state) => state.selection);
	if (selection?.kind === "node") return <NodeInspector key={selection.node} node={selection.node} />;
	if (selection?.kind === "link") return <LinkInspector link={selection.link} />;
	if (selection?.kind === "event") return <EventInspector />;
	return (
		<div className="empty">
			<p>
				<strong>{says.nothing}</strong>
			</p>
			<p>{says.nothingHint}</p>
		</div>
	);
}

function ActButtons({ kind, index }: { readonly kind: "node" | "link"; readonly index: number }): ReactElement {
	const app = useApp();
	const run = useRun();
	useRunState((state) => (kind === "node" ? state.shown?.view.nodes[index]?.status : state.shown?.view.links[index]));
	return (
		<div className="inspect-actions">
			{actionsOf(run, kind, index)
				.slice(0, buttonsMax)
				.map((action) => (
					<button key={action.id} type="button" className="button" onClick={() => doAction(app, run, kind, index, action)}>
						<ActIcon icon={action.icon} /> {action.label}
					</button>
				))}
		</div>
	);
}

interface Looked {
	readonly now: NodeInspection;
	readonly before: NodeInspection | undefined;
}

/** Asks again when what is shown has moved, at most twice a second. */
function useInspection(node: number): Looked | null {
	const run = useRun();
	const [looked, setLooked] = useState<Looked | null>(null);
	const atUs = useRunState((state) => Math.floor(shownUs(state)));
	const isPresent = useRunState((state) => state.cursorUs === null);
	const lastMs = useRef(Number.NEGATIVE_INFINITY);
	useEffect(() => {
		let isOver = false;
		const waitMs = Math.max(0, lastMs.current + lookEveryMs - performance.now());
		const timer = setTimeout(() => {
			lastMs.current = performance.now();
			run.client.call("nodes.inspect", { run: run.id, node, atUs: isPresent ? null : atUs }).then(
				(now) => !isOver && setLooked((old) => ({ now, before: old?.now })),
				() => {}, // a node that cannot be looked into shows what is known of it
			);
		}, waitMs);
		return () => {
			isOver = performance.now() < lastMs.current;
			clearTimeout(timer);
		};
	}, [run, node, atUs, isPresent]);
	return looked;
}

function NodeInspector({ node }: { readonly node: number }): ReactElement | null {
	const view = useRunState((state) => state.shown?.view.nodes[node]);
	const isLeader = useRunState((state) => state.leaders.has(node));
	const clock = useRunState((state) => state.shown?.clocks[node]);
	const playing = useRunState(isPlaying);
	const looked = useInspection(node);
	if (view === undefined) return null;
	const facts: readonly (readonly [string, string])[] = [
		[says.wall, clock === undefined ? "" : `${clockText(clock.wallUs).main}${clock.skewUs === 0 ? "" : ` (${says.skew} ${shortDuration(clock.skewUs)})`}`],
		[says.load, `${Math.round(view.utilisationRatio * 100)} %`],
		[says.wait, shortDuration(view.cpuWaitUs)],
		[says.messages, `${view.messagesIn} / ${view.messagesOut}`],
		[says.boots, `${view.incarnation}`],
		...(view.lastError === "" ? [] : [[says.lastError, `${formatInstant(view.lastErrorUs)}: ${view.lastError}`] as const]),
	];
	const services = looked?.now.services;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
		<section className="scroll" tabIndex={0} aria-label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{view.name}</h2>
					<NodeStateText state={nodeStateOf(view, { isLeader, isSuspected: false })} />
					<span className="chip">{view.role}</span>
				</div>
				<ActButtons kind="node" index={node} />
				<dl className="facts">
					{facts.map(([name, text]) => (
						<div key={name} style={{ display: "contents" }}>
							<dt>{name}</dt>
							<dd>{text}</dd>
						</div>
					))}
				</dl>
				<section className="block ram">
					<header>
						<h3>{says.ram}</h3>
						<span className="soft">{says.ramHint}</span>
					</header>
					<div>
						{services === null || view.status === "down" ? (
							<p className="soft">{says.down}</p>
						) : (
							Object.entries(services ?? {}).map(([service, value]) => (
								<div key={service}>
									<p className="label">{service}</p>
									<DataTree value={value} before={playing ? undefined : looked?.before?.services?.[service]} />
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
					<div>{looked !== null && <DataTree value={looked.now.disks} before={playing ? undefined : looked.before?.disks} />}</div>
				</section>
			</div>
		</section>
	);
}

function LinkInspector({ link }: { readonly link: number }): ReactElement | null {
	const run = useRun();
	const view = useRunState((state) => state.shown?.view.links[link]);
	const plan = run.plan.links[link];
	if (view === undefined || plan === undefined) return null;
	const { forward } = plan;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
		<section className="scroll" tabIndex={0} aria-label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{nameOf(run, "link", link)}</h2>
					<LinkStateText state={linkStateOf(view)} />
				</div>
				<ActButtons kind="link" index={link} />
				<DataTree value={{ ...forward, dropped: view.dropped, changedWhileRunning: view.changes }} />
			</div>
		</section>
	);
}

const cameIn: readonly EventNeighbour["relation"][] = ["before", "sending", "request", "command"];

function EventInspector(): ReactElement | null {
	const run = useRun();
	const detail = useRunState((state) => state.detail);
	const causality = useRunState((state) => state.causality);
	if (detail === null) return null;
	const { event, neighbours } = detail;
	const body = decodeOrNull(event.body);
	const before = neighbours.filter(({ relation }) => cameIn.includes(relation));
	const after = neighbours.filter(({ relation }) => !cameIn.includes(relation));
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
		<section className="scroll" tabIndex={0} aria-label={strings.side.inspect}>
			<div className="panel-body">
				<div>
					<p className="mono soft">
						{formatInstant(event.atUs)} · #{event.index} · {says.lamport} {event.lamport}
					</p>
					<h2 style={{ fontSize: "1.1rem", marginBlockStart: "0.3rem" }}>{eventText(event, run.plan)}</h2>
				</div>
				<div className="inspect-actions">
					<button type="button" className="button" onClick={() => run.seek(event.atUs)}>
						<Locate size={16} aria-hidden="true" /> {says.goThere}
					</button>
					<button type="button" className="button" onClick={() => void run.fork(event.atUs)}>
						<GitFork size={16} aria-hidden="true" /> {says.forkBefore}
					</button>
					<button type="button" className="button" onClick={() => run.setSide("notes")}>
						<StickyNote size={16} aria-hidden="true" /> {says.noteHere}
					</button>
				</div>
				{causality !== null && (
					<div className="inspect-actions">
						<span className="chip accent">◀ {says.past(causality.past.size, causality.truncated)}</span>
						<span className="chip warning">{says.future(causality.future.size, causality.truncated)} ▶</span>
					</div>
				)}
				{before.length > 0 && <Neighbours title={says.cameIn} items={before} />}
				<section className="block">
					<header>
						<h3>{says.did}</h3>
					</header>
					<div>
						<DataTree value={{ kind: event.kind, ...event.fields }} />
						{body !== null && (
							<>
								<p className="label">{says.body}</p>
								<DataTree value={body} />
							</>
						)}
					</div>
				</section>
				{after.length > 0 && <Neighbours title={says.wentOut} items={after} />}
			</div>
		</section>
	);
}

function Neighbours({ title, items }: { readonly title: string; readonly items: readonly EventNeighbour[] }): ReactElement {
	const run = useRun();
	return (
		<section className="block">
			<header>
				<h3>{title}</h3>
			</header>
			<div className="neighbours">
				{items.map(({ index, atUs, relation, text }) => (
					<button key={index} type="button" className="neighbour" onClick={() => void run.select({ kind: "event", index })}>
						<small className="mono">
							{formatInstant(atUs)} · {says.relations[relation]}
						</small>
						{text}
					</button>
				))}
			</div>
		</section>
	);
}
