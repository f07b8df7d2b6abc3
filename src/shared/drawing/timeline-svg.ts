/**
 * The space-time diagram as SVG: a lane a node, events, messages as arrows that go forward in time,
 * faults as bands. With too many events for single ones, how many there were where. The same arithmetic
 * as the window's canvas. Pure.
 */
import { type EventKind, eventSchema } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { type Band, bandsOf } from "./bands.ts";
import { type CausalOrder, causalOrder } from "./causal-order.ts";
import { type LaneLayout, layOutLanes } from "./lanes.ts";
import type { LocalClocks } from "./local-clocks.ts";
import { collapseRuns } from "./local-runs.ts";
import type { DrawingPalette } from "./palette.ts";
import { clipText, element, type Heading, headingOf, headingPx, lettering, number, picture, textWidth } from "./svg.ts";
import { type TimeScale, ticksOf, xOf } from "./time-scale.ts";
import { drawingWords as words } from "./words.ts";

export interface PictureEvent {
	readonly index: number;
	readonly atUs: number;
	readonly node: number;
	readonly kind: EventKind;
	readonly lamport: number;
}

export interface PictureArrow {
	readonly from: number;
	readonly to: number;
	readonly name: number;
	readonly sentIndex: number;
	readonly sentUs: number;
	/** -1: not known. */
	readonly endIndex: number;
	readonly endUs: number;
	readonly fate: "delivered" | "lost" | "underWay" | string;
}

export interface PictureFault {
	readonly atUs: number;
	readonly kind: string;
	readonly node: number;
}

/** How many events were where: `counts` lane after lane. */
export interface PictureDensity {
	readonly fromUs: number;
	readonly bucketUs: number;
	readonly buckets: number;
	readonly nodes: readonly number[];
	readonly counts: ArrayLike<number>;
	/** A bucket: messages lost, over all lanes. */
	readonly lost: ArrayLike<number>;
}

export interface TimelinePicture {
	readonly plan: Plan;
	/** The lanes, top to bottom. */
	readonly nodes: readonly number[];
	readonly fromUs: number;
	readonly toUs: number;
	/** As far as the log goes. */
	readonly headUs: number;
	readonly timeBase: "true" | "local" | "causal";
	/** Needed for `local`. */
	readonly clocks: LocalClocks | null;
	readonly events: readonly PictureEvent[];
	readonly arrows: readonly PictureArrow[];
	/** Drawn in the place of events and arrows. */
	readonly density: PictureDensity | null;
	/** Of the whole run, in its order. */
	readonly faults: readonly PictureFault[];
	/** Events with a person's note, by number of the note. */
	readonly pins?: readonly { readonly atUs: number; readonly node: number; readonly label: string }[];
	/** The instant that is looked at, or null. */
	readonly shownUs: number | null;
	readonly heading: Heading;
	readonly palette: DrawingPalette;
	readonly widthPx?: number;
	readonly isInline?: boolean;
	readonly id?: string;
}

const namesPx = 116;
const axisPx = 28;
const legendPx = 40;
const arrowNamesMax = 120;
const arrowNamesGapPx = 90;
const headsMax = 1_500;

interface Placed {
	readonly node: number;
	readonly atUs: number;
	readonly lamport: number;
}

class TimelineDrawing {
	readonly #picture: TimelinePicture;
	readonly #width: number;
	readonly #scale: TimeScale;
	readonly #lanes: LaneLayout;
	readonly #order: CausalOrder | null;
	readonly #lamports: ReadonlyMap<number, number>;
	readonly #height: number;

	constructor(given: TimelinePicture) {
		this.#picture = given;
		this.#width = Math.max(640, given.widthPx ?? 1_280);
		this.#scale = { fromUs: given.fromUs, toUs: Math.max(given.toUs, given.fromUs + 1), widthPx: this.#width - namesPx - 24 };
		const topPx = headingPx + axisPx;
		this.#lanes = layOutLanes({ order: given.nodes, hidden: new Set() }, { heightPx: topPx + Math.max(240, given.nodes.length * 42), topPx });
		this.#height = this.#lanes.heightPx + 8 + legendPx;
		const stamped = given.events.filter(({ lamport }) => lamport > 0);
		this.#order = given.timeBase === "causal" ? causalOrder(stamped) : null;
		this.#lamports = new Map(given.events.map(({ index, lamport }) => [index, lamport]));
	}

