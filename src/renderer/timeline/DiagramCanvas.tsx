/** The diagram's canvas and what a hand does on it: pointer and keyboard. */
import { ChevronDown, ChevronUp } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, type MouseEvent, type PointerEvent, type ReactElement, useRef, useState } from "react";
import { bandSentence } from "../../shared/drawing/band-words.ts";
import { axisPx, namesPx } from "../../shared/drawing/timeline-scene.ts";
import { useRun } from "../parts/context.ts";
import type { RunController } from "../state/run-controller.ts";
import { strings } from "../strings.ts";
import type { Diagram } from "./diagram.ts";

const says = strings.timeline;
/** Nearer to an edge than this, a lane that is dragged takes the others along. */
const edgePx = 16;

interface Drag {
	readonly x: number;
	readonly y: number;
	readonly moved: boolean;
	/** The lane whose name was taken. */
	readonly lane: number | undefined;
}

interface Place {
	readonly x: number;
	readonly y: number;
}

function placeOf(event: MouseEvent): Place {
	const box = event.currentTarget.getBoundingClientRect();
	return { x: event.clientX - box.x, y: event.clientY - box.y };
}

export function DiagramCanvas({ canvas, diagram }: { readonly canvas: { current: HTMLCanvasElement | null }; readonly diagram: Diagram | null }): ReactElement {
	const run = useRun();
	const [hint, setHint] = useState("");
	const [said, say] = useState("");
	const drag = useRef<Drag | null>(null);
	const onPointerMove = (event: PointerEvent): void => {
		if (diagram === null) return;
		const at = placeOf(event);
		const from = drag.current;
		if (from === null) {
			const found = whatIsAt(at, diagram, run);
			(event.currentTarget as HTMLElement).style.cursor = found.cursor;
			setHint(found.hint);
			return;
		}
		const moved = from.moved || Math.abs(at.x - from.x) + Math.abs(at.y - from.y) > 3;
		drag.current = { ...from, moved };
		if (!moved) return;
		if (from.lane !== undefined) dragLane(from.lane, at, diagram, run, canvas.current?.clientHeight ?? 0);
		else if (from.y < axisPx) seekAt(at.x, diagram, run);
		else {
			diagram.lanes.by(from.y - at.y);
			diagram.pan(from.x - at.x);
			drag.current = { ...at, moved, lane: undefined };
		}
	};
	const onPointerUp = (): void => {
		if (diagram === null || diagram.draggedLane === null) return;
		say(laneWords(run, diagram.draggedLane));
		diagram.draggedLane = null;
		diagram.touch();
	};
	const onClick = (event: MouseEvent): void => {
		const moved = drag.current?.moved ?? false;
		drag.current = null;
		if (diagram !== null && !moved) clickAt(placeOf(event), diagram, run);
	};
	const onDoubleClick = (event: MouseEvent): void => {
		const at = placeOf(event);
		const node = diagram?.lanes.at(at.y);
		const spot = diagram?.spotAt(at.x, at.y);
		if (at.x < namesPx && node !== undefined) run.arrangement.toggleLane(node);
		else if (spot !== undefined) run.inspect({ kind: "event", index: spot.index });
	};
	return (
		<div className="timeline-stage">
			{/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys as an application does */}
			<canvas
				ref={canvas}
				className="timeline-canvas"
				title={hint}
				style={{ blockSize: "100%" }}
				tabIndex={0}
				role="application"
				aria-label={`${says.label}. ${says.keys}`}
				onPointerDown={(event) => {
					const at = placeOf(event);
					drag.current = { ...at, moved: false, lane: at.x < namesPx ? diagram?.lanes.at(at.y) : undefined };
					event.currentTarget.setPointerCapture(event.pointerId);
				}}
				onPointerMove={onPointerMove}
				onPointerUp={onPointerUp}
				onPointerCancel={onPointerUp}
				onClick={onClick}
				onDoubleClick={onDoubleClick}
				onKeyDown={(event) => diagram !== null && onDiagramKey(event, diagram, run, say)}
			/>
			<LanesBeyond diagram={diagram} />
			<p className="hidden-visually" role="status">
				{said}
			</p>
		</div>
	);
}

