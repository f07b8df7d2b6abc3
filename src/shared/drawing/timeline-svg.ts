/**
 * The space-time diagram as SVG: a lane a node, events, messages as arrows that go forward in time,
 * faults as bands. The same arithmetic as the window's canvas. Pure.
 */
import { heapsOf, stripHeightPx, stripRowPx } from "./band-strip.ts";
import { bandState, bandTitle } from "./band-words.ts";
import { type Band, isOfNode, isPassing, isStopped } from "./bands.ts";
import { clipText, element, escapeXml, headingOf, headingPx, lettering, number, picture, textWidth } from "./svg.ts";
import { ticksOf } from "./time-scale.ts";
import { crossPath, diamondPath, TimelineMarks, triangle } from "./timeline-marks.ts";
import { axisPx, namesPx, TimelineGeometry, type TimelinePicture } from "./timeline-picture.ts";
import { drawingWords as words } from "./words.ts";

class TimelineDrawing {
	readonly #geometry: TimelineGeometry;

	constructor(given: TimelinePicture) {
		this.#geometry = new TimelineGeometry(given);
	}

	draw(): string {
		const { palette, heading, isInline, id = "timeline" } = this.#geometry.picture;
		const clip = `${id}-clip`;
		const isCausal = this.#geometry.order !== null;
		const content = [
			headingOf(heading, palette, this.#geometry.width),
			element(
				"defs",
				{},
				element(
					"clipPath",
					{ id: clip },
					element("rect", { x: namesPx, y: headingPx, width: this.#geometry.width - namesPx, height: this.#geometry.lanes.heightPx - headingPx + 6 }),
				),
			),
			this.#laneLines(),
			element(
				"g",
				{ "clip-path": `url(#${clip})` },
				isCausal ? "" : this.#bands(),
				new TimelineMarks(this.#geometry).draw(),
				isCausal ? "" : this.#flags(),
				isCausal ? "" : this.#playhead(),
				this.#strip(),
				this.#pins(),
			),
			this.#axis(),
			this.#names(),
			this.#legend(),
		].join("\n");
		const description = this.#description();
		return picture(
			{ widthPx: this.#geometry.width, heightPx: this.#geometry.height, title: heading.title, description, background: palette.surface, id },
			content,
			isInline,
		);
	}

	#description(): string {
		const { heading, events, arrows, density, plan, nodes } = this.#geometry.picture;
		const lost = arrows.filter(({ fate }) => fate === "lost").length;
		const what = density === null ? `${events.length} events, ${arrows.length} messages, ${lost} ${words.lost}` : words.density;
		return `${heading.facts.join(", ")}. ${nodes.map((node) => plan.nodes[node]?.name ?? `#${node}`).join(", ")}. ${what}.`;
	}

	#laneLines(): string {
		const { palette } = this.#geometry.picture;
		const { nodes, laneHeightPx, yOf } = this.#geometry.lanes;
		return nodes
			.map((node, row) => {
				const y = yOf(node) ?? 0;
				const stripe =
					row % 2 === 1
						? element("rect", { x: 0, y: y - laneHeightPx / 2, width: this.#geometry.width, height: laneHeightPx, fill: palette.line, "fill-opacity": 0.22 })
						: "";
				return stripe + element("path", { d: `M${namesPx} ${number(y)}H${this.#geometry.width - 12}`, stroke: palette.line, "stroke-width": 1.5 });
			})
			.join("");
	}

	/** What lasts at a node, on its lane; and the network in parts, behind all lanes. */
	#bands(): string {
		return this.#geometry.picture.bands.map((band) => this.#band(band)).join("");
	}

	#stretch({ node, fromUs, toUs }: Pick<Band, "node" | "fromUs" | "toUs">): { readonly from: number; readonly to: number } {
		const { headUs } = this.#geometry.picture;
		return {
			from: Math.max(namesPx, this.#geometry.xAt(node, fromUs)),
			to: Math.min(this.#geometry.width, this.#geometry.xAt(node, Math.min(toUs ?? headUs, headUs))),
		};
	}

	#colourOf({ kind }: Band): string {
		const { palette } = this.#geometry.picture;
		if (kind === "down" || kind === "partition" || kind === "cut") return palette.bad;
		return kind === "paused" ? palette.quiet : palette.warning;
	}

	#band(band: Band): string {
		const { from, to } = this.#stretch(band);
		if (to <= from) return "";
		const fill = this.#colourOf(band);
		if (band.kind === "partition") {
			const top = headingPx + axisPx;
			return element("rect", { x: from, y: top, width: to - from, height: this.#geometry.lanes.heightPx - top, fill, "fill-opacity": 0.08 });
		}
		const y = isOfNode(band) ? this.#geometry.lanes.yOf(band.node) : undefined;
		if (y === undefined) return "";
		const height = Math.min(22, this.#geometry.lanes.laneHeightPx * 0.72);
		return this.#bar({ from, to, y: y - height / 2, height }, fill, isStopped(band)) + this.#tag(bandState(band), from, to, y + 4, fill);
	}

	/** A bar for each fault of the network, with its name. */
	#strip(): string {
		const { strip, picture: given } = this.#geometry;
		const top = headingPx + axisPx + 2;
		const bar = (
			{ from, to }: { readonly from: number; readonly to: number },
			row: number,
			[text, short]: readonly [string, string],
			fill: string,
			isHatched: boolean,
		): string => {
			if (to < from) return "";
			const box = { from, to: Math.max(to, from + 3), y: top + row * stripRowPx, height: stripRowPx - 3 };
			return element(
				"g",
				{},
				element("title", {}, escapeXml(text)),
				this.#bar(box, fill, isHatched),
				this.#tag(text, from, to, box.y + 11, fill) || this.#tag(short, from, to, box.y + 11, fill),
			);
		};
		const bars = [...strip.rows].map(([band, row]) =>
			bar(this.#stretch(band), row, [bandTitle(band, given.plan), bandState(band)], this.#colourOf(band), isStopped(band)),
		);
		const heaps = heapsOf(strip.heaped).map((heap) =>
			bar(this.#stretch({ node: -1, ...heap }), strip.rowCount - 1, [words.moreBands(heap.count), String(heap.count)], given.palette.soft, false),
		);
		return bars.join("") + heaps.join("");
	}

	/** Hatched for what is stopped, in outline for what is only worse than planned. */
	#bar(box: { readonly from: number; readonly to: number; readonly y: number; readonly height: number }, colour: string, isHatched: boolean): string {
		const { from: x, to, y, height } = box;
		const look = { x, y, width: to - x, height, fill: colour, "fill-opacity": 0.1, stroke: colour, "stroke-width": 1.3 };
		return (isHatched ? this.#hatch(box, colour) : "") + element("rect", look);
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
			element("rect", { x: from + 4, y: y - 10, width: width + 5, height: 13, fill: this.#geometry.picture.palette.surface }) +
			lettering(text, { x: from + 6, y, size: 11.5, weight: 650, fill })
		);
	}

	/** Faults that do not last. */
	#flags(): string {
		const { faults, palette } = this.#geometry.picture;
		const top = headingPx + axisPx + stripHeightPx(this.#geometry.strip);
		const d = faults
			.filter(({ kind }) => isPassing(kind))
			.map(({ atUs }) => {
				const x = this.#geometry.xAt(-1, atUs);
				return `M${number(x - 4)} ${top}h8v6h-3V${number(this.#geometry.lanes.heightPx)}h-2V${top + 6}h-3Z`;
			});
		return d.length === 0 ? "" : element("path", { d: d.join(""), fill: palette.warning, "fill-opacity": 0.8 });
	}

	#playhead(): string {
		const { shownUs, palette } = this.#geometry.picture;
		if (shownUs === null) return "";
		const x = this.#geometry.xAt(-1, shownUs);
		return element("path", { d: `M${number(x)} ${headingPx + 10}V${number(this.#geometry.lanes.heightPx)}`, stroke: palette.select, "stroke-width": 2.5 });
	}

	#pins(): string {
		const { pins = [], palette } = this.#geometry.picture;
		if (this.#geometry.order !== null) return "";
		return pins
			.map(({ atUs, node, label }) => {
				const x = this.#geometry.xAt(node, atUs);
				const y = (this.#geometry.lanes.yOf(node) ?? headingPx + axisPx + 12) - 13;
				return (
					element("path", { d: `M${number(x)} ${number(y + 12)}l-5 -7h10Z`, fill: palette.accent }) +
					element("circle", { cx: x, cy: y, r: 8, fill: palette.accent }) +
					lettering(label, { x, y: y + 3.6, size: 10, weight: 700, anchor: "middle", fill: palette.raised })
				);
			})
			.join("");
	}

	#axis(): string {
		const { palette, timeBase } = this.#geometry.picture;
		const y = headingPx + 15;
		const line = element("path", { d: `M0 ${headingPx + axisPx - 0.5}H${this.#geometry.width}`, stroke: palette.line });
		const text = (label: string, x: number): string => lettering(label, { x, y, size: 11.5, anchor: "middle", fill: palette.soft, isMono: true });
		const base = lettering(words.timeBases[timeBase], { x: 12, y, size: 11, fill: palette.soft });
		if (this.#geometry.order !== null) {
			const { stamps } = this.#geometry.order;
			const step = Math.max(1, Math.ceil(stamps.length / Math.max(1, this.#geometry.scale.widthPx / 70)));
			const labels = stamps.flatMap((stamp, i) =>
				i % step === 0 ? [text(`${timeBase === "vector" ? "Σ" : "L"}${stamp}`, this.#geometry.x({ node: -1, atUs: 0, rank: stamp }))] : [],
			);
			return line + base + labels.join("");
		}
		const ticks = ticksOf(this.#geometry.scale, 96).map(({ label, xPx }) => {
			const x = namesPx + xPx;
			const isFree = x > namesPx + 24 && x < this.#geometry.width - 24;
			return (isFree ? text(label, x) : "") + element("path", { d: `M${number(x)} ${headingPx + axisPx - 5}v5`, stroke: palette.soft });
		});
		return line + base + ticks.join("");
	}

	#names(): string {
		const { plan, palette } = this.#geometry.picture;
		const strip = { x: namesPx - 12, y: headingPx + axisPx + 13, size: 11.5, weight: 600, anchor: "end" as const, fill: palette.soft };
		const label = this.#geometry.strip.rowCount > 0 ? lettering(words.network, strip) : "";
		const size = Math.min(14, Math.max(11, this.#geometry.lanes.laneHeightPx * 0.5));
		const names = this.#geometry.lanes.nodes
			.map((node) => {
				const name = clipText(plan.nodes[node]?.name ?? `#${node}`, size, namesPx - 22);
				return lettering(name, {
					x: namesPx - 12,
					y: (this.#geometry.lanes.yOf(node) ?? 0) + size * 0.35,
					size,
					weight: 600,
					anchor: "end",
					fill: palette.ink,
				});
			})
			.join("");
		return label + names;
	}

	#legend(): string {
		const { palette, density, plan, nodes, divergesAt = null } = this.#geometry.picture;
		const hidden = nodes.length < plan.nodes.length;
		const y = this.#geometry.height - 16;
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
			density !== null && this.#geometry.order === null
				? [entry((at) => element("path", { d: `M${number(at)} ${y - 3}h8v6h-8ZM${number(at + 9)} ${y - 6}h8v12h-8Z`, fill: palette.message }), words.density)]
				: [
						entry(line(palette.message, undefined, "l-7 -4m7 4l-7 4"), words.delivered),
						entry(
							(at) => line(palette.bad, "5 4")(at) + element("path", { d: crossPath(at + 24, y, 4), fill: "none", stroke: palette.bad, "stroke-width": 2 }),
							words.lost,
						),
						entry(line(palette.message, "2 3"), words.underWay),
						entry((at) => element("circle", { cx: at + 12, cy: y, r: 7, fill: palette.surface, stroke: palette.soft, "stroke-width": 1.4 }), words.local),
						...(hidden ? [entry(line(palette.quiet, "7 5", "l-7 -4m7 4l-7 4"), words.indirect)] : []),
						...(divergesAt === null ? [] : [entry((at) => element("path", { d: diamondPath(at + 12, y, 5.5), fill: palette.message }), words.differs)]),
					];
		return (
			element("path", { d: `M20 ${number(y - 18)}H${this.#geometry.width - 20}`, stroke: palette.line }) +
			entries.join("") +
			entry((at) => triangle(at + 12, y, palette.bad, 1), words.fault) +
			entry((at) => triangle(at + 12, y, palette.good, -1), words.repair)
		);
	}
}

/** @returns a document, or with `isInline` an element for a page */
export function timelineSvg(given: TimelinePicture): string {
	return new TimelineDrawing(given).draw();
}
