/** Where one request's time went: the spans of its trace as a waterfall. */
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { traceOrders } from "../../shared/contract/log-calls.ts";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import type { ConeSide } from "../../shared/projection/causal-cone.ts";
import { type Extent, layOutRequest } from "../maths/span-tree.ts";
import { ConeSign } from "../parts/ConeSign.tsx";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import type { ArrowView, SpanView, TraceSummary } from "../state/contract-types.ts";
import { coneSideOfWork, isPlaying, shownUs } from "../state/run-state.ts";
import { strings } from "../strings.ts";

const says = strings.requests;
const spanUs = 2_000_000;
const spanText = shortDuration(spanUs);
const tracesMax = 200;
const lookEveryUs = 500_000;

type TraceOrder = (typeof traceOrders)[number];

/** A request taken apart. */
interface Taken {
	readonly spans: readonly SpanView[];
	readonly messages: readonly ArrowView[];
}

interface Found {
	readonly order: TraceOrder;
	readonly traces: readonly TraceSummary[];
	/** Of all that were asked for, those left out too. */
	readonly count: number;
}

export function Requests(): ReactElement {
	const app = useApp();
	const run = useRun();
	// While it plays, asked anew twice a second of the run's time, not with every state.
	const aboutUs = useRunState((state) => (isPlaying(state) ? Math.ceil(shownUs(state) / lookEveryUs) * lookEveryUs : Math.floor(shownUs(state))));
	const [order, setOrder] = useState<TraceOrder>("latest");
	const [found, setFound] = useState<Found>({ order, traces: [], count: 0 });
	const { traces } = found;
	const [chosen, setChosen] = useState<TraceSummary | null>(null);
	const [taken, setTaken] = useState<Taken>({ spans: [], messages: [] });
	useEffect(() => {
		const asked = new AbortController();
		void run
			.look("log.traces", { fromUs: Math.max(0, aboutUs - spanUs), toUs: aboutUs, order, limit: tracesMax }, asked.signal)
			.then((answer) => answer !== undefined && !asked.signal.aborted && setFound({ order, ...answer }));
		return () => asked.abort();
	}, [run, aboutUs, order]);
	const choose = async (trace: TraceSummary): Promise<void> => {
		setChosen(trace);
		const answer = await app.attempt(run.client.call("log.spans", { run: run.id, traceNode: trace.traceNode, traceSequence: trace.traceSequence }));
		if (answer !== undefined) setTaken(answer);
	};
	return (
		<section className="requests" aria-label={says.label}>
			<div className="request-side">
				<div className="request-head">
					<fieldset className="segmented" aria-label={says.order}>
						{traceOrders.map((one) => (
							<button key={one} type="button" aria-pressed={order === one} onClick={() => setOrder(one)}>
								{says.orders[one]}
							</button>
						))}
					</fieldset>
					<p className="soft">{countText(found)}</p>
				</div>
				<ul className="request-list scroll" aria-label={says.list}>
					{traces.map((trace) => {
						const Icon = trace.status === "ok" ? CircleCheck : trace.status === "error" ? CircleX : CircleDashed;
						const isChosen = chosen?.traceNode === trace.traceNode && chosen.traceSequence === trace.traceSequence;
						return (
							<li key={`${trace.traceNode} ${trace.traceSequence}`}>
								<button type="button" className="request" aria-pressed={isChosen} onClick={() => void choose(trace)}>
									<Icon
										size={16}
										className={trace.status === "ok" ? "tone-good" : trace.status === "error" ? "tone-bad" : "tone-quiet"}
										aria-label={trace.status}
									/>
									<span>
										{run.plan.names[trace.name]} #{trace.traceSequence}
									</span>
									<span className="number soft">{trace.finishedUs < 0 ? says.open : shortDuration(trace.finishedUs - trace.startedUs)}</span>
								</button>
							</li>
						);
					})}
				</ul>
			</div>
			{chosen === null ? <p className="empty">{says.pick}</p> : <Waterfall {...taken} />}
		</section>
	);
}

