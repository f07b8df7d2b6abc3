/** Latency, load and messages over the run. Each chart is drawn by uPlot and has a table beside it. */
import { type ReactElement, useEffect, useRef, useState } from "react";
import { clockText, shortDuration } from "../../shared/drawing/time-scale.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { drawLineChart, type LineChart } from "../parts/line-chart.ts";
import { Scroll } from "../parts/Scroll.tsx";
import type { SeriesView } from "../state/contract-types.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { CurveKeys } from "../views/parts/MiniChart.tsx";

const says = strings.charts;
const pointsWanted = 120;
const lookEveryUs = 1_000_000;
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

export function Charts(): ReactElement {
	const run = useRun();
	const toUs = useRunState((state) => Math.max(lookEveryUs, Math.ceil(state.run.virtualUs / lookEveryUs) * lookEveryUs));
	const selectedUs = useRunState((state) => state.detail?.event.atUs ?? -1);
	const [series, setSeries] = useState<SeriesView | null>(null);
	useEffect(() => {
		let isOver = false;
		void run.look("log.series", { fromUs: 0, toUs, points: pointsWanted, nodes: null }).then((found) => found !== undefined && !isOver && setSeries(found));
		return () => {
			isOver = true;
		};
	}, [run, toUs]);
	if (series === null) return <p className="empty">{says.empty}</p>;
	const seconds = Array.from({ length: series.points }, (_, i) => (series.fromUs + (i + 0.5) * series.stepUs) / 1_000_000);
	const mark = selectedUs < 0 ? {} : { markX: selectedUs / 1_000_000 };
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
				{...mark}
				title={says.latency}
				seconds={seconds}
				text={shortDuration}
				curves={[
					{ name: says.p50, values: numbers(series.p50Us), colour: "message" },
					{ name: says.p99, values: numbers(series.p99Us), colour: "future", dash: [8, 5] },
				]}
			/>
			<Chart
				{...mark}
				title={says.load}
				seconds={seconds}
				text={(value) => `${Math.round(value * 100)} %`}
				limit={0.8}
				curves={[{ name: says.busiest, values: busiest(series), colour: "good", isFilled: true }]}
			/>
			<Chart
				{...mark}
				title={says.flow}
				seconds={seconds}
				text={(value) => String(Math.round(value))}
				curves={[
					{ name: says.delivered, values: numbers(series.delivered), colour: "message", isFilled: true },
					{ name: says.lost, values: numbers(series.lost), colour: "bad", dash: [3, 3] },
				]}
			/>
		</section>
	);
}

interface ChartProps extends Pick<LineChart, "curves" | "text" | "limit" | "markX"> {
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
										<td className="number">{clockText(second * 1_000_000).main}</td>
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
