/**
 * The timeline: a space-time diagram in a canvas, with zoom, pan, three kinds of time, lanes that can be
 * hidden and moved, and a keyboard that does all of it.
 */
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type PointerEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { bandSentence } from "../../shared/drawing/band-words.ts";
import type { Band } from "../../shared/drawing/bands.ts";
import { axisPx, namesPx } from "../../shared/drawing/timeline-scene.ts";
import { useThemeNow } from "../drawing/use-theme.ts";
import { panBy } from "../maths/time-scale.ts";
import { useRun, useRunState } from "../parts/context.ts";
import type { RunController } from "../state/run-controller.ts";
import { timeBases } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { Diagram } from "./diagram.ts";
import { LaneMenu } from "./LaneMenu.tsx";
import { TimelineLegend } from "./TimelineLegend.tsx";

const says = strings.timeline;
const bandsToldMax = 60;

export function Timeline(): ReactElement {
	const run = useRun();
	const canvas = useRef<HTMLCanvasElement>(null);
	const [diagram, setDiagram] = useState<Diagram | null>(null);
	const [, setVersion] = useState(0);
	const timeBase = useRunState((state) => state.timeBase);
	const lanes = useRunState((state) => state.lanes);
	const theme = useThemeNow();

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
			if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) made.moveTo(panBy(made.scale, event.deltaX + event.deltaY, made.bounds));
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
				<button type="button" className="button icon quiet" aria-label={says.fit} title={says.fit} onClick={() => diagram?.showAll()}>
					<Maximize size={17} aria-hidden="true" />
				</button>
			</div>
			<DiagramCanvas canvas={canvas} diagram={diagram} />
			<p className="hidden-visually">{diagram?.cutWords}</p>
			<FaultsInSight bands={sight?.bands ?? []} />
			<TimelineLegend />
		</section>
	);
}

/** What the bands say, for those who do not see them. */
function FaultsInSight({ bands }: { readonly bands: readonly Band[] }): ReactElement | null {
	const run = useRun();
	const headUs = useRunState((state) => state.listed?.view.virtualUs ?? state.run.virtualUs);
	if (bands.length === 0) return null;
	return (
		<ul className="hidden-visually" aria-label={says.faultsInSight}>
			{bands.slice(0, bandsToldMax).map((band) => (
				<li key={`${band.index} ${band.kind} ${band.direction}`}>{bandSentence(band, run.plan, headUs)}</li>
			))}
		</ul>
	);
}

function DiagramCanvas({ canvas, diagram }: { readonly canvas: { current: HTMLCanvasElement | null }; readonly diagram: Diagram | null }): ReactElement {
	const run = useRun();
	const [hint, setHint] = useState("");
	const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
	const placeOf = (event: MouseEvent): { x: number; y: number } => {
		const box = event.currentTarget.getBoundingClientRect();
		return { x: event.clientX - box.x, y: event.clientY - box.y };
	};
	const onPointerMove = (event: PointerEvent): void => {
		const from = drag.current;
		const at = placeOf(event);
		if (diagram === null || from === null) {
			const band = diagram?.bandAt(at.x, at.y);
			const { style } = event.currentTarget as HTMLElement;
			style.cursor = band !== undefined || diagram?.spotAt(at.x, at.y) ? "pointer" : at.y < axisPx ? "ew-resize" : "grab";
			setHint(band === undefined ? "" : bandSentence(band, run.plan, run.state.run.virtualUs));
			return;
		}
		if (Math.abs(at.x - from.x) + Math.abs(at.y - from.y) > 3) from.moved = true;
		if (!from.moved) return;
		if (from.y < axisPx) run.seek(diagram.instantAt(at.x));
		else {
			const extraPx = Math.max(0, diagram.lanes().heightPx - (canvas.current?.clientHeight ?? 0));
			diagram.scrollPx = Math.min(extraPx, Math.max(0, diagram.scrollPx - (at.y - from.y)));
			diagram.moveTo(panBy(diagram.scale, from.x - at.x, diagram.bounds));
			drag.current = { ...at, moved: true };
		}
	};
	const onClick = (event: MouseEvent): void => {
		const moved = drag.current?.moved ?? false;
		drag.current = null;
		if (diagram === null || moved) return;
		const at = placeOf(event);
		if (at.y < axisPx && at.x > namesPx) {
			run.seek(diagram.instantAt(at.x));
			return;
		}
		const band = diagram.bandAt(at.x, at.y);
		if (band !== undefined) {
			void run.select(band.link >= 0 ? { kind: "link", link: band.link } : { kind: "event", index: band.index });
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
		if (at.x < namesPx && node !== undefined) run.arrangement.toggleLane(node);
		else if (spot !== undefined) run.inspect({ kind: "event", index: spot.index });
	};
	return (
		// biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys as an application does
		<canvas
			ref={canvas}
			className="timeline-canvas"
			title={hint}
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
			else diagram.moveTo(panBy(diagram.scale, direction * stepPx, diagram.bounds));
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
