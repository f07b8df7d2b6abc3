/** The drawings and charts of the report. */
import { chartLinesMax, chartSvg } from "../../shared/drawing/chart-svg.ts";
import { pagePalette } from "../../shared/drawing/palette.ts";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { timelineSvg } from "../../shared/drawing/timeline-svg.ts";
import { topologySvg } from "../../shared/drawing/topology-svg.ts";
import { drawingWords } from "../../shared/drawing/words.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { seriesOf } from "../lab-service/log/series.ts";
import { arrangePlan } from "./arrange.ts";
import { type DrawingWishes, headingOf, shownNodes } from "./drawings.ts";
import type { Sight } from "./gather.ts";
import type { Findings } from "./report-findings.ts";
import { captioned, elementOf, figure, section, text } from "./report-html.ts";

const chartPoints = 120;
/** Larger clusters need the whole width. */
const sideBySideNodes = 40;
/** With more lanes than these a diagram is taller than half a page. */
const widePictureLanes = 14;

function timelineFigure(findings: Findings, sight: Sight, id: string): string {
	const { source, lanes, notes: pinned } = findings;
	const pins = pinned.flatMap(({ event }, i) =>
		event === null || event.atUs < sight.fromUs || event.atUs > sight.toUs ? [] : [{ atUs: event.atUs, node: event.node, label: String(i + 1) }],
	);
	const range = drawingWords.between(formatInstant(sight.fromUs), formatInstant(sight.toUs));
	return timelineSvg({
		...sight,
		plan: source.plan,
		nodes: lanes,
		timeBase: "true",
		clocks: null,
		shownUs: null,
		pins,
		heading: headingOf(source, range),
		palette: pagePalette,
		widthPx: 1_180,
		isInline: true,
		id,
	});
}

export async function drawings(findings: Findings, wishes: DrawingWishes): Promise<string> {
	const { whole, focus } = findings;
	return [await momentFigures(findings, wishes), timelines(findings, whole, focus)].join("\n");
}

/** The cluster before, at and after what befell it. */
async function momentFigures({ source, moments, faultsWithoutPicture: left }: Findings, wishes: DrawingWishes): Promise<string> {
	const places = await arrangePlan(source.plan, wishes.places);
	const figures = moments.map(({ atUs, why, said, instant }, i) => {
		const heading = headingOf(source, drawingWords.at(formatInstant(atUs)));
		const svg = topologySvg({ ...instant, plan: source.plan, places, heading, palette: pagePalette, isInline: true, id: `moment-${i + 1}` });
		return captioned(svg, `<strong>${i + 1}. ${text(why)}</strong>, <span class="mono">${formatInstant(atUs)}</span>${said === "" ? "" : `: ${text(said)}`}`);
	});
	const more = left === 0 ? "" : elementOf("p", `${left === 1 ? "1 more instant" : `${left} more instants`} of faults: see “What happened”.`, "shows");
	return section(
		"The cluster, instant by instant",
		`<div class="moments${figures.length === 1 || source.plan.nodes.length > sideBySideNodes ? " one" : ""}">${figures.join("\n")}</div>`,
		more,
	);
}

function timelines(findings: Findings, whole: Sight, focus: Sight | null): string {
	// Lanes keep their height: on paper such a picture may have a page of its own.
	const { lanes, source, filter } = findings;
	const shape = lanes.length > widePictureLanes ? "tall" : "";
	const { length: nodeCount } = shownNodes(source, filter);
	const whose = lanes.length === nodeCount ? "" : ` ${lanes.length} of ${nodeCount} nodes: those that crashed, and the busiest.`;
	return section(
		"Events and messages",
		figure(
			timelineFigure(findings, whole, "timeline"),
			`${whole.density === null ? "Every event and every message." : "How much happened where; marks on the upper edge are losses."}${whose}`,
			shape,
		),
		focus === null ? "" : figure(timelineFigure(findings, focus, "focus"), "A closer look at where it became interesting.", shape),
	);
}

const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer, 0, bytes.length >>> 2);
const percent = (value: number): string => `${Math.round(value * 1_000) / 10} %`;
const plainNumber = (value: number): string => String(Math.round(value * 100) / 100);

export function charts({ source, filter, branch, whole }: Findings): string {
	const { fromUs, toUs } = whole;
	const nodes = shownNodes(source, filter);
	const series = seriesOf({ session: source, branch: branch.branch, eventCount: branch.head.eventCount }, { fromUs, toUs, points: chartPoints, nodes });
	const loads = floats(series.utilisation);
	const lines = series.nodes
		.map((node, lane) => ({ name: source.plan.nodes[node]?.name ?? `#${node}`, values: loads.subarray(lane * chartPoints, (lane + 1) * chartPoints) }))
		.map((line) => ({ ...line, sum: line.values.reduce((sum, value) => sum + value, 0) }))
		.filter(({ sum }) => sum > 0)
		.sort((a, b) => b.sum - a.sum);
	const perSecond = 1_000_000 / Math.max(1, series.stepUs);
	const rate = (bytes: Uint8Array): Float32Array => floats(bytes).map((value) => value * perSecond);
	const [p50, p99] = [floats(series.p50Us), floats(series.p99Us)];
	const common = { fromUs, toUs, palette: pagePalette };
	const drawn = [
		lines.length === 0
			? ""
			: figure(
					chartSvg({
						...common,
						id: "load",
						title: "Load of the nodes",
						description: `Share of their processors' time that programs took, a line a node: ${lines
							.slice(0, chartLinesMax)
							.map(({ name }) => name)
							.join(", ")}.`,
						lines,
						valueMin: 1,
						valueText: percent,
						limit: { value: 0.8, name: "80 %" },
					}),
					lines.length > chartLinesMax ? `Load: the ${chartLinesMax} busiest of ${lines.length} nodes.` : "Load of the nodes.",
				),
		p50.every((value) => !Number.isFinite(value))
			? ""
			: figure(
					chartSvg({
						...common,
						id: "latency",
						title: "Duration of requests",
						description: "Of spans that ended: the middle one, and the one that 99 in 100 do not exceed.",
						lines: [
							{ name: "p50", values: p50 },
							{ name: "p99", values: p99 },
						],
						valueMin: 1,
						valueText: shortDuration,
					}),
					"How long requests took: the median, and the 99th of a hundred.",
				),
		figure(
			chartSvg({
				...common,
				id: "messages",
				title: "Messages",
				description: "Messages delivered and lost, a second of virtual time.",
				lines: [
					{ name: "delivered", values: rate(series.delivered) },
					{ name: "lost", values: rate(series.lost) },
				],
				valueMin: 1,
				valueText: plainNumber,
			}),
			"Messages a second.",
		),
	];
	return section("Over time", ...drawn);
}