function countText({ order, traces, count }: Found): string {
	if (count === 0) return order === "failed" ? says.noneFailed : says.none;
	return (order === "failed" ? says.failed : says.began)(count, traces.length, spanText);
}

function Waterfall({ spans, messages }: Taken): ReactElement {
	const { plan, inspect } = useRunDoors();
	const causality = useRunState((state) => state.causality);
	const { rows, steps, fromUs, toUs } = layOutRequest(spans, messages);
	const nameOf = (node: number): string => plan.nodes[node]?.name ?? "";
	return (
		<div className="waterfall">
			<p className="soft">
				{says.duration} <strong className="number">{shortDuration(toUs - fromUs)}</strong>
			</p>
			{rows.map(({ span, depth, ...extent }) => {
				const name = plan.names[span.name] ?? "";
				return (
					<Bar
						key={`${span.node} ${span.sequence}`}
						{...extent}
						depth={depth}
						who={nameOf(span.node)}
						what={name}
						took={span.finishedUs < 0 ? says.open : shortDuration(span.finishedUs - span.startedUs)}
						form={span.status}
						isDim={causality !== null}
						side={coneSideOfWork(causality, span)}
						onPress={() => inspect(span.finishIndex >= 0 ? span.finishIndex : Math.max(0, span.startIndex))}
					/>
				);
			})}
			{steps.length > 0 && <h3>{says.steps}</h3>}
			{steps.map((step) => {
				const took = shortDuration(step.toUs - step.fromUs);
				if (step.kind === "stay")
					return (
						<Bar
							key={`stay ${step.came.sentIndex}`}
							{...step}
							who={nameOf(step.node)}
							what={says.stay}
							took={took}
							form="stay"
							isDim={causality !== null}
							side={coneSideOfWork(causality, { startIndex: step.came.endIndex, finishIndex: step.came.endIndex })}
							onPress={() => inspect(step.came.endIndex)}
						/>
					);
				const { message } = step;
				return (
					<Bar
						key={`message ${message.sentIndex}`}
						{...step}
						who={`${nameOf(message.from)} \u2192 ${nameOf(message.to)}`}
						what={plan.names[message.name] ?? ""}
						took={message.fate === "delivered" ? took : says.fates[message.fate]}
						form={message.fate}
						isDim={causality !== null}
						side={coneSideOfWork(causality, { startIndex: message.sentIndex, finishIndex: message.endIndex })}
						onPress={() => inspect(message.endIndex >= 0 ? message.endIndex : message.sentIndex)}
					/>
				);
			})}
		</div>
	);
}

function useRunDoors() {
	const run = useRun();
	return { plan: run.plan, inspect: (index: number) => run.inspect({ kind: "event", index }) };
}

interface BarProps extends Extent {
	readonly who: string;
	readonly what: string;
	readonly took: string;
	readonly form: SpanView["status"] | ArrowView["fate"] | "stay";
	readonly depth?: number;
	/** Other things are lit. */
	readonly isDim: boolean;
	readonly side: ConeSide | undefined;
	onPress(): void;
}

function Bar({ who, what, took, form, depth = 0, isDim, side, leftRatio, widthRatio, onPress }: BarProps): ReactElement {
	const isLate = leftRatio + widthRatio > 0.75;
	return (
		<div className={isDim && side === undefined ? "span dim" : "span"}>
			<span style={{ paddingInlineStart: `${depth * 0.9}rem` }}>
				<strong>{who}</strong> <span className="soft">{what}</span>
				{side !== undefined && <ConeSign side={side} />}
			</span>
			<span className="span-track">
				<button
					type="button"
					className={`span-bar ${form}`}
					style={{ left: `${leftRatio * 100}%`, width: `${widthRatio * 100}%` }}
					aria-label={`${who} ${what}, ${says.forms[form]}, ${took}`}
					onClick={onPress}
				/>
				<span className="span-time" style={isLate ? { right: `${(1 - leftRatio) * 100}%` } : { left: `${(leftRatio + widthRatio) * 100}%` }}>
					{took}
				</span>
			</span>
		</div>
	);
}
