/**
 * Events and messages of a space-time diagram as SVG; with too many of them, how many there were where.
 * What differs from another run bears another shape. Pure.
 */
import { eventSchema } from "../event-schema.ts";
import { indirectLinks } from "./indirect-links.ts";
import { collapseRuns } from "./local-runs.ts";
import { element, headingPx, lettering, number, textWidth } from "./svg.ts";
import { axisPx, type PictureArrow, type PictureDensity, type PictureEvent, type TimelineGeometry } from "./timeline-picture.ts";
import { clockText, weightOf } from "./vector-order.ts";

const arrowNamesMax = 120;
const arrowNamesGapPx = 90;
const headsMax = 1_500;
/** Clocks are written beside events while they are no more than these. */
const clocksMax = 160;
const clockNodesMax = 8;
const clockGapPx = 8;

export class TimelineMarks {
	readonly #geometry: TimelineGeometry;

	constructor(geometry: TimelineGeometry) {
		this.#geometry = geometry;
	}

	draw(): string {
		const { density } = this.#geometry.picture;
		if (density !== null && this.#geometry.order === null) return this.#shades(density);
		return this.#indirect() + this.#arrows() + this.#events() + this.#clocks();
	}

	#shades({ nodes, counts, lost, buckets, bucketUs, fromUs }: PictureDensity): string {
		const { palette } = this.#geometry.picture;
		const height = this.#geometry.lanes.laneHeightPx * 0.7;
		let most = 1;
		for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i] as number);
		const lanes = nodes.map((node, lane) => {
			const y = this.#geometry.lanes.yOf(node);
			let d = "";
			for (let bucket = 0; bucket < buckets && y !== undefined; bucket++) {
				const count = counts[lane * buckets + bucket] as number;
				if (!(count > 0)) continue;
				const from = this.#geometry.xAt(node, fromUs + bucket * bucketUs);
				const to = this.#geometry.xAt(node, fromUs + (bucket + 1) * bucketUs);
				// A single event is always seen, and a hundred times as many are not a hundred times as high.
				const size = height * (0.18 + 0.82 * Math.sqrt(count / most));
				d += `M${number(from)} ${number(y - size / 2)}h${number(Math.max(0.8, to - from - 0.4))}v${number(size)}h${number(-Math.max(0.8, to - from - 0.4))}Z`;
			}
			return d === "" ? "" : element("path", { d, fill: palette.message, "fill-opacity": 0.8 });
		});
		let crosses = "";
		for (let bucket = 0; bucket < buckets; bucket++) {
			if ((lost[bucket] as number) > 0) crosses += crossPath(this.#geometry.xAt(-1, fromUs + (bucket + 0.5) * bucketUs), headingPx + axisPx + 5, 3);
		}
		return lanes.join("") + (crosses === "" ? "" : element("path", { d: crosses, fill: "none", stroke: palette.bad, "stroke-width": 1.6 }));
	}

	#arrows(): string {
		const { arrows } = this.#geometry.picture;
		let namedX = Number.NEGATIVE_INFINITY;
		return arrows
			.map((arrow) => {
				const ends = this.#endsOf(arrow);
				if (ends === undefined) return "";
				let name = "";
				if (arrows.length <= arrowNamesMax && ends.fromX - namedX > arrowNamesGapPx && ends.toX - ends.fromX > 24) {
					namedX = ends.fromX;
					name = this.#arrowName(arrow, ends);
				}
				return this.#arrow(arrow, ends, arrows.length <= headsMax) + name;
			})
			.join("");
	}

	/** What hidden lanes passed on. */
	#indirect(): string {
		const { arrows, palette } = this.#geometry.picture;
		const { lanes } = this.#geometry;
		return indirectLinks(arrows, (node) => lanes.yOf(node) !== undefined)
			.map(({ first, last }) => {
				const [fromY, toY] = [lanes.yOf(first.from), lanes.yOf(last.to)];
				const [sent, ended] = [this.#geometry.rankOf(first.sentIndex), this.#geometry.rankOf(last.endIndex)];
				if (fromY === undefined || toY === undefined || (this.#geometry.order !== null && (sent === undefined || ended === undefined))) return "";
				const fromX = this.#geometry.x({ node: first.from, atUs: first.sentUs, rank: sent ?? 0 });
				const toX = this.#geometry.x({ node: last.to, atUs: last.endUs, rank: ended ?? 0 });
				return element("path", {
					d: `M${number(fromX)} ${number(fromY)}L${number(toX)} ${number(toY)}${headPath({ fromX, fromY, toX, toY })}`,
					fill: "none",
					stroke: palette.quiet,
					"stroke-width": 1.4,
					"stroke-dasharray": "7 5",
				});
			})
			.join("");
	}

	#endsOf(arrow: PictureArrow): Ends | undefined {
		const { headUs } = this.#geometry.picture;
		const { lanes, order } = this.#geometry;
		const [fromY, toY] = [lanes.yOf(arrow.from), lanes.yOf(arrow.to)];
		if (fromY === undefined || toY === undefined) return undefined;
		const sent = this.#geometry.rankOf(arrow.sentIndex);
		const ended = this.#geometry.rankOf(arrow.endIndex);
		// A loss is the network's event and has no stamp of its own: it is drawn behind its sending.
		if (order !== null && (sent === undefined || (arrow.fate === "delivered" && ended === undefined))) return undefined;
		const endUs = arrow.endUs < 0 ? Math.max(arrow.sentUs, headUs) : arrow.endUs;
		const fromX = this.#geometry.x({ node: arrow.from, atUs: arrow.sentUs, rank: sent ?? 0 });
		const rank = arrow.fate === "lost" ? (sent ?? 0) + 1 : (ended ?? Number.MAX_SAFE_INTEGER);
		const toX = this.#geometry.x({ node: arrow.fate === "delivered" ? arrow.to : arrow.from, atUs: endUs, rank });
		return { fromX, fromY, toX, toY: fromY + (toY - fromY) * reachOf(arrow.fate) };
	}

	#arrow({ fate }: PictureArrow, { fromX, fromY, toX, toY }: Ends, hasHead: boolean): string {
		const { palette } = this.#geometry.picture;
		const isLost = fate === "lost";
		const stroke = isLost ? palette.bad : palette.message;
		const head = fate === "delivered" && hasHead ? headPath({ fromX, fromY, toX, toY }) : "";
		return (
			element("path", {
				d: `M${number(fromX)} ${number(fromY)}L${number(toX)} ${number(toY)}${head}`,
				fill: "none",
				stroke,
				"stroke-opacity": hasHead ? 0.78 : 0.4,
				"stroke-width": 1.5,
				"stroke-dasharray": isLost ? "5 4" : fate === "underWay" ? "2 3" : undefined,
			}) + (isLost ? element("path", { d: crossPath(toX, toY, 5), fill: "none", stroke, "stroke-width": 2.3 }) : "")
		);
	}

	#arrowName({ name }: PictureArrow, { fromX, fromY, toX, toY }: Ends): string {
		const { plan, palette } = this.#geometry.picture;
		const text = plan.names[name] ?? "";
		const [x, y] = [(fromX + toX) / 2, (fromY + toY) / 2];
		const width = textWidth(text, 11);
		return (
			element("rect", { x: x - width / 2 - 2, y: y - 8, width: width + 4, height: 13, fill: palette.surface, "fill-opacity": 0.88 }) +
			lettering(text, { x, y: y + 3, size: 11, weight: 550, anchor: "middle", fill: palette.soft })
		);
	}

	#events(): string {
		const byNode = new Map<number, PictureEvent[]>();
		for (const event of this.#geometry.picture.events) {
			if (this.#geometry.order !== null && this.#geometry.rankOf(event.index) === undefined) continue;
			const list = byNode.get(event.node);
			if (list === undefined) byNode.set(event.node, [event]);
			else list.push(event);
		}
		let text = "";
		for (const [node, list] of byNode) {
			const y = this.#geometry.lanes.yOf(node);
			if (y === undefined) continue;
			const isLocal = ({ kind }: PictureEvent): boolean => !kind.startsWith("message") && eventSchema[kind].class !== "control";
			text += this.#localRuns(list.filter(isLocal), y);
			for (const event of list) if (!isLocal(event)) text += this.#event(event, this.#geometry.xOfEvent(event), y);
		}
		return text;
	}

	#localRuns(events: readonly PictureEvent[], y: number): string {
		const { palette } = this.#geometry.picture;
		return collapseRuns(
			events.map((event) => this.#geometry.xOfEvent(event)),
			9,
		)
			.map(({ xPx, count }) => {
				const radius = count === 1 ? 2.8 : count < 10 ? 6.5 : count < 100 ? 8 : 10;
				const shape = element("circle", {
					cx: xPx,
					cy: y,
					r: radius,
					fill: count === 1 ? palette.soft : palette.surface,
					stroke: palette.soft,
					"stroke-width": 1.4,
				});
				if (count === 1) return shape;
				return shape + lettering(count > 99 ? "99+" : String(count), { x: xPx, y: y + 3.3, size: 9, weight: 650, anchor: "middle", fill: palette.soft });
			})
			.join("");
	}

	#event({ kind, index }: PictureEvent, x: number, y: number): string {
		const { palette, divergesAt } = this.#geometry.picture;
		if (eventSchema[kind].class === "control") {
			const isRepair = /Booted|Restarting|Healed|Resumed/.test(kind);
			return isRepair ? triangle(x, y, palette.good, -1) : triangle(x, y, palette.bad, 1);
		}
		if (kind === "messageDropped") return "";
		const look = kind === "messageDelivered" ? { fill: palette.surface, stroke: palette.message, "stroke-width": 2 } : { fill: palette.message };
		if (divergesAt !== undefined && divergesAt !== null && index >= divergesAt) return element("path", { d: diamondPath(x, y, 5.5), ...look });
		return element("circle", { cx: x, cy: y, r: 4, ...look });
	}

	/** Beside each event its vector, where there is room for it. */
	#clocks(): string {
		const { vectors, lanes } = this.#geometry;
		const { events, palette } = this.#geometry.picture;
		if (vectors.size === 0 || vectors.size > clocksMax) return "";
		const isShort = lanes.nodes.length > clockNodesMax;
		const freeFrom = new Map<number, number>();
		return events
			.map((event) => {
				const [clock, y] = [vectors.get(event.index), lanes.yOf(event.node)];
				const x = this.#geometry.xOfEvent(event);
				if (clock === undefined || y === undefined || x < (freeFrom.get(event.node) ?? 0)) return "";
				const text = isShort ? `Σ${weightOf(clock)}` : clockText(clock, lanes.nodes);
				freeFrom.set(event.node, x + textWidth(text, 10.5) + clockGapPx);
				return lettering(text, { x: x + 2, y: y + 17, size: 10.5, fill: palette.soft, isMono: true });
			})
			.join("");
	}
}

