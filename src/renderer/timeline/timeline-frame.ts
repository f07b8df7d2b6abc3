/**
 * Draws what lies behind and around the diagram: lanes and their names, bands of faults, the axis of the
 * time that is chosen, the instant that is shown, and where another run parts from this one. Canvas only.
 */
import { heapsOf, stripHeightPx, stripRowPx } from "../../shared/drawing/band-strip.ts";
import { bandState, bandTitle } from "../../shared/drawing/band-words.ts";
import { type Band, isOfNode, isPassing, isStopped } from "../../shared/drawing/bands.ts";
import { palettes } from "../../shared/drawing/palette.ts";
import { drawingWords } from "../../shared/drawing/words.ts";
import { sansFont, widthOf } from "../drawing/canvas.ts";
import { causalOrder } from "../maths/causal-order.ts";
import { ticksOf, clockText as wallText } from "../maths/time-scale.ts";
import { faded, type Palette } from "../state/theme.ts";
import { strings } from "../strings.ts";
import { axisPx, isByOrder, namesPx, type Placing, stampedIn, type TimelineView } from "./timeline-view.ts";

/** Labels of the axis give way to the instant that is shown. */
const playheadRoomPx = 74;
/** A flag says what it is about where there is so much room. */
const flagWordsPx = 190;
const tagFont = `650 11.5px ${sansFont}`;

export class FramePainter {
	readonly #context: CanvasRenderingContext2D;
	readonly #palette: Palette;
	readonly #view: TimelineView;
	readonly #x: Placing;

	constructor(context: CanvasRenderingContext2D, view: TimelineView, palette: Palette, x: Placing) {
		this.#context = context;
		this.#view = view;
		this.#palette = palette;
		this.#x = x;
	}

