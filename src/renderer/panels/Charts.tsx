/** Latency, load and messages over the run. Each chart is drawn by uPlot and has a table beside it. */
import { type ReactElement, useEffect, useRef, useState } from "react";
import { clockText, shortDuration } from "../../shared/drawing/time-scale.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { usPerSecond } from "../../shared/units.ts";
import { chartEndUs, wholePoints } from "../maths/chart-span.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { drawLineChart, type LineChart } from "../parts/line-chart.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { canGoOn } from "../state/acts.ts";
import type { SeriesView } from "../state/contract-types.ts";
import { SeriesFeed, type SeriesWish } from "../state/series-feed.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { CurveKeys } from "../views/parts/MiniChart.tsx";

const says = strings.charts;
const pointsWanted = 120;
const chartHeightPx = 150;
const tableRowsMax = 40;

function numbers(bytes: Uint8Array): readonly (number | null)[] {
	const copy = bytes.slice();
	return Array.from(new Float32Array(copy.buffer, 0, copy.length >>> 2), (value) => (Number.isNaN(value) ? null : value));
}

/** The busiest node at each instant: what the line at 80 % is about. */
function busiest({ utilisation, points, nodes }: SeriesView): readonly number[] {
	const all = numbers(utilisation);
	return Array.from({ length: points }, (_, i) => nodes.reduce((most, _node, row) => Math.max(most, all[row * points + i] ?? 0), 0));
}

/** Work is known of when it is done: of a run that goes on, nodes may be at it since the last that was. */
function knownLoad(loads: readonly number[], isOver: boolean): readonly number[] {
	return isOver ? loads : loads.slice(0, loads.findLastIndex((load) => load > 0) + 1);
}

/** Looked at anew as the run goes on, and once all that happened is in the file. */
function useSeries(): Shown | null {
	const run = useRun();
	const isOver = useRunState((state) => !canGoOn(state.run));
	const toUs = useRunState((state) => chartEndUs(state.run.virtualUs, !canGoOn(state.run)));
	const isAllInFile = useRunState((state) => state.run.committedEvents >= state.run.events);
	const [shown, setShown] = useState<Shown | null>(null);
	const feed = useRef<SeriesFeed | null>(null);
	useEffect(() => {
		const made = new SeriesFeed({
			look: (endUs) => run.look("log.series", { fromUs: 0, toUs: endUs, points: pointsWanted, nodes: null }),
			take: (series, wish) => setShown({ series, ...wish }),
		});
		feed.current = made;
		return () => made.close();
	}, [run]);
	useEffect(() => feed.current?.want({ toUs, isAllInFile, isOver }), [toUs, isAllInFile, isOver]);
	return shown;
}

interface Shown extends SeriesWish {
	readonly series: SeriesView;
}

export function Charts(): ReactElement {
	const selectedUs = useRunState((state) => state.detail?.event.atUs ?? -1);
	const shown = useSeries();
	if (shown === null) return <p className="empty">{says.empty}</p>;
	const { series, toUs, isAllInFile, isOver } = shown;
	const { fromUs, stepUs } = series;
	const points = wholePoints(series, isAllInFile ? Math.max(toUs, series.reachUs) : series.reachUs);
	if (points === 0) return <p className="empty">{says.empty}</p>;
	const seconds = Array.from({ length: points }, (_, i) => (fromUs + (i + 0.5) * stepUs) / usPerSecond);
	const whole = (values: readonly (number | null)[]): readonly (number | null)[] => seconds.map((_, i) => values[i] ?? null);
	const perSecond = (counts: Uint8Array): readonly (number | null)[] =>
		whole(numbers(counts)).map((count) => (count === null ? null : (count * usPerSecond) / stepUs));
	const common = {
		seconds,
		xRange: [fromUs / usPerSecond, Math.max(toUs, fromUs + 1) / usPerSecond],
		...(selectedUs < 0 ? {} : { markX: selectedUs / usPerSecond }),
	} as const;
	return (
		<section className="charts" aria-label={says.label}>
			{selectedUs >= 0 && (
				<p className="chart-mark" role="status">
					<span className="cone-sign self" aria-hidden="true">
						●
					</span>{" "}
					{says.selected(formatInstant(selectedUs))}
				</p>
			)}
			<Chart
				{...common}
				title={says.latency}
				text={shortDuration}
				curves={[
					{ name: says.p50, values: whole(numbers(series.p50Us)), colour: "message" },
					{ name: says.p99, values: whole(numbers(series.p99Us)), colour: "future", dash: [8, 5] },
				]}
			/>
			<Chart
				{...common}
				title={says.load}
				text={(value) => `${Math.round(value * 100)} %`}
				limit={0.8}
				curves={[{ name: says.busiest, values: whole(knownLoad(busiest(series).slice(0, points), isOver)), colour: "good", isFilled: true }]}
			/>
			<Chart
				{...common}
				title={says.flow}
				text={(value) => Math.round(value).toLocaleString("en")}
				curves={[
					{ name: says.delivered, values: perSecond(series.delivered), colour: "message", isFilled: true },
					{ name: says.lost, values: perSecond(series.lost), colour: "bad", dash: [3, 3] },
				]}
			/>
		</section>
	);
}

interface ChartProps extends Pick<LineChart, "curves" | "text" | "limit" | "markX" | "xRange"> {
	readonly title: string;
	readonly seconds: readonly number[];
}

function Chart(props: ChartProps): ReactElement {
	const app = useApp();
	const { title, seconds, curves, text } = props;
	const theme = useStore(app.store, (state) => state.theme);
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const holder = box.current;
		if (holder === null || !theme) return;
		return drawLineChart(holder, {
			...props,
			xs: seconds,
			xText: (second) => `${second} s`,
			heightPx: chartHeightPx,
			...(props.limit === undefined ? {} : { yMax: 1 }),
		});
	}, [props, seconds, theme]);
	const step = Math.max(1, Math.ceil(seconds.length / tableRowsMax));
	return (
		<article className="chart">
			<h3>
				{title}
				<CurveKeys curves={curves} />
			</h3>
			<div ref={box} aria-hidden="true" />
			<details>
				<summary>{says.table}</summary>
				<Scroll className="scroll-table" label={title}>
					<table className="grid">
						<thead>
							<tr>
								<th scope="col">{says.time}</th>
								{curves.map(({ name }) => (
									<th key={name} scope="col" className="right">
										{name}
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{seconds.map((second, i) =>
								i % step === 0 ? (
									<tr key={second}>
										<td className="number">{clockText(second * usPerSecond).main}</td>
										{curves.map(({ name, values }) => (
											<td key={name} className="right number">
												{values[i] === null || values[i] === undefined ? "–" : text(values[i])}
											</td>
										))}
									</tr>
								) : null,
							)}
						</tbody>
					</table>
				</Scroll>
			</details>
		</article>
	);
}
