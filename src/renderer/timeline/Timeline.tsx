/**
 * The timeline: a space-time diagram in a canvas, with zoom, pan, three kinds of time, lanes that can be
 * hidden and moved, and a keyboard that does all of it.
 */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Maximize, Rows3, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import { eventText } from "../../shared/projection/event-text.ts";
import { shownTimeline } from "../export/shown.ts";
import { layOutLanes } from "../maths/lanes.ts";
import { isMistake, matches, parseSearch } from "../maths/search-query.ts";
import { clampScale, panBy, reveal, type TimeBounds, type TimeScale, usAt, xOf, zoomAt } from "../maths/time-scale.ts";
import { peerOf } from "../panels/event-feed.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import type { RunController } from "../state/run-controller.ts";
import { isPlaying, shownUs, timeBases } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { readPalette } from "../state/theme.ts";
import { strings } from "../strings.ts";
import { TimelineModel } from "./timeline-model.ts";
import { axisPx, namesPx, type Spot, TimelinePainter } from "./timeline-painter.ts";

const says = strings.timeline;
const firstSpanUs = 600_000;
const followRatio = 0.78;
const reachPx = 12;
const crowdedEvents = 700;
const clearEvents = 260;
const commitDelaysMs = [400, 1_200];

/** Owns the scale and the loop; React owns only the frame around it. */
class Diagram {
	scale: TimeScale;
	spots: readonly Spot[] = [];
	scrollPx = 0;
	readonly #run: RunController;
	readonly #canvas: HTMLCanvasElement;
	readonly model: TimelineModel;
	readonly #withdraw: () => void;
	#frame = 0;
	#isDirty = true;
	/** Until somebody zooms, the diagram chooses how much to show. */
	isOwnChoice = true;
	#matched: { readonly events: unknown; readonly search: string; readonly found: ReadonlySet<number> | null } | null = null;
	#last: { readonly shownUs: number; readonly headUs: number; readonly isPlaying: boolean } = { shownUs: -1, headUs: -1, isPlaying: false };
	#later: ReturnType<typeof setTimeout>[] = [];
	onChange: () => void = () => {};