	lanes(): void {
		const { lanes, widthPx, selectedNode } = this.#view;
		const context = this.#context;
		lanes.nodes.forEach((node, row) => {
			const y = lanes.yOf(node) ?? 0;
			if (y < 0 || y > this.#view.heightPx + lanes.laneHeightPx) return;
			if (row % 2 === 1) {
				context.fillStyle = faded(this.#palette.line, 0.22);
				context.fillRect(0, y - lanes.laneHeightPx / 2, widthPx, lanes.laneHeightPx);
			}
			if (node === selectedNode) {
				context.fillStyle = faded(this.#palette.select, 0.16);
				context.fillRect(0, y - lanes.laneHeightPx / 2, widthPx, lanes.laneHeightPx);
			}
			context.strokeStyle = this.#palette.line;
			context.lineWidth = 1.5;
			context.beginPath();
			context.moveTo(namesPx, y);
			context.lineTo(widthPx, y);
			context.stroke();
		});
	}

	/** What lasts at a node, on its lane; and the network in parts, behind all lanes. */
	bands(): void {
		const { inSight, lanes, heightPx } = this.#view;
		const context = this.#context;
		for (const band of inSight?.bands ?? []) {
			const { from, to } = this.#stretch(band);
			const colour = this.#colourOf(band);
			if (band.kind === "partition") {
				context.fillStyle = faded(colour, 0.09);
				context.fillRect(from, axisPx, to - from, heightPx);
			}
			const y = isOfNode(band) ? lanes.yOf(band.node) : undefined;
			if (y === undefined) continue;
			const height = Math.min(22, lanes.laneHeightPx * 0.72);
			if (isStopped(band)) this.#hatch({ x: from, y: y - height / 2, width: to - from, height }, colour);
			else this.#outline({ x: from, y: y - height / 2, width: to - from, height }, colour);
			this.#tag(bandState(band), from, to, y + 4, colour);
		}
	}

	/** A bar for each fault of the network, with its name: cuts and partitions hatched, what is only worse than planned in outline. */
	strip(): void {
		const { strip, plan, widthPx } = this.#view;
		if (strip.rowCount === 0) return;
		const context = this.#context;
		context.fillStyle = this.#palette.surface;
		context.fillRect(0, axisPx, widthPx, stripHeightPx(strip));
		const bar = (
			{ from, to }: { readonly from: number; readonly to: number },
			row: number,
			[text, short]: readonly [string, string],
			look: { readonly colour: string; readonly isHatched: boolean },
		): void => {
			const box = { x: from, y: axisPx + 2 + row * stripRowPx, width: Math.max(3, to - from), height: stripRowPx - 3 };
			if (look.isHatched) this.#hatch(box, look.colour);
			this.#outline(box, look.colour);
			if (!this.#tag(text, from, to, box.y + 11, look.colour)) this.#tag(short, from, to, box.y + 11, look.colour);
		};
		for (const [band, row] of strip.rows)
			bar(this.#stretch(band), row, [bandTitle(band, plan), bandState(band)], { colour: this.#colourOf(band), isHatched: isStopped(band) });
		for (const heap of heapsOf(strip.heaped)) {
			const stretch = this.#stretch({ node: -1, ...heap });
			bar(stretch, strip.rowCount - 1, [drawingWords.moreBands(heap.count), String(heap.count)], { colour: this.#palette.soft, isHatched: false });
		}
	}

	#stretch({ node, fromUs, toUs }: Pick<Band, "node" | "fromUs" | "toUs">): { readonly from: number; readonly to: number } {
		const at = (atUs: number): number => this.#x({ node, atUs, lamport: 0 });
		return { from: at(fromUs), to: at(Math.min(toUs ?? Number.POSITIVE_INFINITY, this.#view.headUs)) };
	}

	#colourOf({ kind }: Band): string {
		if (kind === "down" || kind === "partition" || kind === "cut") return this.#palette.bad;
		return kind === "paused" ? this.#palette.quiet : this.#palette.warning;
	}

	faultFlags(): void {
		const context = this.#context;
		const topPx = axisPx + stripHeightPx(this.#view.strip);
		const flags = this.#view.marks.filter(({ kind }) => isPassing(kind));
		flags.forEach(({ atUs, text }, i) => {
			const x = this.#x({ node: -1, atUs, lamport: 0 });
			const next = flags[i + 1];
			context.fillStyle = this.#palette.warning;
			context.fillRect(x - 1, topPx, 2, this.#view.heightPx);
			context.fillRect(x - 4, topPx, 8, 6);
			const freeUntil = next === undefined ? Number.POSITIVE_INFINITY : this.#x({ node: -1, atUs: next.atUs, lamport: 0 });
			if (x >= namesPx && freeUntil - x > flagWordsPx) this.#tag(text, x, freeUntil, topPx + 14, this.#palette.warning);
		});
	}

	axis(): void {
		const { scale, widthPx, timeBase, inSight } = this.#view;
		const context = this.#context;
		context.fillStyle = this.#palette.surface;
		context.fillRect(0, 0, widthPx, axisPx);
		context.strokeStyle = this.#palette.line;
		context.lineWidth = 1;
		context.beginPath();
		context.moveTo(0, axisPx - 0.5);
		context.lineTo(widthPx, axisPx - 0.5);
		context.stroke();
		context.font = "500 11.5px ui-monospace, monospace";
		context.fillStyle = this.#palette.soft;
		context.textAlign = "center";
		if (isByOrder(timeBase)) {
			const stamps = inSight === null ? [] : causalOrder(stampedIn(inSight, scale)).stamps;
			const step = Math.max(1, Math.ceil(stamps.length / Math.max(1, scale.widthPx / 70)));
			stamps.forEach((stamp, i) => {
				if (i % step === 0)
					context.fillText(`${timeBase === "causal" ? "L" : "Σ"}${stamp}`, namesPx + 14 + (i / Math.max(1, stamps.length - 1)) * (scale.widthPx - 28), 16);
			});
			return;
		}
		const shown = timeBase === "true" ? this.#x({ node: -1, atUs: this.#view.shownUs, lamport: 0 }) : Number.NEGATIVE_INFINITY;
		for (const { label, xPx } of ticksOf(scale, 96)) {
			const x = namesPx + xPx;
			if (x < namesPx + 20) continue;
			if (Math.abs(x - shown) > playheadRoomPx) context.fillText(label, x, 15);
			context.fillRect(x, axisPx - 5, 1, 5);
		}
	}

	names(): void {
		const { lanes, plan, heightPx, selectedNode } = this.#view;
		const context = this.#context;
		context.fillStyle = this.#palette.surface;
		context.fillRect(0, axisPx, namesPx - 2, heightPx);
		context.textAlign = "right";
		const sizePx = Math.min(14, Math.max(11, lanes.laneHeightPx * 0.6));
		const { strip } = this.#view;
		if (strip.rowCount > 0) {
			context.fillStyle = this.#palette.soft;
			context.font = "600 11.5px system-ui, sans-serif";
			context.fillText(drawingWords.network, namesPx - 12, axisPx + 13);
		}
		for (const node of lanes.nodes) {
			const y = lanes.yOf(node) ?? 0;
			if (y < axisPx + stripHeightPx(strip) - lanes.laneHeightPx / 2 || y > heightPx + lanes.laneHeightPx) continue;
			context.font = `${node === selectedNode ? 750 : 600} ${sizePx}px system-ui, sans-serif`;
			context.fillStyle = this.#palette.ink;
			context.fillText(plan.nodes[node]?.name ?? "", namesPx - 12, y + sizePx * 0.35, namesPx - 16);
		}
	}

	playhead(): void {
		const { shownUs, heightPx, widthPx } = this.#view;
		const x = this.#x({ node: -1, atUs: shownUs, lamport: 0 });
		if (x < namesPx || x > widthPx) return;
		const context = this.#context;
		context.strokeStyle = this.#palette.select;
		context.lineWidth = 2.5;
		context.beginPath();
		context.moveTo(x, axisPx - 8);
		context.lineTo(x, heightPx);
		context.stroke();
		const { main } = wallText(shownUs);
		context.font = "700 11.5px ui-monospace, monospace";
		const width = context.measureText(main).width + 12;
		const left = Math.min(Math.max(x - width / 2, namesPx - 8), widthPx - width - 2);
		context.fillStyle = this.#palette.select;
		context.beginPath();
		context.roundRect(left, 2, width, axisPx - 7, 5);
		context.moveTo(x - 5, axisPx - 5);
		context.lineTo(x + 5, axisPx - 5);
		context.lineTo(x, axisPx + 1);
		context.fill();
		// The instant is shown in the same yellow in both themes: letters on it are dark.
		context.fillStyle = palettes.light.ink;
		context.textAlign = "center";
		context.fillText(main, left + width / 2, 15.5);
	}

	/** The first event that is not so in the run beside this one. */
	divergence(): void {
		const { divergence, heightPx } = this.#view;
		if (divergence === null) return;
		const x = this.#x({ node: -1, atUs: divergence.atUs, lamport: 0 });
		const context = this.#context;
		context.strokeStyle = this.#palette.bad;
		context.lineWidth = 2;
		context.setLineDash([9, 4, 2, 4]);
		context.beginPath();
		context.moveTo(x, axisPx);
		context.lineTo(x, heightPx);
		context.stroke();
		context.setLineDash([]);
		this.#tag(`◆ ${strings.beside.differs}`, x, Number.POSITIVE_INFINITY, heightPx - 8, this.#palette.bad);
	}

	/** @returns false where there is no room for it */
	#tag(text: string, from: number, to: number, y: number, colour: string): boolean {
		const left = Math.max(from, namesPx) + 6;
		const width = widthOf(text, tagFont);
		if (Math.min(to, this.#view.widthPx) - left < width + 4) return false;
		const context = this.#context;
		context.font = tagFont;
		context.textAlign = "left";
		context.fillStyle = this.#palette.surface;
		context.fillRect(left - 2, y - 10, width + 5, 13);
		context.fillStyle = colour;
		context.fillText(text, left, y);
		return true;
	}

	#outline({ x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, colour: string): void {
		const [left, right] = [Math.max(x, namesPx - 20), Math.min(x + width, this.#view.widthPx + 20)];
		if (right <= left) return;
		const context = this.#context;
		context.fillStyle = faded(colour, 0.1);
		context.fillRect(left, y, right - left, height);
		context.strokeStyle = colour;
		context.lineWidth = 1.4;
		context.strokeRect(left, y + 0.5, right - left, height - 1);
	}

	#hatch({ x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }, colour: string): void {
		const context = this.#context;
		const [left, right] = [Math.max(x, namesPx - 20), Math.min(x + width, this.#view.widthPx + 20)];
		if (right <= left) return;
		context.save();
		context.beginPath();
		context.rect(left, y, right - left, height);
		context.fillStyle = faded(colour, 0.1);
		context.fill();
		context.clip();
		context.strokeStyle = faded(colour, 0.5);
		context.lineWidth = 1.4;
		context.beginPath();
		for (let line = Math.floor(left / 8) * 8 - height; line < right; line += 8) {
			context.moveTo(line, y + height);
			context.lineTo(line + height, y);
		}
		context.stroke();
		context.restore();
	}
}
