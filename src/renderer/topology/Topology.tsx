/**
 * The drawing of the cluster: places, state and messages under way, with menus, lasso and keys. What
 * can be done here can be done in the workspace list as well.
 */
import type { Core, EdgeSingular } from "cytoscape";
import { Lasso, Maximize, Network, Unplug, X, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type ReactElement, type MouseEvent as ReactMouseEvent, useEffect, useRef, useState } from "react";
import type { Box } from "../../shared/drawing/boxes.ts";
import { partitionLine } from "../actions.ts";
import { frameTurns } from "../drawing/page-frames.ts";
import { shownPlaces } from "../export/shown.ts";
import type { Point } from "../maths/message-path.ts";
import { ActionMenu, type MenuTarget, regionTarget } from "../parts/ActionMenu.tsx";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { isSameFlight, type Selection, type Target } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { arrange, Fitting, linkId, makeGraph, nodeId, placesOf, vertexOf } from "./graph.ts";
import { keepView, keptView } from "./kept-views.ts";
import { LassoLayer } from "./Lasso.tsx";
import { Legend } from "./Legend.tsx";
import { nearestInDirection } from "./pointing.ts";
import { Scene } from "./scene.ts";

const says = strings.topology;
/** A message is hit when it is no farther from the pointer. */
const messagePx = 14;
/** Where a menu opens when what it is about is not to be seen. */
const aside: Point = { x: 80, y: 80 };

function canAct(selection: NonNullable<Selection>): selection is Target {
	return selection.kind === "node" || selection.kind === "link" || selection.kind === "message";
}

/** Where one lies on the other; nothing when it is not shown. */
function boxIn(stage: HTMLElement, { offsetLeft: left, offsetTop: top, offsetWidth, offsetHeight }: HTMLElement): readonly Box[] {
	return stage.isConnected && offsetWidth > 0 ? [{ left, top, right: left + offsetWidth, bottom: top + offsetHeight }] : [];
}