/** A lost message is drawn as far as it may have come; of one under way nobody knows how far it is. */
function reachOf(fate: string): number {
	return fate === "lost" ? 0.6 : fate === "underWay" ? 0.5 : 1;
}

export function diamondPath(x: number, y: number, size: number): string {
	return `M${number(x)} ${number(y - size)}l${size} ${size}l${-size} ${size}l${-size} ${-size}Z`;
}

interface Ends {
	readonly fromX: number;
	readonly fromY: number;
	readonly toX: number;
	readonly toY: number;
}

/** Two strokes back from the tip, each a little off the line. */
function headPath({ fromX, fromY, toX, toY }: Ends): string {
	const length = Math.sqrt((toX - fromX) * (toX - fromX) + (toY - fromY) * (toY - fromY));
	if (length < 6) return "";
	const [alongX, alongY] = [((toX - fromX) / length) * 8, ((toY - fromY) / length) * 8];
	const side = 0.45;
	const [leftX, leftY] = [toX - alongX - alongY * side, toY - alongY + alongX * side];
	const [rightX, rightY] = [toX - alongX + alongY * side, toY - alongY - alongX * side];
	return `M${number(leftX)} ${number(leftY)}L${number(toX)} ${number(toY)}L${number(rightX)} ${number(rightY)}`;
}

export function crossPath(x: number, y: number, size: number): string {
	return `M${number(x - size)} ${number(y - size)}l${2 * size} ${2 * size}M${number(x + size)} ${number(y - size)}l${-2 * size} ${2 * size}`;
}

/** Upwards (1) for what breaks, downwards (-1) for what mends: told apart by form as well. */
export function triangle(x: number, y: number, fill: string, direction: 1 | -1): string {
	return element("path", {
		d: `M${number(x)} ${number(y - 7 * direction)}L${number(x + 7)} ${number(y + 6 * direction)}L${number(x - 7)} ${number(y + 6 * direction)}Z`,
		fill,
	});
}
