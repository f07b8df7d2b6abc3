/**
 * Curves over time as uPlot draws them, in the page's own colours. Knows no run; the one place that
 * says how a chart looks.
 */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type ColourName, faded, readPalette } from "../state/theme.ts";

export interface Curve {
	readonly name: string;
	readonly values: readonly (number | null)[];
	readonly colour: ColourName;
	/** Told apart without colour, too. */
	readonly dash?: readonly number[];
	readonly isFilled?: boolean;
	/** Drawn as steps: a value holds until the next one. */
	readonly isStepped?: boolean;
}

export interface LineChart {
	/** Ascending. */
	readonly xs: readonly number[];
	readonly curves: readonly Curve[];
	/** How a value is written at the left. */
	readonly text: (value: number) => string;
	readonly xText: (x: number) => string;
	readonly heightPx: number;
	/** A dashed line across, which is always in sight. */
	readonly limit?: number;
	/** In sight at least. */
	readonly yMax?: number;
	/** A thick line down, with a dot on top: an instant that is looked at. */
	readonly markX?: number;
	readonly xRange?: readonly [from: number, to: number];
	readonly axisPx?: number;
}

function optionsOf({ curves, text, xText, heightPx, limit, yMax, markX, xRange, axisPx }: LineChart, width: number): uPlot.Options {
	const palette = readPalette();
	const axis = {
		stroke: palette.soft,
		grid: { stroke: faded(palette.line, 0.7), width: 1 },
		ticks: { stroke: palette.line, width: 1 },
		font: "12px system-ui, sans-serif",
	};
	const drawLimit = (chart: uPlot): void => {
		if (limit === undefined) return;
		const y = chart.valToPos(limit, "y", true);
		const { ctx, bbox } = chart;
		ctx.strokeStyle = palette.ink;
		ctx.lineWidth = 2 * window.devicePixelRatio;
		ctx.setLineDash([10, 6]);
		ctx.beginPath();
		ctx.moveTo(bbox.left, y);
		ctx.lineTo(bbox.left + bbox.width, y);
		ctx.stroke();
		ctx.setLineDash([]);
	};
	const drawMark = (chart: uPlot): void => {
		const { ctx, bbox } = chart;
		const x = markX === undefined ? Number.NaN : chart.valToPos(markX, "x", true);
		if (!(x >= bbox.left - 1 && x <= bbox.left + bbox.width + 1)) return;
		const ratio = window.devicePixelRatio;
		ctx.save();
		ctx.setLineDash([]);
		ctx.strokeStyle = palette.ink;
		ctx.fillStyle = palette.select;
		ctx.lineWidth = 2 * ratio;
		ctx.beginPath();
		ctx.moveTo(x, bbox.top);
		ctx.lineTo(x, bbox.top + bbox.height);
		ctx.stroke();
		ctx.beginPath();
		ctx.arc(x, bbox.top + 5 * ratio, 5 * ratio, 0, 2 * Math.PI);
		ctx.fill();
		ctx.stroke();
		ctx.restore();
	};
	const least = Math.max(yMax ?? 1e-6, limit === undefined ? 0 : limit * 1.25);
	const xScale: uPlot.Scale = { time: false };
	if (xRange !== undefined) xScale.range = [xRange[0], xRange[1]];
	return {
		width,
		height: heightPx,
		legend: { show: false },
		cursor: { show: false },
		hooks: { draw: [drawLimit, drawMark] },
		scales: { x: xScale, y: { range: (_chart, _least, most) => [0, Math.max(least, (most ?? 0) * 1.1)] } },
		axes: [
			{ ...axis, size: 32, values: (_chart, splits) => splits.map(xText) },
			{ ...axis, size: axisPx ?? 68, values: (_chart, splits) => splits.map(text) },
		],
		series: [{}, ...curves.map((curve) => seriesOf(curve, palette[curve.colour]))],
	};
}

function seriesOf({ name, dash, isFilled, isStepped }: Curve, stroke: string): uPlot.Series {
	const line: uPlot.Series = { label: name, stroke, width: 2.2, points: { show: false }, spanGaps: true };
	if (dash !== undefined) line.dash = [...dash];
	if (isFilled) line.fill = faded(stroke, 0.16);
	const stepped = uPlot.paths.stepped;
	if (isStepped && stepped !== undefined) line.paths = stepped({ align: 1 });
	return line;
}

/** Draws into the holder, as wide as it is. @returns what takes it away again */
export function drawLineChart(holder: HTMLElement, chart: LineChart): () => void {
	const data = [[...chart.xs], ...chart.curves.map(({ values }) => [...values])] as unknown as uPlot.AlignedData;
	const drawn = new uPlot(optionsOf(chart, holder.clientWidth), data, holder);
	const resized = new ResizeObserver(() => drawn.setSize({ width: holder.clientWidth, height: chart.heightPx }));
	resized.observe(holder);
	return () => {
		resized.disconnect();
		drawn.destroy();
	};
}