	draw(): string {
		const { palette, heading, density, isInline, id = "timeline" } = this.#picture;
		const clip = `${id}-clip`;
		const isCausal = this.#order !== null;
		const content = [
			headingOf(heading, palette, this.#width),
			element(
				"defs",
				{},
				element(
					"clipPath",
					{ id: clip },
					element("rect", { x: namesPx, y: headingPx, width: this.#width - namesPx, height: this.#lanes.heightPx - headingPx + 6 }),
				),
			),
			this.#laneLines(),
			element(
				"g",
				{ "clip-path": `url(#${clip})` },
				isCausal ? "" : this.#bands(),
				density !== null && !isCausal ? this.#shades(density) : this.#arrows() + this.#events(),
				isCausal ? "" : this.#flags(),
				isCausal ? "" : this.#playhead(),
				this.#pins(),
			),
			this.#axis(),
			this.#names(),
			this.#legend(),
		].join("\n");
		const description = this.#description();
		return picture({ widthPx: this.#width, heightPx: this.#height, title: heading.title, description, background: palette.surface, id }, content, isInline);
	}

	#description(): string {
		const { heading, events, arrows, density, plan, nodes } = this.#picture;
		const lost = arrows.filter(({ fate }) => fate === "lost").length;
		const what = density === null ? `${events.length} events, ${arrows.length} messages, ${lost} ${words.lost}` : words.density;
		return `${heading.facts.join(", ")}. ${nodes.map((node) => plan.nodes[node]?.name ?? `#${node}`).join(", ")}. ${what}.`;
	}

	/** The horizontal place of an event by the time that is chosen. */
	#x({ node, atUs, lamport }: Placed): number {
		if (this.#order !== null) return namesPx + 14 + this.#order.ratioOf(lamport) * (this.#scale.widthPx - 28);
		const { clocks, timeBase } = this.#picture;
		const us = timeBase === "local" && clocks !== null && node >= 0 ? clocks.localUs(node, atUs) : atUs;
		return namesPx + xOf(this.#scale, us);
	}

	#laneLines(): string {
		const { palette } = this.#picture;
		const { nodes, laneHeightPx, yOf } = this.#lanes;
		return nodes
			.map((node, row) => {
				const y = yOf(node) ?? 0;
				const stripe =
					row % 2 === 1
						? element("rect", { x: 0, y: y - laneHeightPx / 2, width: this.#width, height: laneHeightPx, fill: palette.line, "fill-opacity": 0.22 })
						: "";
				return stripe + element("path", { d: `M${namesPx} ${number(y)}H${this.#width - 12}`, stroke: palette.line, "stroke-width": 1.5 });
			})
			.join("");
	}

	#bands(): string {
		const { faults, headUs } = this.#picture;
		return bandsOf(faults)
			.map((band) => {
				const from = Math.max(namesPx, this.#x({ node: band.node, atUs: band.fromUs, lamport: 0 }));
				const to = Math.min(this.#width, this.#x({ node: band.node, atUs: Math.min(band.toUs, headUs), lamport: 0 }));
				return to <= from ? "" : this.#band(band, from, to);
			})
			.join("");
	}

	#band({ kind, node }: Band, from: number, to: number): string {
		const { palette } = this.#picture;
		if (kind === "partition") {
			const top = headingPx + axisPx;
			return (
				element("rect", { x: from, y: top, width: to - from, height: this.#lanes.heightPx - top, fill: palette.bad, "fill-opacity": 0.08 }) +
				this.#hatch({ from, to, y: top, height: 6 }, palette.bad) +
				this.#tag(words.partition, from, to, top + 17, palette.bad)
			);
		}
		const y = this.#lanes.yOf(node);
		if (y === undefined) return "";
		const height = Math.min(22, this.#lanes.laneHeightPx * 0.72);
		const colour = kind === "down" ? palette.bad : palette.quiet;
		const text = kind === "down" ? words.nodeStates.down : words.nodeStates.paused;
		return this.#hatch({ from, to, y: y - height / 2, height }, colour) + this.#tag(text, from, to, y + 4, colour);
	}

	#hatch({ from, to, y, height }: { readonly from: number; readonly to: number; readonly y: number; readonly height: number }, colour: string): string {
		let strokes = "";
		for (let x = Math.ceil(from / 8) * 8; x < to; x += 8) {
			const rise = Math.min(height, to - x);
			strokes += `M${number(x)} ${number(y + height)}l${number(rise)} ${number(-rise)}`;
		}
		return (
			element("rect", { x: from, y, width: to - from, height, fill: colour, "fill-opacity": 0.12 }) +
			(strokes === "" ? "" : element("path", { d: strokes, stroke: colour, "stroke-opacity": 0.55, "stroke-width": 1.3 }))
		);
	}

	#tag(text: string, from: number, to: number, y: number, fill: string): string {
		const width = textWidth(text, 11.5);
		if (to - from < width + 12) return "";
		return (
			element("rect", { x: from + 4, y: y - 10, width: width + 5, height: 13, fill: this.#picture.palette.surface }) +
			lettering(text, { x: from + 6, y, size: 11.5, weight: 650, fill })
		);
	}

	#shades({ nodes, counts, lost, buckets, bucketUs, fromUs }: PictureDensity): string {
		const { palette } = this.#picture;
		const height = this.#lanes.laneHeightPx * 0.7;
		let most = 1;
		for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i] as number);
		const lanes = nodes.map((node, lane) => {
			const y = this.#lanes.yOf(node);
			let d = "";
			for (let bucket = 0; bucket < buckets && y !== undefined; bucket++) {
				const count = counts[lane * buckets + bucket] as number;
				if (!(count > 0)) continue;
				const from = this.#x({ node, atUs: fromUs + bucket * bucketUs, lamport: 0 });
				const to = this.#x({ node, atUs: fromUs + (bucket + 1) * bucketUs, lamport: 0 });
				// A single event is always seen, and a hundred times as many are not a hundred times as high.
				const size = height * (0.18 + 0.82 * Math.sqrt(count / most));
				d += `M${number(from)} ${number(y - size / 2)}h${number(Math.max(0.8, to - from - 0.4))}v${number(size)}h${number(-Math.max(0.8, to - from - 0.4))}Z`;
			}
			return d === "" ? "" : element("path", { d, fill: palette.message, "fill-opacity": 0.8 });
		});
		let crosses = "";
		for (let bucket = 0; bucket < buckets; bucket++) {
			if ((lost[bucket] as number) > 0)
				crosses += crossPath(this.#x({ node: -1, atUs: fromUs + (bucket + 0.5) * bucketUs, lamport: 0 }), headingPx + axisPx + 5, 3);
		}
		return lanes.join("") + (crosses === "" ? "" : element("path", { d: crosses, fill: "none", stroke: palette.bad, "stroke-width": 1.6 }));
	}

	#arrows(): string {
		const { arrows } = this.#picture;
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

	#endsOf(arrow: PictureArrow): Ends | undefined {
		const { headUs } = this.#picture;
		const [fromY, toY] = [this.#lanes.yOf(arrow.from), this.#lanes.yOf(arrow.to)];
		if (fromY === undefined || toY === undefined) return undefined;
		const sent = this.#lamports.get(arrow.sentIndex);
		const ended = this.#lamports.get(arrow.endIndex);
		// A loss is the network's event and has no stamp of its own: it is drawn behind its sending.
		if (this.#order !== null && (sent === undefined || (arrow.fate === "delivered" && ended === undefined))) return undefined;
		const endUs = arrow.endUs < 0 ? Math.max(arrow.sentUs, headUs) : arrow.endUs;
		const fromX = this.#x({ node: arrow.from, atUs: arrow.sentUs, lamport: sent ?? 0 });
		const endLamport = arrow.fate === "lost" ? (sent ?? 0) + 1 : (ended ?? Number.MAX_SAFE_INTEGER);
		const toX = this.#x({ node: arrow.fate === "delivered" ? arrow.to : arrow.from, atUs: endUs, lamport: endLamport });
		// A lost message is drawn as far as it may have come.
		return { fromX, fromY, toX, toY: fromY + (toY - fromY) * (arrow.fate === "lost" ? 0.6 : 1) };
	}

	#arrow({ fate }: PictureArrow, { fromX, fromY, toX, toY }: Ends, hasHead: boolean): string {
		const { palette } = this.#picture;
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
		const { plan, palette } = this.#picture;
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
		for (const event of this.#picture.events) {
			if (this.#order !== null && event.lamport <= 0) continue;
			const list = byNode.get(event.node);
			if (list === undefined) byNode.set(event.node, [event]);
			else list.push(event);
		}
		let text = "";
		for (const [node, list] of byNode) {
			const y = this.#lanes.yOf(node);
			if (y === undefined) continue;
			const isLocal = ({ kind }: PictureEvent): boolean => !kind.startsWith("message") && eventSchema[kind].class !== "control";
			text += this.#localRuns(list.filter(isLocal), y);
			for (const event of list) if (!isLocal(event)) text += this.#event(event, this.#x(event), y);
		}
		return text;
	}

	#localRuns(events: readonly PictureEvent[], y: number): string {
		const { palette } = this.#picture;
		return collapseRuns(
			events.map((event) => this.#x(event)),
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

	#event({ kind }: PictureEvent, x: number, y: number): string {
		const { palette } = this.#picture;
		if (eventSchema[kind].class === "control") {
			const isRepair = /Booted|Restarting|Healed|Resumed/.test(kind);
			return isRepair ? triangle(x, y, palette.good, -1) : triangle(x, y, palette.bad, 1);
		}
		if (kind === "messageDelivered") return element("circle", { cx: x, cy: y, r: 4, fill: palette.surface, stroke: palette.message, "stroke-width": 2 });
		return kind === "messageDropped" ? "" : element("circle", { cx: x, cy: y, r: 4, fill: palette.message });
	}

	/** Faults that are at no node: links, clocks, disks. */
	#flags(): string {
		const { faults, palette } = this.#picture;
		const top = headingPx + axisPx;
		const d = faults
			.filter(({ kind }) => /^link|^clock|^disk/.test(kind))
			.map(({ atUs }) => {
				const x = this.#x({ node: -1, atUs, lamport: 0 });
				return `M${number(x - 4)} ${top}h8v6h-3V${number(this.#lanes.heightPx)}h-2V${top + 6}h-3Z`;
			});
		return d.length === 0 ? "" : element("path", { d: d.join(""), fill: palette.warning, "fill-opacity": 0.8 });
	}

	#playhead(): string {
		const { shownUs, palette } = this.#picture;
		if (shownUs === null) return "";
		const x = this.#x({ node: -1, atUs: shownUs, lamport: 0 });
		return element("path", { d: `M${number(x)} ${headingPx + 10}V${number(this.#lanes.heightPx)}`, stroke: palette.select, "stroke-width": 2.5 });
	}

	#pins(): string {
		const { pins = [], palette } = this.#picture;
		if (this.#order !== null) return "";
		return pins
			.map(({ atUs, node, label }) => {
				const x = this.#x({ node, atUs, lamport: 0 });
				const y = (this.#lanes.yOf(node) ?? headingPx + axisPx + 12) - 13;
				return (
					element("path", { d: `M${number(x)} ${number(y + 12)}l-5 -7h10Z`, fill: palette.accent }) +
					element("circle", { cx: x, cy: y, r: 8, fill: palette.accent }) +
					lettering(label, { x, y: y + 3.6, size: 10, weight: 700, anchor: "middle", fill: palette.raised })
				);
			})
			.join("");
	}

	#axis(): string {
		const { palette, timeBase } = this.#picture;
		const y = headingPx + 15;
		const line = element("path", { d: `M0 ${headingPx + axisPx - 0.5}H${this.#width}`, stroke: palette.line });
		const text = (label: string, x: number): string => lettering(label, { x, y, size: 11.5, anchor: "middle", fill: palette.soft, isMono: true });
		const base = lettering(words.timeBases[timeBase], { x: 12, y, size: 11, fill: palette.soft });
		if (this.#order !== null) {
			const { stamps } = this.#order;
			const step = Math.max(1, Math.ceil(stamps.length / Math.max(1, this.#scale.widthPx / 70)));
			const labels = stamps.flatMap((stamp, i) => (i % step === 0 ? [text(`L${stamp}`, this.#x({ node: -1, atUs: 0, lamport: stamp }))] : []));
			return line + base + labels.join("");
		}
		const ticks = ticksOf(this.#scale, 96).map(({ label, xPx }) => {
			const x = namesPx + xPx;
			const isFree = x > namesPx + 24 && x < this.#width - 24;
			return (isFree ? text(label, x) : "") + element("path", { d: `M${number(x)} ${headingPx + axisPx - 5}v5`, stroke: palette.soft });
		});
		return line + base + ticks.join("");
	}

	#names(): string {
		const { plan, palette } = this.#picture;
		const size = Math.min(14, Math.max(11, this.#lanes.laneHeightPx * 0.5));
		return this.#lanes.nodes
			.map((node) => {
				const name = clipText(plan.nodes[node]?.name ?? `#${node}`, size, namesPx - 22);
				return lettering(name, { x: namesPx - 12, y: (this.#lanes.yOf(node) ?? 0) + size * 0.35, size, weight: 600, anchor: "end", fill: palette.ink });
			})
			.join("");
	}

	#legend(): string {
		const { palette, density } = this.#picture;
		const y = this.#height - 16;
		let x = 24;
		const entry = (sign: (x: number) => string, text: string): string => {
			const drawn = sign(x) + lettering(text, { x: x + 32, y: y + 4, size: 12, fill: palette.soft });
			x += 32 + textWidth(text, 12) + 22;
			return drawn;
		};
		const line =
			(stroke: string, dash?: string, head = "") =>
			(at: number) =>
				element("path", { d: `M${number(at)} ${y}h24${head}`, fill: "none", stroke, "stroke-width": 1.8, "stroke-dasharray": dash });
		const entries =
			density !== null && this.#order === null
				? [entry((at) => element("path", { d: `M${number(at)} ${y - 3}h8v6h-8ZM${number(at + 9)} ${y - 6}h8v12h-8Z`, fill: palette.message }), words.density)]
				: [
						entry(line(palette.message, undefined, "l-7 -4m7 4l-7 4"), words.delivered),
						entry(
							(at) => line(palette.bad, "5 4")(at) + element("path", { d: crossPath(at + 24, y, 4), fill: "none", stroke: palette.bad, "stroke-width": 2 }),
							words.lost,
						),
						entry(line(palette.message, "2 3"), words.underWay),
						entry((at) => element("circle", { cx: at + 12, cy: y, r: 7, fill: palette.surface, stroke: palette.soft, "stroke-width": 1.4 }), words.local),
					];
		return (
			element("path", { d: `M20 ${number(y - 18)}H${this.#width - 20}`, stroke: palette.line }) +
			entries.join("") +
			entry((at) => triangle(at + 12, y, palette.bad, 1), words.fault) +
			entry((at) => triangle(at + 12, y, palette.good, -1), words.repair)
		);
	}
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

function crossPath(x: number, y: number, size: number): string {
	return `M${number(x - size)} ${number(y - size)}l${2 * size} ${2 * size}M${number(x + size)} ${number(y - size)}l${-2 * size} ${2 * size}`;
}

/** Upwards (1) for what breaks, downwards (-1) for what mends: told apart by form as well. */
function triangle(x: number, y: number, fill: string, direction: 1 | -1): string {
	return element("path", {
		d: `M${number(x)} ${number(y - 7 * direction)}L${number(x + 7)} ${number(y + 6 * direction)}L${number(x - 7)} ${number(y + 6 * direction)}Z`,
		fill,
	});
}

/** @returns a document, or with `isInline` an element for a page */
export function timelineSvg(given: TimelinePicture): string {
	return new TimelineDrawing(given).draw();
}
