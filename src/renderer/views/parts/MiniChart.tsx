/** Curves of a view, small: drawn by uPlot, and told in words to those who do not see them. */
import { type ReactElement, useEffect, useRef, useSyncExternalStore } from "react";
import { useApp } from "../../parts/context.ts";
import { type Curve, drawLineChart, type LineChart } from "../../parts/line-chart.ts";
import { useStore } from "../../state/store.ts";

export interface MiniChartProps extends Omit<LineChart, "heightPx" | "xText"> {
	readonly label: string;
	/** What the curves say, in a sentence. */
	readonly summary: string;
	readonly heightPx?: number;
	/** A single curve needs no key beside the label. */
	readonly hasKeys?: boolean;
	/** Seconds when it is left out. */
	readonly xText?: (x: number) => string;
}

/** The colours of the system may change while the page is open, and what is drawn keeps those it was drawn in. */
const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");
function onColours(changed: () => void): () => void {
	const query = dark();
	query.addEventListener("change", changed);
	return () => query.removeEventListener("change", changed);
}

const seconds = (x: number): string => `${x} s`;

export function MiniChart({ label, summary, heightPx = 150, hasKeys = true, xText = seconds, ...chart }: MiniChartProps): ReactElement {
	const app = useApp();
	const theme = useStore(app.store, (state) => state.theme);
	const isDark = useSyncExternalStore(
		onColours,
		() => dark().matches,
		() => false,
	);
	const box = useRef<HTMLDivElement>(null);
	const { xs, curves } = chart;
	// What decides how it looks, whatever objects it comes in.
	const content = JSON.stringify([xs, curves, chart.limit, chart.markX, chart.yMax, chart.xRange, heightPx, theme, isDark]);
	const latest = useRef<LineChart | null>(null);
	latest.current = { ...chart, heightPx, xText };
	useEffect(() => {
		const holder = box.current;
		if (holder === null || latest.current === null || content === "") return;
		return drawLineChart(holder, latest.current);
	}, [content]);
	return (
		<figure className="view-chart" aria-label={`${label}: ${summary}`}>
			<figcaption>
				{label}
				{hasKeys && <CurveKeys curves={curves} />}
			</figcaption>
			<div ref={box} aria-hidden="true" />
		</figure>
	);
}

/** Each curve's line beside its name. */
export function CurveKeys({ curves }: { readonly curves: readonly Curve[] }): ReactElement {
	return (
		<>
			{curves.map(({ name, colour, dash }) => (
				<span key={name} className="key">
					<svg width="26" height="8" aria-hidden="true">
						<path d="M0 4h26" stroke={`var(--${colour})`} strokeWidth="3" strokeDasharray={dash?.join(" ")} />
					</svg>
					{name}
				</span>
			))}
		</>
	);
}
