/**
 * The drawing of the cluster: places, state and messages under way, with menus, lasso and keys. What
 * can be done here can be done in the workspace list as well.
 */
import type { Core } from "cytoscape";
import { Lasso, Maximize, Network, Unplug, X, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { partitionLine } from "../actions.ts";
import type { Point } from "../maths/message-path.ts";
import { ActionMenu, type MenuTarget } from "../parts/ActionMenu.tsx";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { isPlaying } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { readPalette } from "../state/theme.ts";
import { strings } from "../strings.ts";
import { arrange, fitGraph, makeGraph, nodeId, placesOf, styleOf, vertexOf } from "./graph.ts";
import { isInside, nearestInDirection } from "./pointing.ts";
import { Scene } from "./scene.ts";

const says = strings.topology;

export function Topology(): ReactElement {
	const app = useApp();
	const run = useRun();
	const picked = useRunState((state) => state.picked);
	const omitted = useRunState((state) => state.shown?.flightsOmitted ?? 0);
	const theme = useStore(app.store, (state) => state.theme);
	const holder = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const graph = useRef<Core | null>(null);
	const scene = useRef<Scene | null>(null);
	const [menu, setMenu] = useState<MenuTarget | null>(null);
	const [isLasso, setLasso] = useState(false);

	useEffect(() => {
		if (holder.current === null || canvas.current === null) return;
		const made = makeGraph(holder.current, run.plan, run.state.places);
		const painted = new Scene(run, made, canvas.current);
		graph.current = made;
		scene.current = painted;
		const openMenu = (kind: "node" | "link", index: number, event: MouseEvent): void => setMenu({ kind, index, x: event.clientX, y: event.clientY });
		made.on("tap", "node.node", ({ target, originalEvent }) => {
			const node = vertexOf(target.id());
			if ((originalEvent as MouseEvent).shiftKey) run.togglePicked(node);
			else void run.select({ kind: "node", node });
		});
		made.on("dbltap", "node.node", ({ target }) => run.inspect({ kind: "node", node: vertexOf(target.id()) }));
		made.on("tap", "edge", ({ target }) => void run.select({ kind: "link", link: vertexOf(target.id()) }));
		made.on("dbltap", "edge", ({ target }) => run.inspect({ kind: "link", link: vertexOf(target.id()) }));
		made.on("cxttap", "node.node", ({ target, originalEvent }) => openMenu("node", vertexOf(target.id()), originalEvent as MouseEvent));
		made.on("cxttap", "edge", ({ target, originalEvent }) => openMenu("link", vertexOf(target.id()), originalEvent as MouseEvent));
		made.on("tap", ({ target, renderedPosition }) => {
			if (target !== made) return;
			const message = painted.nearestMessage(renderedPosition, 14);
			if (message === undefined) void run.select(null);
			else app.openDialog({ kind: "palette", line: `drop ${run.plan.nodes[message.flight.from]?.name}#${message.flight.sequence}` });
		});
		made.on("dragfree", "node", ({ target }) => {
			if (target.isParent()) run.resetPlaces(placesOf(made));
			else run.movePlace(vertexOf(target.id()), { ...target.position() });
		});
		let frame = 0;
		const loop = (nowMs: number): void => {
			painted.paint(nowMs);
			frame = requestAnimationFrame(loop);
		};
		frame = requestAnimationFrame(loop);
		const resized = new ResizeObserver(() => {
			made.resize();
			fitGraph(made);
		});
		resized.observe(holder.current);
		return () => {
			cancelAnimationFrame(frame);
			resized.disconnect();
			made.destroy();
		};
	}, [app, run]);

	useEffect(() => {
		// The colours are those of the theme that is in force once this has rendered.
		if (theme) graph.current?.style(styleOf(readPalette()));
	}, [theme]);

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
		else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && (selection?.kind === "node" || selection?.kind === "link")) {
			const box = holder.current?.getBoundingClientRect();
			const index = selection.kind === "node" ? selection.node : selection.link;
			const at = selection.kind === "node" ? graph.current?.getElementById(nodeId(index)).renderedPosition() : undefined;
			setMenu({ kind: selection.kind, index, x: (box?.x ?? 0) + (at?.x ?? 80), y: (box?.y ?? 0) + (at?.y ?? 80) });
		} else return;
		event.preventDefault();
		event.stopPropagation();
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
				onContextMenu={(event) => event.preventDefault()}
			/>
			<canvas ref={canvas} className="topology-canvas" />
			{isLasso && <LassoLayer graph={graph} onDone={() => setLasso(false)} />}
			<div className="floating top">
				<button type="button" className="button icon" aria-pressed={isLasso} aria-label={says.lasso} title={says.lasso} onClick={() => setLasso(!isLasso)}>
					<Lasso size={18} aria-hidden="true" />
				</button>
				<button type="button" className="button icon" aria-label={says.zoomIn} title={says.zoomIn} onClick={() => zoomBy(1.25)}>
					<ZoomIn size={18} aria-hidden="true" />
				</button>
				<button type="button" className="button icon" aria-label={says.zoomOut} title={says.zoomOut} onClick={() => zoomBy(0.8)}>
					<ZoomOut size={18} aria-hidden="true" />
				</button>
				<button type="button" className="button icon" aria-label={says.fit} title={says.fit} onClick={() => graph.current !== null && fitGraph(graph.current)}>
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
						run.resetPlaces(new Map());
					}}
				>
					<Network size={18} aria-hidden="true" />
				</button>
			</div>
			{picked.size > 0 && <PickedBar picked={picked} />}
			<Legend omitted={omitted} />
			<ActionMenu app={app} run={run} target={menu} onClose={() => setMenu(null)} />
		</section>
	);
}

