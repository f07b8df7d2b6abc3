/**
 * Draws the space-time diagram: lanes, bands of faults, events, messages as arrows that go forward in
 * time, and what the selected event is caused by and causes. Canvas only; all times come as pixels from
 * the pure scales.
 */
import type { PagedEvent } from "../../shared/contract/event-page.ts";
import { stripHeightPx } from "../../shared/drawing/band-strip.ts";
import { indirectLinks } from "../../shared/drawing/indirect-links.ts";
import { eventSchema } from "../../shared/event-schema.ts";
import { causalOrder } from "../maths/causal-order.ts";
import { collapseRuns, shadeOf } from "../maths/detail-level.ts";
import { xOf } from "../maths/time-scale.ts";
import { clockText, vectorClocks, weightOf } from "../maths/vector-order.ts";
import type { ArrowView } from "../state/contract-types.ts";
import { faded, type Palette } from "../state/theme.ts";
import { FramePainter } from "./timeline-frame.ts";
import type { InSight } from "./timeline-model.ts";
import { axisPx, isByOrder, namesPx, type Placing, type Spot, stampedIn, type TimelineView } from "./timeline-view.ts";

const headsMax = 500;
const arrowNamesGapPx = 90;
const pastDash = [8, 4];
const ringDash = [3, 2.5];

/** Clocks are written beside events while they are no more than these. */
const clocksMax = 70;
const clockNodesMax = 8;

function vectorsOf({ inSight, plan, scale }: TimelineView): ReadonlyMap<number, Uint32Array> {
	if (inSight === null) return new Map();
	return vectorClocks(stampedIn(inSight, scale), inSight.arrows, plan.nodes.length);
}

/** Events that bear the weight of their vector where they bore Lamport's stamp: places are found as for those. */
function weighted(inSight: InSight | null, vectors: ReadonlyMap<number, Uint32Array>): InSight | null {
	if (inSight === null) return null;
	return {
		...inSight,
		events: inSight.events.map((event) => {
			const clock = vectors.get(event.index);
			return { ...event, lamport: clock === undefined ? 0 : weightOf(clock) };
		}),
	};
}

type Lit = "past" | "future" | "self" | "dim" | "plain";

export class TimelinePainter {
	readonly #context: CanvasRenderingContext2D;
	readonly #palette: Palette;
	readonly #view: TimelineView;
	readonly #x: Placing;
	/** By index; only when places are by vectors. */
	readonly #vectors: ReadonlyMap<number, Uint32Array>;
	readonly #lamports = new Map<number, number>();
	readonly spots: Spot[] = [];

	constructor(context: CanvasRenderingContext2D, view: TimelineView, palette: Palette) {
		this.#context = context;
		this.#vectors = view.timeBase === "vector" ? vectorsOf(view) : new Map();
		this.#view = view.timeBase === "vector" ? { ...view, inSight: weighted(view.inSight, this.#vectors) } : view;
		this.#palette = palette;
		this.#x = this.#placing();
	}