export function Topology(): ReactElement {
	const app = useApp();
	const run = useRun();
	const picked = useRunState((state) => state.picked);
	const holder = useRef<HTMLDivElement>(null);
	const standing = useRef<HTMLCanvasElement>(null);
	const moving = useRef<HTMLCanvasElement>(null);
	const graph = useRef<Core | null>(null);
	const scene = useRef<Scene | null>(null);
	const [menu, setMenu] = useState<MenuTarget | null>(null);
	const [lasso, setLasso] = useState<{ readonly from: Point | null } | null>(null);

	const fitting = useRef<Fitting | null>(null);

	useEffect(() => {
		if (holder.current === null || standing.current === null || moving.current === null) return;
		const made = makeGraph(holder.current, run.plan, run.state.places);
		const withdraw = shownPlaces.offer(run.id, () => placesOf(made));
		const painted = new Scene(run, made, { standing: standing.current, moving: moving.current });
		graph.current = made;
		scene.current = painted;
		const openMenu = (target: Target, event: MouseEvent): void => {
			void run.select(target);
			setMenu({ target, x: event.clientX, y: event.clientY });
		};
		const messageAt = (place: Point): Target | undefined => {
			const message = painted.nearestMessage(place, messagePx);
			return message === undefined ? undefined : { kind: "message", flight: message.flight };
		};
		made.on("tap", "node.node", ({ target }) => void run.select({ kind: "node", node: vertexOf(target.id()) }));
		made.on("dbltap", "node.node", ({ target }) => run.inspect({ kind: "node", node: vertexOf(target.id()) }));
		made.on("cxttap", "node.node", ({ target, originalEvent }) => openMenu({ kind: "node", node: vertexOf(target.id()) }, originalEvent as MouseEvent));
		// A message lies on its link: it is what was meant when it is that near.
		made.on("tap", "edge", ({ target, renderedPosition }) => void run.select(messageAt(renderedPosition) ?? { kind: "link", link: vertexOf(target.id()) }));
		made.on("dbltap", "edge", ({ target, renderedPosition }) => run.inspect(messageAt(renderedPosition) ?? { kind: "link", link: vertexOf(target.id()) }));
		made.on("cxttap", "edge", ({ target, renderedPosition, originalEvent }) =>
			openMenu(messageAt(renderedPosition) ?? { kind: "link", link: vertexOf(target.id()) }, originalEvent as MouseEvent),
		);
		made.on("tap", ({ target, renderedPosition }) => {
			if (target === made || target.isParent?.()) void run.select(messageAt(renderedPosition) ?? null);
		});
		made.on("dbltap cxttap", ({ target, type, renderedPosition, originalEvent }) => {
			const isRegion = target !== made && target.isParent?.() === true;
			const message = target === made || isRegion ? messageAt(renderedPosition) : undefined;
			if (message === undefined) {
				const { clientX: x, clientY: y } = originalEvent as MouseEvent;
				if (isRegion && type === "cxttap") setMenu({ target: regionTarget(run, vertexOf(target.id())), x, y });
				return;
			}
			if (type === "cxttap") openMenu(message, originalEvent as MouseEvent);
			else run.inspect(message);
		});
		made.on("mouseover mouseout", "node.node", ({ target, type }) => {
			painted.hovered = type === "mouseover" ? vertexOf(target.id()) : -1;
		});
		made.on("dragfree", "node", ({ target }) => {
			if (target.isParent()) run.arrangement.resetPlaces(placesOf(made));
			else run.arrangement.movePlace(vertexOf(target.id()), { ...target.position() });
		});
		const leave = frameTurns.join(painted);
		const stage = holder.current;
		const floats = [...(stage.parentElement?.querySelectorAll<HTMLElement>(".floating") ?? [])];
		const fitted = new Fitting(made, stage.parentElement?.querySelector<HTMLElement>(".legend") ?? null);
		fitting.current = fitted;
		const kept = keptView(run.state.run.session);
		if (kept === undefined) fitted.fit();
		else fitted.show(kept);
		const resized = new ResizeObserver((entries) => {
			fitted.follow();
			if (entries.some(({ target }) => target === stage)) painted.resize();
			painted.cover(floats.flatMap((float) => boxIn(stage, float)));
		});
		for (const observed of [stage, ...floats]) resized.observe(observed);
		return () => {
			leave();
			resized.disconnect();
			keepView(run.state.run.session, fitted.kept);
			withdraw();
			made.destroy();
		};
	}, [run]);

	const onKeyDown = (event: KeyboardEvent): void => {
		const directions: { readonly [key: string]: Point } = {
			ArrowLeft: { x: -1, y: 0 },
			ArrowRight: { x: 1, y: 0 },
			ArrowUp: { x: 0, y: -1 },
			ArrowDown: { x: 0, y: 1 },
		};
		const direction = directions[event.key];
		const { selection } = run.state;
		if (direction !== undefined && graph.current !== null) {
			const node = nearestInDirection(placesOf(graph.current), selection?.kind === "node" ? selection.node : undefined, direction, run.plan.nodes.length);
			if (node !== undefined) void run.select({ kind: "node", node });
		} else if (event.key === "Enter" && selection !== null) run.inspect(selection);
		else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && selection !== null && canAct(selection)) {
			const box = holder.current?.getBoundingClientRect();
			const at = placeOf(selection);
			setMenu({ target: selection, x: (box?.x ?? 0) + at.x, y: (box?.y ?? 0) + at.y });
		} else return;
		event.preventDefault();
		event.stopPropagation();
	};

	const placeOf = (target: Target): Point => {
		if (target.kind === "message") return scene.current?.messages.find(({ flight }) => isSameFlight(flight, target.flight))?.at ?? aside;
		if (target.kind === "node") return graph.current?.getElementById(nodeId(target.node)).renderedPosition() ?? aside;
		return (graph.current?.getElementById(linkId(target.link)) as EdgeSingular | undefined)?.renderedMidpoint() ?? aside;
	};
	/** With Shift held a press begins a lasso, before the graph hears of it. */
	const onMouseDown = (event: ReactMouseEvent): void => {
		if (!event.shiftKey || event.button !== 0) return;
		const box = event.currentTarget.getBoundingClientRect();
		setLasso({ from: { x: event.clientX - box.x, y: event.clientY - box.y } });
		event.stopPropagation();
		event.preventDefault();
	};

	const zoomBy = (factor: number): void => {
		const made = graph.current;
		made?.zoom({ level: made.zoom() * factor, renderedPosition: { x: made.width() / 2, y: made.height() / 2 } });
	};

	return (
		<section className="topology" aria-label={strings.stage.names.topology}>
			<div
				ref={holder}
				className="topology-graph"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: the drawing is moved in by arrow keys
				tabIndex={0}
				role="application"
				aria-label={says.label}
				onKeyDown={onKeyDown}
				onMouseDownCapture={onMouseDown}
				onContextMenu={(event) => event.preventDefault()}
			/>
			<canvas ref={standing} className="topology-canvas" />
			<canvas ref={moving} className="topology-canvas" />
			{lasso !== null && <LassoLayer graph={graph} from={lasso.from} onDone={() => setLasso(null)} />}
			<div className="floating top">
				<button type="button" className="button icon" aria-label={says.zoomIn} title={says.zoomIn} onClick={() => zoomBy(1.25)}>
					<ZoomIn size={18} aria-hidden="true" />
				</button>
				<button type="button" className="button icon" aria-label={says.zoomOut} title={says.zoomOut} onClick={() => zoomBy(0.8)}>
					<ZoomOut size={18} aria-hidden="true" />
				</button>
				<button type="button" className="button icon" aria-label={says.fit} title={says.fit} onClick={() => fitting.current?.fit()}>
					<Maximize size={18} aria-hidden="true" />
				</button>
				<button
					type="button"
					className="button icon"
					aria-label={says.layOut}
					title={says.layOut}
					onClick={() => {
						if (graph.current === null) return;
						arrange(graph.current, run.plan, new Map());
						fitting.current?.fit();
						run.arrangement.resetPlaces(new Map());
					}}
				>
					<Network size={18} aria-hidden="true" />
				</button>
			</div>
			<div className="floating tools">
				{picked.size > 0 ? (
					<PickedBar picked={picked} />
				) : (
					<button
						type="button"
						className="button"
						aria-pressed={lasso !== null}
						title={says.lassoHint}
						onClick={() => setLasso(lasso === null ? { from: null } : null)}
					>
						<Lasso size={17} aria-hidden="true" /> {says.lasso}
					</button>
				)}
				{lasso !== null && <p className="lasso-hint">{says.lassoHint}</p>}
			</div>
			<Legend />
			<ActionMenu app={app} run={run} menu={menu} onClose={() => setMenu(null)} />
		</section>
	);
}

function PickedBar({ picked }: { readonly picked: ReadonlySet<number> }): ReactElement {
	const run = useRun();
	const line = partitionLine(run.plan, picked);
	return (
		<>
			<button
				type="button"
				className="button primary"
				disabled={line === undefined}
				onClick={() => {
					if (line !== undefined) void run.command(line);
					run.pick([]);
				}}
			>
				<Unplug size={17} aria-hidden="true" /> {says.partitionPicked(picked.size)}
			</button>
			<button type="button" className="button" onClick={() => run.pick([])}>
				<X size={16} aria-hidden="true" /> {says.clearPicked}
			</button>
		</>
	);
}