	constructor(run: RunController, canvas: HTMLCanvasElement) {
		this.#run = run;
		this.#canvas = canvas;
		const widthPx = Math.max(50, canvas.clientWidth - namesPx);
		const atUs = shownUs(run.state);
		this.scale = clampScale({ fromUs: atUs - firstSpanUs * followRatio, toUs: atUs + firstSpanUs * (1 - followRatio), widthPx }, this.bounds);
		this.model = new TimelineModel(run.client, run.id, run.plan, () => {
			this.#isDirty = true;
			this.#comeCloser();
			this.onChange();
		});
		const loop = (): void => {
			this.#follow();
			if (this.#isDirty) this.#paint();
			this.#frame = requestAnimationFrame(loop);
		};
		this.#frame = requestAnimationFrame(loop);
		this.#withdraw = shownTimeline.offer(run.id, () => ({ scale: this.scale, inSight: this.model.inSight }));
		this.ask();
	}

	end(): void {
		cancelAnimationFrame(this.#frame);
		this.#later.forEach(clearTimeout);
		this.model.end();
		this.#withdraw();
	}

	/** A busy run begins with as much as can be told apart. */
	#comeCloser(): void {
		const eventCount = this.model.inSight?.eventCount ?? 0;
		if (!this.isOwnChoice || eventCount < crowdedEvents) return;
		const anchorPx = Math.min(this.scale.widthPx, Math.max(0, xOf(this.scale, shownUs(this.#run.state))));
		this.setScale(zoomAt(this.scale, { factor: eventCount / clearEvents, anchorPx }, this.bounds));
	}

	/** By hand: from now on the zoom is left alone. */
	zoom(factor: number, anchorPx: number): void {
		this.isOwnChoice = false;
		this.setScale(zoomAt(this.scale, { factor, anchorPx }, this.bounds));
	}

	get bounds(): TimeBounds {
		return { startUs: 0, endUs: Math.max(this.#run.state.run.virtualUs, this.#run.state.run.untilUs) };
	}

	touch = (): void => {
		this.#isDirty = true;
	};

	resize(): void {
		this.setScale({ ...this.scale, widthPx: Math.max(50, this.#canvas.clientWidth - namesPx) });
	}

	setScale(scale: TimeScale): void {
		this.scale = clampScale(scale, this.bounds);
		this.#isDirty = true;
		this.ask();
	}

	ask(): void {
		const { lanes, timeBase, run } = this.#run.state;
		const nodes = lanes.order.filter((node) => !lanes.hidden.has(node));
		this.model.want({ scale: this.scale, nodes, timeBase, headUs: run.virtualUs });
	}

	/** While time goes on, the instant stays at its place and the diagram moves under it. */
	#follow(): void {
		const { state } = this.#run;
		const atUs = shownUs(state);
		const headUs = state.run.virtualUs;
		const playing = isPlaying(state);
		if (atUs === this.#last.shownUs && headUs === this.#last.headUs && playing === this.#last.isPlaying) return;
		// The last events of a run that has just stopped are in its file a little later.
		this.#later.forEach(clearTimeout);
		this.#later = playing ? [] : commitDelaysMs.map((delayMs) => setTimeout(() => this.ask(), delayMs));
		this.#last = { shownUs: atUs, headUs, isPlaying: playing };
		const spanUs = this.scale.toUs - this.scale.fromUs;
		const next = isPlaying(state)
			? { ...this.scale, fromUs: atUs - spanUs * followRatio, toUs: atUs + spanUs * (1 - followRatio) }
			: reveal(this.scale, atUs, this.bounds);
		this.setScale(next);
	}

	lanes() {
		return layOutLanes(this.#run.state.lanes, { heightPx: this.#canvas.clientHeight, topPx: axisPx });
	}

	#paint(): void {
		this.#isDirty = false;
		const canvas = this.#canvas;
		const ratio = window.devicePixelRatio;
		const [widthPx, heightPx] = [canvas.clientWidth, canvas.clientHeight];
		if (canvas.width !== Math.round(widthPx * ratio) || canvas.height !== Math.round(heightPx * ratio)) {
			canvas.width = Math.round(widthPx * ratio);
			canvas.height = Math.round(heightPx * ratio);
		}
		const context = canvas.getContext("2d");
		if (context === null) return;
		context.setTransform(ratio, 0, 0, ratio, 0, 0);
		const { state } = this.#run;
		const laid = this.lanes();
		const { scrollPx } = this;
		const lanes = {
			...laid,
			yOf: (node: number) => {
				const y = laid.yOf(node);
				return y === undefined ? undefined : y - scrollPx;
			},
		};
		const painter = new TimelinePainter(
			context,
			{
				plan: this.#run.plan,
				scale: this.scale,
				lanes,
				inSight: this.model.inSight,
				timeBase: state.timeBase,
				shownUs: shownUs(state),
				headUs: state.run.virtualUs,
				selected: state.selection?.kind === "event" ? state.selection.index : null,
				selectedNode: state.selection?.kind === "node" ? state.selection.node : null,
				causality: state.causality,
				marks: state.marks,
				matched: this.#matches(),
				widthPx,
				heightPx,
			},
			readPalette(),
		);
		this.spots = painter.paint();
	}

	/** Events in sight that the search finds; null when nothing is searched. */
	#matches(): ReadonlySet<number> | null {
		const { search } = this.#run.state;
		const events = this.model.inSight?.events;
		if (this.#matched?.events === events && this.#matched?.search === search) return this.#matched?.found ?? null;
		const query = parseSearch(search, this.#run.plan);
		const found =
			isMistake(query) || query.isEmpty || events === undefined
				? null
				: new Set(events.flatMap((event) => (matches(query, { ...event, peer: peerOf(event), text: eventText(event, this.#run.plan) }) ? [event.index] : [])));
		this.#matched = { events, search, found };
		return found;
	}

	spotAt(x: number, y: number): Spot | undefined {
		let best: Spot | undefined;
		let bestPx = reachPx;
		for (const spot of this.spots) {
			const px = Math.hypot(spot.x - x, spot.y - y);
			if (px < bestPx) [best, bestPx] = [spot, px];
		}
		return best;
	}
}

export function Timeline(): ReactElement {
	const app = useApp();
	const run = useRun();
	const canvas = useRef<HTMLCanvasElement>(null);
	const [diagram, setDiagram] = useState<Diagram | null>(null);
	const [, setVersion] = useState(0);
	const timeBase = useRunState((state) => state.timeBase);
	const lanes = useRunState((state) => state.lanes);
	const theme = useStore(app.store, (state) => state.theme);

	useEffect(() => {
		const element = canvas.current;
		if (element === null) return;
		const made = new Diagram(run, element);
		made.onChange = () => setVersion((version) => version + 1);
		const unsubscribe = run.store.subscribe(made.touch);
		const resized = new ResizeObserver(() => made.resize());
		resized.observe(element);
		const onWheel = (event: WheelEvent): void => {
			event.preventDefault();
			const box = element.getBoundingClientRect();
			if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) made.setScale(panBy(made.scale, event.deltaX + event.deltaY, made.bounds));
			else made.zoom(Math.exp(-event.deltaY / 300), event.clientX - box.x - namesPx);
		};
		element.addEventListener("wheel", onWheel, { passive: false });
		setDiagram(made);
		return () => {
			made.end();
			unsubscribe();
			resized.disconnect();
			element.removeEventListener("wheel", onWheel);
		};
	}, [run]);

	useEffect(() => {
		if (timeBase && lanes && theme) diagram?.ask();
		diagram?.touch();
	}, [diagram, timeBase, lanes, theme]);

	const zoom = (factor: number): void => diagram?.zoom(factor, diagram.scale.widthPx / 2);
	const sight = diagram?.model.inSight;
	return (
		<section className="timeline-box" aria-label={strings.stage.names.timeline}>
			<div className="timeline-bar">
				<span className="label">{says.base}</span>
				<fieldset className="segmented" style={{ margin: 0, padding: 0 }} aria-label={says.base}>
					{timeBases.map((base) => (
						<button key={base} type="button" aria-pressed={timeBase === base} onClick={() => run.setTimeBase(base)}>
							{says.bases[base]}
						</button>
					))}
				</fieldset>
				<span className="soft number" role="status">
					{sight && (sight.level === "density" ? says.density(sight.eventCount) : says.exact(sight.eventCount))}
				</span>
				<span style={{ marginInlineStart: "auto" }} />
				<LaneMenu />
				<button type="button" className="button icon quiet" aria-label={says.zoomOut} title={says.zoomOut} onClick={() => zoom(0.5)}>
					<ZoomOut size={17} aria-hidden="true" />
				</button>
				<button type="button" className="button icon quiet" aria-label={says.zoomIn} title={says.zoomIn} onClick={() => zoom(2)}>
					<ZoomIn size={17} aria-hidden="true" />
				</button>
				<button
					type="button"
					className="button icon quiet"
					aria-label={says.fit}
					title={says.fit}
					onClick={() => {
						if (diagram === null) return;
						diagram.isOwnChoice = false;
						diagram.setScale({ ...diagram.scale, fromUs: 0, toUs: run.state.run.virtualUs * 1.02 });
					}}
				>
					<Maximize size={17} aria-hidden="true" />
				</button>
			</div>
			<DiagramCanvas canvas={canvas} diagram={diagram} />
		</section>
	);
}

function DiagramCanvas({ canvas, diagram }: { readonly canvas: { current: HTMLCanvasElement | null }; readonly diagram: Diagram | null }): ReactElement {
	const run = useRun();
	const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
	const placeOf = (event: MouseEvent): { x: number; y: number } => {
		const box = event.currentTarget.getBoundingClientRect();
		return { x: event.clientX - box.x, y: event.clientY - box.y };
	};
	const onPointerMove = (event: PointerEvent): void => {
		const from = drag.current;
		const at = placeOf(event);
		if (diagram === null || from === null) {
			event.currentTarget.setAttribute("style", `cursor: ${diagram?.spotAt(at.x, at.y) ? "pointer" : at.y < axisPx ? "ew-resize" : "grab"}`);
			return;
		}
		if (Math.abs(at.x - from.x) + Math.abs(at.y - from.y) > 3) from.moved = true;
		if (!from.moved) return;
		if (from.y < axisPx) run.seek(usAt(diagram.scale, at.x - namesPx));
		else {
			const extraPx = Math.max(0, diagram.lanes().heightPx - (canvas.current?.clientHeight ?? 0));
			diagram.scrollPx = Math.min(extraPx, Math.max(0, diagram.scrollPx - (at.y - from.y)));
			diagram.setScale(panBy(diagram.scale, from.x - at.x, diagram.bounds));
			drag.current = { ...at, moved: true };
		}
	};
	const onClick = (event: MouseEvent): void => {
		const moved = drag.current?.moved ?? false;
		drag.current = null;
		if (diagram === null || moved) return;
		const at = placeOf(event);
		if (at.y < axisPx && at.x > namesPx) {
			run.seek(usAt(diagram.scale, at.x - namesPx));
			return;
		}
		const node = diagram.lanes().nodeAt(at.y + diagram.scrollPx);
		const spot = diagram.spotAt(at.x, at.y);
		if (at.x < namesPx) void run.select(node === undefined ? null : { kind: "node", node });
		else void run.select(spot === undefined ? null : { kind: "event", index: spot.index });
	};
	const onDoubleClick = (event: MouseEvent): void => {
		const at = placeOf(event);
		const node = diagram?.lanes().nodeAt(at.y + diagram.scrollPx);
		const spot = diagram?.spotAt(at.x, at.y);
		if (at.x < namesPx && node !== undefined) run.toggleLane(node);
		else if (spot !== undefined) run.inspect({ kind: "event", index: spot.index });
	};
	return (
		// biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys as an application does
		<canvas
			ref={canvas}
			className="timeline-canvas"
			style={{ blockSize: "100%" }}
			tabIndex={0}
			role="application"
			aria-label={`${says.label}. ${says.keys}`}
			onPointerDown={(event) => {
				drag.current = { ...placeOf(event), moved: false };
				event.currentTarget.setPointerCapture(event.pointerId);
			}}
			onPointerMove={onPointerMove}
			onClick={onClick}
			onDoubleClick={onDoubleClick}
			onKeyDown={(event) => diagram !== null && onDiagramKey(event, diagram, run)}
		/>
	);
}

function onDiagramKey(event: KeyboardEvent, diagram: Diagram, run: RunController): void {
	const { selection, detail } = run.state;
	const stepPx = event.shiftKey ? 300 : 60;
	switch (event.key) {
		case "ArrowLeft":
		case "ArrowRight": {
			const direction = event.key === "ArrowRight" ? 1 : -1;
			const along = diagram.model.inSight?.events.filter(({ node }) => node === detail?.event.node) ?? [];
			const next = selection?.kind === "event" ? along[along.findIndex(({ index }) => index === selection.index) + direction] : undefined;
			if (next !== undefined && !event.shiftKey) void run.select({ kind: "event", index: next.index });
			else diagram.setScale(panBy(diagram.scale, direction * stepPx, diagram.bounds));
			break;
		}
		case "ArrowUp":
		case "ArrowDown": {
			const first = diagram.spots.find(({ x }) => x > diagram.scale.widthPx / 2);
			const related = detail?.neighbours.find(({ relation }) =>
				event.key === "ArrowUp" ? relation === "sending" : relation === "delivery" || relation === "loss",
			);
			const index = related?.index ?? (selection?.kind === "event" ? undefined : first?.index);
			if (index !== undefined) void run.select({ kind: "event", index });
			break;
		}
		case "+":
		case "=":
			diagram.zoom(1.5, diagram.scale.widthPx / 2);
			break;
		case "-":
			diagram.zoom(1 / 1.5, diagram.scale.widthPx / 2);
			break;
		case "Enter":
			if (selection !== null) run.inspect(selection);
			break;
		default:
			return;
	}
	event.preventDefault();
	event.stopPropagation();
}

function LaneMenu(): ReactElement {
	const run = useRun();
	const lanes = useRunState((state) => state.lanes);
	const selection = useRunState((state) => state.selection);
	const names = useMemo(() => run.plan.nodes.map(({ name }) => name), [run]);
	const node = selection?.kind === "node" ? selection.node : undefined;
	return (
		<Menu.Root modal={false}>
			<Menu.Trigger className="button quiet" style={{ minBlockSize: "1.8rem" }}>
				<Rows3 size={16} aria-hidden="true" /> {lanes.hidden.size > 0 ? says.hidden(lanes.hidden.size) : strings.side.nodes}
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu scroll" style={{ maxBlockSize: "60vh" }} align="end">
					{node !== undefined && (
						<>
							<Menu.Label className="menu-label label">{names[node]}</Menu.Label>
							<Menu.Item className="menu-item" onSelect={() => run.moveLane(node, -1)}>
								{says.laneUp}
							</Menu.Item>
							<Menu.Item className="menu-item" onSelect={() => run.moveLane(node, 1)}>
								{says.laneDown}
							</Menu.Item>
							<Menu.Separator className="menu-line" />
						</>
					)}
					{lanes.order.map((lane) => (
						<Menu.CheckboxItem
							key={lane}
							className="menu-item"
							checked={!lanes.hidden.has(lane)}
							onSelect={(event) => event.preventDefault()}
							onCheckedChange={() => run.toggleLane(lane)}
						>
							<span aria-hidden="true">{lanes.hidden.has(lane) ? "☐" : "☑"}</span> {names[lane]}
						</Menu.CheckboxItem>
					))}
				</Menu.Content>
			</Menu.Portal>
		</Menu.Root>
	);
}