	paint(): readonly Spot[] {
		const { inSight, timeBase, widthPx, heightPx } = this.#view;
		const frame = new FramePainter(this.#context, this.#view, this.#palette, this.#x);
		this.#context.clearRect(0, 0, widthPx, heightPx);
		frame.lanes();
		this.#clipped(() => {
			if (!isByOrder(timeBase)) frame.bands();
			if (inSight?.level === "density" && !isByOrder(timeBase)) this.#density(inSight);
			else if (inSight !== null) {
				this.#indirect(inSight);
				this.#arrows(inSight);
				this.#events(inSight);
			}
			if (timeBase === "true") {
				frame.faultFlags();
				frame.divergence();
			}
			if (timeBase === "vector") this.#clocks();
		});
		frame.axis();
		frame.names();
		if (!isByOrder(timeBase)) this.#clipped(() => frame.strip());
		if (timeBase === "true") frame.playhead();
		return this.spots;
	}

	/** The horizontal place of an event by the time that is chosen. */
	#placing(): Placing {
		const { timeBase, scale, inSight } = this.#view;
		if (isByOrder(timeBase) && inSight !== null) {
			const visible = stampedIn(inSight, scale);
			for (const { index, lamport } of inSight.events) this.#lamports.set(index, lamport);
			const order = causalOrder(visible);
			return ({ lamport }) => namesPx + 14 + order.ratioOf(lamport) * (scale.widthPx - 28);
		}
		const clocks = timeBase === "local" ? inSight?.clocks : null;
		if (clocks) return ({ node, atUs }) => namesPx + xOf(scale, node < 0 ? atUs : clocks.localUs(node, atUs));
		return ({ atUs }) => namesPx + xOf(scale, atUs);
	}

	#clipped(draw: () => void): void {
		const { widthPx, heightPx } = this.#view;
		this.#context.save();
		this.#context.beginPath();
		this.#context.rect(namesPx, 0, widthPx - namesPx, heightPx);
		this.#context.clip();
		draw();
		this.#context.restore();
	}

	#density(inSight: InSight): void {
		const { density } = inSight;
		if (density === null) return;
		const { lanes } = this.#view;
		const context = this.#context;
		const height = lanes.laneHeightPx * 0.66;
		density.nodes.forEach((node, lane) => {
			const y = lanes.yOf(node);
			if (y === undefined || y < 0 || y > this.#view.heightPx + lanes.laneHeightPx) return;
			for (let bucket = 0; bucket < density.buckets; bucket++) {
				const count = density.counts[lane * density.buckets + bucket] ?? 0;
				if (count === 0) continue;
				const from = this.#x({ node, atUs: density.fromUs + bucket * density.bucketUs, lamport: 0 });
				const to = this.#x({ node, atUs: density.fromUs + (bucket + 1) * density.bucketUs, lamport: 0 });
				const shade = shadeOf(count, density.countMax);
				context.fillStyle = faded(this.#palette.message, shade * 0.9);
				context.fillRect(from, y - (height * shade) / 2, Math.max(1, to - from - 0.4), height * shade);
			}
		});
		for (let bucket = 0; bucket < density.buckets; bucket++) {
			if ((density.lost[bucket] ?? 0) === 0) continue;
			this.#cross(this.#x({ node: -1, atUs: density.fromUs + (bucket + 0.5) * density.bucketUs, lamport: 0 }), axisPx + stripHeightPx(this.#view.strip) + 5, 3);
		}
	}

	#litOf(index: number, arrowEnd?: number): Lit {
		const { causality, selected, matched } = this.#view;
		if (index === selected) return "self";
		if (causality !== null) {
			const isPast = causality.past.has(index) || index === causality.index;
			const isFuture = causality.future.has(index) || index === causality.index;
			if (arrowEnd !== undefined) {
				if (isPast && (causality.past.has(arrowEnd) || arrowEnd === causality.index)) return "past";
				return isFuture && causality.future.has(arrowEnd) ? "future" : "dim";
			}
			return isPast ? "past" : isFuture ? "future" : "dim";
		}
		return matched !== null && arrowEnd === undefined && !matched.has(index) ? "dim" : "plain";
	}

	/** What hidden lanes passed on. */
	#indirect({ arrows }: InSight): void {
		const { lanes, plan } = this.#view;
		if (lanes.nodes.length === plan.nodes.length) return;
		const context = this.#context;
		for (const { first, last } of indirectLinks(arrows, (node) => lanes.yOf(node) !== undefined)) {
			const [fromY, toY] = [lanes.yOf(first.from), lanes.yOf(last.to)];
			if (fromY === undefined || toY === undefined) continue;
			if (isByOrder(this.#view.timeBase) && !(this.#lamports.has(first.sentIndex) && this.#lamports.has(last.endIndex))) continue;
			const fromX = this.#x({ node: first.from, atUs: first.sentUs, lamport: this.#lamports.get(first.sentIndex) ?? 0 });
			const toX = this.#x({ node: last.to, atUs: last.endUs, lamport: this.#lamports.get(last.endIndex) ?? 0 });
			context.strokeStyle = faded(this.#palette.quiet, 0.85);
			context.lineWidth = 1.4;
			context.setLineDash([7, 5]);
			context.beginPath();
			context.moveTo(fromX, fromY);
			context.lineTo(toX, toY);
			context.stroke();
			context.setLineDash([]);
			this.#head(fromX, fromY, toX, toY);
		}
	}

	#arrows({ arrows, eventCount }: InSight): void {
		const hasHeads = arrows.length <= headsMax;
		let namedX = Number.NEGATIVE_INFINITY;
		for (const arrow of arrows) {
			// What has become of it may not be in the file yet: lines without any event would look like something.
			if (eventCount === 0 && arrow.fate === "underWay") continue;
			const ends = this.#endsOf(arrow);
			if (ends === undefined) continue;
			const lit = this.#litOf(arrow.sentIndex, arrow.endIndex);
			this.#arrow(arrow, ends, lit, hasHeads);
			const isNamed = arrows.length < 60 && lit !== "dim" && ends.fromX - namedX > arrowNamesGapPx && ends.toX - ends.fromX > 30;
			if (isNamed) {
				namedX = ends.fromX;
				this.#arrowName(arrow, ends);
			}
		}
	}

	#endsOf(arrow: ArrowView) {
		const { lanes, headUs } = this.#view;
		const [fromY, toY] = [lanes.yOf(arrow.from), lanes.yOf(arrow.to)];
		if (fromY === undefined || toY === undefined) return undefined;
		if (isByOrder(this.#view.timeBase) && !this.#isStamped(arrow)) return undefined;
		const endUs = arrow.endUs < 0 ? Math.max(arrow.sentUs, Math.min(headUs, this.#view.inSight?.events.at(-1)?.atUs ?? headUs)) : arrow.endUs;
		const endNode = arrow.fate === "delivered" ? arrow.to : arrow.from;
		const fromX = this.#x({ node: arrow.from, atUs: arrow.sentUs, lamport: this.#lamports.get(arrow.sentIndex) ?? 0 });
		const endLamport = arrow.fate === "lost" ? (this.#lamports.get(arrow.sentIndex) ?? 0) + 1 : (this.#lamports.get(arrow.endIndex) ?? Number.MAX_SAFE_INTEGER);
		const toX = this.#x({ node: endNode, atUs: endUs, lamport: endLamport });
		// A lost message is drawn as far as it may have come; of one under way nobody knows how far it is.
		const reach = arrow.fate === "lost" ? 0.6 : arrow.fate === "underWay" ? 0.5 : 1;
		return { fromX, fromY, toX, toY: fromY + (toY - fromY) * reach };
	}

	/** A loss is the network's event and has no stamp of its own: it is drawn behind its sending. */
	#isStamped({ sentIndex, endIndex, fate, sentUs, endUs }: ArrowView): boolean {
		const { scale } = this.#view;
		const isSeen = this.#lamports.has(sentIndex) && sentUs >= scale.fromUs && sentUs <= scale.toUs;
		return isSeen && (fate !== "delivered" || (this.#lamports.has(endIndex) && endUs <= scale.toUs));
	}

	#arrow(
		arrow: ArrowView,
		{ fromX, fromY, toX, toY }: { readonly fromX: number; readonly fromY: number; readonly toX: number; readonly toY: number },
		lit: Lit,
		hasHead: boolean,
	): void {
		const context = this.#context;
		const isLost = arrow.fate === "lost";
		const plain = isLost ? this.#palette.bad : this.#palette.message;
		const colour = lit === "past" ? this.#palette.past : lit === "future" ? this.#palette.future : plain;
		context.strokeStyle = lit === "dim" ? faded(plain, 0.13) : lit === "plain" ? faded(colour, hasHead ? 0.75 : 0.4) : colour;
		context.lineWidth = lit === "past" || lit === "future" || lit === "self" ? 2.8 : 1.5;
		context.setLineDash(isLost ? [5, 4] : arrow.fate === "underWay" ? [2, 3] : lit === "past" ? pastDash : []);
		context.beginPath();
		context.moveTo(fromX, fromY);
		context.lineTo(toX, toY);
		context.stroke();
		context.setLineDash([]);
		if (isLost) this.#cross(toX, toY, lit === "dim" ? 2.5 : 5);
		else if (hasHead && arrow.fate === "delivered") this.#head(fromX, fromY, toX, toY);
	}

	#head(fromX: number, fromY: number, toX: number, toY: number): void {
		const context = this.#context;
		const angle = Math.atan2(toY - fromY, toX - fromX);
		context.beginPath();
		for (const side of [-1, 1]) {
			context.moveTo(toX, toY);
			context.lineTo(toX - Math.cos(angle + side * 0.42) * 9, toY - Math.sin(angle + side * 0.42) * 9);
		}
		context.stroke();
	}

	#arrowName(
		arrow: ArrowView,
		{ fromX, fromY, toX, toY }: { readonly fromX: number; readonly fromY: number; readonly toX: number; readonly toY: number },
	): void {
		const context = this.#context;
		const text = this.#view.plan.names[arrow.name] ?? "";
		context.font = "550 11px system-ui, sans-serif";
		context.textAlign = "center";
		const [x, y] = [(fromX + toX) / 2, (fromY + toY) / 2];
		const width = context.measureText(text).width;
		context.fillStyle = faded(this.#palette.surface, 0.88);
		context.fillRect(x - width / 2 - 2, y - 8, width + 4, 13);
		context.fillStyle = this.#palette.soft;
		context.fillText(text, x, y + 3);
	}

	#events({ events }: InSight): void {
		const { lanes, timeBase, scale } = this.#view;
		const byNode = new Map<number, PagedEvent[]>();
		for (const event of events) {
			if (isByOrder(timeBase) && (event.lamport <= 0 || event.atUs < scale.fromUs || event.atUs > scale.toUs)) continue;
			const list = byNode.get(event.node);
			if (list === undefined) byNode.set(event.node, [event]);
			else list.push(event);
		}
		for (const [node, list] of byNode) {
			const y = lanes.yOf(node);
			if (y === undefined || y < 0 || y > this.#view.heightPx + lanes.laneHeightPx) continue;
			const local: PagedEvent[] = [];
			for (const event of list) {
				if (event.kind.startsWith("message") || eventSchema[event.kind].class === "control") this.#event(event, this.#x(event), y);
				else local.push(event);
			}
			this.#localRuns(local, y);
		}
	}

	#localRuns(events: readonly PagedEvent[], y: number): void {
		const context = this.#context;
		const xs = events.map((event) => this.#x(event));
		for (const { from, to, xPx, count } of collapseRuns(xs, 9)) {
			const first = events[from] as PagedEvent;
			const lit = this.#view.selected === null ? this.#litOf(first.index) : this.#runLit(events.slice(from, to + 1));
			const radius = count === 1 ? 3 : Math.min(10, 5.5 + Math.log2(count));
			const tone = this.#toneOf(lit, this.#palette.soft);
			context.beginPath();
			context.arc(xPx, y, radius, 0, Math.PI * 2);
			context.fillStyle = count === 1 ? tone : this.#palette.surface;
			context.fill();
			context.strokeStyle = tone;
			context.lineWidth = lit === "self" ? 3.5 : 1.6;
			context.stroke();
			this.#ring(lit, xPx, y, radius + 3.5);
			if (count > 1 && radius > 6) {
				context.font = "650 9.5px system-ui, sans-serif";
				context.textAlign = "center";
				context.fillStyle = tone;
				context.fillText(count > 99 ? "99+" : String(count), xPx, y + 3.3);
			}
			this.spots.push({ x: xPx, y, index: first.index, count });
		}
	}

	#runLit(events: readonly PagedEvent[]): Lit {
		const all = events.map(({ index }) => this.#litOf(index));
		return all.find((lit) => lit === "self") ?? all.find((lit) => lit === "past") ?? all.find((lit) => lit === "future") ?? all[0] ?? "plain";
	}

	#toneOf(lit: Lit, plain: string): string {
		switch (lit) {
			case "past":
				return this.#palette.past;
			case "future":
				return this.#palette.future;
			case "self":
				return this.#palette.select;
			case "dim":
				return faded(plain, 0.2);
			case "plain":
				return plain;
		}
	}

	#event(event: PagedEvent, x: number, y: number): void {
		const context = this.#context;
		const lit = this.#litOf(event.index);
		this.spots.push({ x, y, index: event.index, count: 1 });
		if (eventSchema[event.kind].class === "control") {
			// Upwards for what breaks, downwards for what mends: told apart by form as well.
			const isRepair = /Booted|Restarting|Healed|Resumed/.test(event.kind);
			const up = isRepair ? -1 : 1;
			context.fillStyle = this.#toneOf(lit, isRepair ? this.#palette.good : this.#palette.bad);
			context.beginPath();
			context.moveTo(x, y - 7 * up);
			context.lineTo(x + 7, y + 6 * up);
			context.lineTo(x - 7, y + 6 * up);
			context.fill();
		} else if (event.kind === "messageDelivered") {
			context.strokeStyle = this.#toneOf(lit, this.#palette.message);
			context.fillStyle = this.#palette.surface;
			context.lineWidth = lit === "self" ? 4 : 2;
			context.beginPath();
			this.#dot(x, y, 4, event.index);
			context.fill();
			context.stroke();
		} else if (event.kind !== "messageDropped") {
			context.fillStyle = this.#toneOf(lit, this.#palette.message);
			context.beginPath();
			this.#dot(x, y, lit === "self" ? 6 : 4, event.index);
			context.fill();
		}
		this.#ring(lit, x, y, 8);
	}

	/** What the selected event comes from and what comes of it, by form as well: broken and whole, as on the topology. */
	#ring(lit: Lit, x: number, y: number, radius: number): void {
		if (lit === "dim" || lit === "plain") return;
		const context = this.#context;
		context.strokeStyle = this.#toneOf(lit, "");
		context.lineWidth = lit === "self" ? 3 : 1.8;
		context.setLineDash(lit === "past" ? ringDash : []);
		context.beginPath();
		context.arc(x, y, lit === "self" ? radius + 2 : radius, 0, Math.PI * 2);
		context.stroke();
		context.setLineDash([]);
	}

	/** From where another run parts from this one, events have another shape. */
	#dot(x: number, y: number, radius: number, index: number): void {
		const context = this.#context;
		const { divergence } = this.#view;
		if (divergence === null || index < divergence.index) {
			context.arc(x, y, radius, 0, Math.PI * 2);
			return;
		}
		const reach = radius * 1.45;
		context.moveTo(x, y - reach);
		context.lineTo(x + reach, y);
		context.lineTo(x, y + reach);
		context.lineTo(x - reach, y);
		context.closePath();
	}

	/** Beside the selected event its clock; beside all of them when there is room. */
	#clocks(): void {
		const { selected, lanes } = this.#view;
		const isRoomy = this.spots.length <= clocksMax && lanes.nodes.length <= clockNodesMax;
		const context = this.#context;
		context.font = "600 11px ui-monospace, monospace";
		context.textAlign = "left";
		for (const { x, y, index } of this.spots) {
			const clock = this.#vectors.get(index);
			if (clock === undefined || (index !== selected && !isRoomy)) continue;
			const text = lanes.nodes.length <= clockNodesMax ? clockText(clock, lanes.nodes) : `Σ${weightOf(clock)}`;
			context.fillStyle = faded(this.#palette.surface, 0.9);
			context.fillRect(x + 6, y + 5, context.measureText(text).width + 4, 13);
			context.fillStyle = index === selected ? this.#palette.ink : this.#palette.soft;
			context.fillText(text, x + 8, y + 15);
		}
	}

	#cross(x: number, y: number, size: number): void {
		const context = this.#context;
		context.strokeStyle = this.#palette.bad;
		context.lineWidth = Math.max(1.4, size * 0.45);
		context.beginPath();
		context.moveTo(x - size, y - size);
		context.lineTo(x + size, y + size);
		context.moveTo(x + size, y - size);
		context.lineTo(x - size, y + size);
		context.stroke();
	}
}
