/** Lines over time, as SVG for a page: few, told apart by dash and label as well as by colour. Pure. */
import type { DrawingColour, DrawingPalette } from "./palette.ts";
import { clipText, element, lettering, number, picture } from "./svg.ts";
import { ticksOf, xOf } from "./time-scale.ts";

export interface ChartLine {
	readonly name: string;
	/** Evenly over the range; NaN where there is nothing. */
	readonly values: ArrayLike<number>;
}

export interface ChartPicture {
	readonly id: string;
	readonly title: string;
	readonly description: string;
	readonly fromUs: number;
	readonly toUs: number;
	readonly lines: readonly ChartLine[];
	/** The top of the axis is at least this. */
	readonly valueMin: number;
	readonly valueText: (value: number) => string;
	/** A line across, with its name. */
	readonly limit?: { readonly value: number; readonly name: string };
	readonly palette: DrawingPalette;
}

const colours: readonly DrawingColour[] = ["message", "bad", "accent", "good", "warning", "quiet", "soft", "ink"];
const dashes = [undefined, "7 4", "2 3", "10 3 2 3", "4 2", "1 3", "12 4", "6 2 2 2"];
const [widthPx, heightPx, left, right, top, bottom] = [880, 250, 64, 150, 16, 34];
export const chartLinesMax = colours.length;

/** The next round number that is not below. */
function roundUp(value: number): number {
	let unit = 1;
	while (unit < value) unit *= 10;
	while (unit > value && unit > 1e-6) unit /= 10;
	for (const step of [1, 2, 2.5, 5, 10]) if (unit * step >= value) return unit * step;
	return unit * 10;
}

export function chartSvg({ id, title, description, fromUs, toUs, lines, valueMin, valueText, limit, palette }: ChartPicture): string {
	const shown = lines.slice(0, chartLinesMax);
	let most = valueMin;
	for (const { values } of shown) for (let i = 0; i < values.length; i++) if ((values[i] as number) > most) most = values[i] as number;
	const highest = roundUp(most);
	const scale = { fromUs, toUs: Math.max(toUs, fromUs + 1), widthPx: widthPx - left - right };
	const yOf = (value: number): number => heightPx - bottom - (value / highest) * (heightPx - top - bottom);
	const grid = [0, 0.25, 0.5, 0.75, 1].map((ratio) => {
		const y = yOf(highest * ratio);
		return (
			element("path", { d: `M${left} ${number(y)}H${widthPx - right}`, stroke: palette.line }) +
			lettering(valueText(highest * ratio), { x: left - 8, y: y + 4, size: 11.5, anchor: "end", fill: palette.soft })
		);
	});
	const ticks = ticksOf(scale, 90).map(({ label, xPx }) =>
		lettering(label, { x: left + xPx, y: heightPx - bottom + 18, size: 11.5, anchor: "middle", fill: palette.soft }),
	);
	const drawn = shown.map(({ values }, line) =>
		element("path", {
			d: linePath(values, (i) => left + xOf(scale, fromUs + ((i + 0.5) / values.length) * (toUs - fromUs)), yOf),
			fill: "none",
			stroke: palette[colours[line] ?? "ink"],
			"stroke-width": 2,
			"stroke-dasharray": dashes[line],
			"stroke-linejoin": "round",
		}),
	);
	const limitLine =
		limit === undefined
			? ""
			: element("path", { d: `M${left} ${number(yOf(limit.value))}H${widthPx - right}`, stroke: palette.bad, "stroke-width": 1.6, "stroke-dasharray": "3 3" }) +
				lettering(limit.name, { x: left + 6, y: yOf(limit.value) - 5, size: 11.5, weight: 600, fill: palette.bad });
	const legend = shown.map(({ name }, line) => {
		const y = top + 12 + line * 19;
		return (
			element("path", {
				d: `M${widthPx - right + 14} ${y - 4}h26`,
				stroke: palette[colours[line] ?? "ink"],
				"stroke-width": 2.4,
				"stroke-dasharray": dashes[line],
			}) + lettering(clipText(name, 12, right - 52), { x: widthPx - right + 46, y, size: 12, fill: palette.ink })
		);
	});
	const content = [...grid, ...ticks, ...drawn, limitLine, ...legend].join("");
	return picture({ widthPx, heightPx, title, description, background: palette.surface, id }, content, true);
}

function linePath(values: ArrayLike<number>, xAt: (index: number) => number, yOf: (value: number) => number): string {
	let d = "";
	let isPen = false;
	for (let i = 0; i < values.length; i++) {
		const value = values[i] as number;
		if (!Number.isFinite(value)) {
			isPen = false;
			continue;
		}
		const next = values[i + 1];
		d += `${isPen ? "L" : "M"}${number(xAt(i))} ${number(yOf(value))}`;
		// A single point between gaps would not be seen.
		if (!isPen && !(next !== undefined && Number.isFinite(next))) d += "h1.5";
		isPen = true;
	}
	return d === "" ? "M0 0" : d;
}