/** How many lanes are out of sight, and a way to them. */
function LanesBeyond({ diagram }: { readonly diagram: Diagram | null }): ReactElement | null {
	if (diagram === null) return null;
	const { above, below } = diagram.lanes.beyond;
	return (
		<>
			{above > 0 && (
				<button
					type="button"
					className="lanes-beyond above"
					style={{ "--lanes-top": `${diagram.lanes.topPx}px` } as CSSProperties}
					aria-label={says.lanesAbove(above)}
					title={says.lanesAbove(above)}
					onClick={() => diagram.lanes.page(-1)}
				>
					<ChevronUp size={14} aria-hidden="true" /> {says.more(above)}
				</button>
			)}
			{below > 0 && (
				<button
					type="button"
					className="lanes-beyond below"
					aria-label={says.lanesBelow(below)}
					title={says.lanesBelow(below)}
					onClick={() => diagram.lanes.page(1)}
				>
					<ChevronDown size={14} aria-hidden="true" /> {says.more(below)}
				</button>
			)}
		</>
	);
}

function laneWords(run: RunController, node: number): string {
	const { order, hidden } = run.state.lanes;
	const shown = order.filter((lane) => !hidden.has(lane));
	return says.laneMoved(run.plan.nodes[node]?.name ?? "", shown.indexOf(node) + 1, shown.length);
}

function whatIsAt({ x, y }: Place, diagram: Diagram, run: RunController): { readonly cursor: string; readonly hint: string } {
	const { timeBase } = run.state;
	if (y < axisPx) return { cursor: "ew-resize", hint: timeBase === "causal" || timeBase === "vector" ? says.rank[timeBase] : "" };
	const lane = x < namesPx ? diagram.lanes.at(y) : undefined;
	if (lane !== undefined) return { cursor: "grab", hint: run.plan.nodes[lane]?.name ?? "" };
	const band = diagram.bandAt(x, y);
	if (band !== undefined) return { cursor: "pointer", hint: bandSentence(band, run.plan, run.state.run.virtualUs) };
	return { cursor: diagram.spotAt(x, y) === undefined ? "grab" : "pointer", hint: "" };
}

function dragLane(lane: number, { y }: Place, diagram: Diagram, run: RunController, heightPx: number): void {
	diagram.draggedLane = lane;
	if (y > heightPx - edgePx) diagram.lanes.by(edgePx / 2);
	else if (y < axisPx + edgePx) diagram.lanes.by(-edgePx / 2);
	const over = diagram.lanes.at(y);
	if (over !== undefined && over !== lane) run.arrangement.placeLane(lane, over);
	diagram.touch();
}

function seekAt(x: number, diagram: Diagram, run: RunController): void {
	const atUs = diagram.instantAt(x);
	if (atUs !== undefined) run.seek(atUs);
}

function clickAt({ x, y }: Place, diagram: Diagram, run: RunController): void {
	if (y < axisPx && x > namesPx) {
		seekAt(x, diagram, run);
		return;
	}
	const band = diagram.bandAt(x, y);
	const spot = diagram.spotAt(x, y);
	const node = x < namesPx ? diagram.lanes.at(y) : undefined;
	if (band !== undefined) void run.select(band.link >= 0 ? { kind: "link", link: band.link } : { kind: "event", index: band.index });
	else if (x < namesPx) void run.select(node === undefined ? null : { kind: "node", node });
	else void run.select(spot === undefined ? null : { kind: "event", index: spot.index });
}

function onDiagramKey(event: KeyboardEvent, diagram: Diagram, run: RunController, say: (words: string) => void): void {
	const { selection, detail } = run.state;
	const stepPx = event.shiftKey ? 300 : 60;
	switch (event.key) {
		case "ArrowLeft":
		case "ArrowRight": {
			const direction = event.key === "ArrowRight" ? 1 : -1;
			const along = diagram.model.inSight?.events.filter(({ node }) => node === detail?.event.node) ?? [];
			const next = selection?.kind === "event" ? along[along.findIndex(({ index }) => index === selection.index) + direction] : undefined;
			if (next !== undefined && !event.shiftKey) void run.select({ kind: "event", index: next.index });
			else diagram.pan(direction * stepPx);
			break;
		}
		case "PageUp":
		case "PageDown":
			diagram.lanes.page(event.key === "PageUp" ? -1 : 1);
			break;
		case "ArrowUp":
		case "ArrowDown": {
			const lane = selection?.kind === "node" ? selection.node : detail?.event.node;
			if (event.altKey && lane !== undefined) {
				run.arrangement.moveLane(lane, event.key === "ArrowUp" ? -1 : 1);
				say(laneWords(run, lane));
				break;
			}
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
			diagram.zoomHere(1.5);
			break;
		case "-":
			diagram.zoomHere(1 / 1.5);
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