function PickedBar({ picked }: { readonly picked: ReadonlySet<number> }): ReactElement {
	const run = useRun();
	const line = partitionLine(run.plan, picked);
	return (
		<div className="floating" style={{ insetBlockStart: "0.5rem", insetInlineStart: "0.7rem" }}>
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
		</div>
	);
}

function Legend({ omitted }: { readonly omitted: number }): ReactElement {
	const isMoving = useRunState(isPlaying);
	return (
		<div className="floating bottom legend" data-moving={isMoving}>
			<span>
				<svg width="18" height="14" aria-hidden="true">
					<rect x="1" y="1.5" width="16" height="11" rx="2.5" fill="var(--message)" />
					<path d="M4 4.5 9 8l5-3.500" fill="none" stroke="var(--raised)" strokeWidth="1.8" />
				</svg>
				{says.request}
			</span>
			<span>
				<svg width="14" height="14" aria-hidden="true">
					<circle cx="7" cy="7" r="5" fill="none" stroke="var(--reply)" strokeWidth="2.2" />
				</svg>
				{says.reply}
			</span>
			<span>
				<svg width="14" height="14" aria-hidden="true">
					<path d="M2 2 12 12M12 2 2 12" stroke="var(--bad)" strokeWidth="3" />
				</svg>
				{says.lost}
			</span>
			<span>
				<svg width="22" height="12" aria-hidden="true">
					<rect x="0.5" y="2.500" width="21" height="7" fill="var(--surface)" stroke="var(--soft)" />
					<rect x="1" y="3" width="11" height="6" fill="var(--good)" />
					<path d="M17.500 0v12" stroke="var(--ink)" strokeWidth="2" />
				</svg>
				{says.loadLimit}
			</span>
			{omitted > 0 && <span>{says.omitted(omitted)}</span>}
		</div>
	);
}

function LassoLayer({ graph, onDone }: { readonly graph: { readonly current: Core | null }; readonly onDone: () => void }): ReactElement {
	const run = useRun();
	const [points, setPoints] = useState<readonly Point[]>([]);
	const at = (event: PointerEvent): Point => {
		const box = event.currentTarget.getBoundingClientRect();
		return { x: event.clientX - box.x, y: event.clientY - box.y };
	};
	const finish = (): void => {
		const made = graph.current;
		if (made !== null && points.length > 2) {
			const inside = run.plan.nodes.flatMap((_, node) => (isInside(points, made.getElementById(nodeId(node)).renderedPosition()) ? [node] : []));
			run.pick(inside);
		}
		onDone();
	};
	return (
		<svg
			className="lasso-shape"
			aria-label={says.lassoHint}
			role="img"
			onPointerDown={(event) => {
				event.currentTarget.setPointerCapture(event.pointerId);
				setPoints([at(event)]);
			}}
			onPointerMove={(event) => points.length > 0 && setPoints([...points, at(event)])}
			onPointerUp={finish}
		>
			<polygon points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
		</svg>
	);
}
