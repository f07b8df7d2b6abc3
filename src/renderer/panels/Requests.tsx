/** Where one request's time went: the spans of its trace as a waterfall. */
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { layOutSpans } from "../maths/span-tree.ts";
import { ConeSign } from "../parts/ConeSign.tsx";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import type { SpanView, TraceSummary } from "../state/contract-types.ts";
import { coneSideOfWork, shownUs } from "../state/run-state.ts";
import { strings } from "../strings.ts";

const says = strings.requests;
const spanUs = 2_000_000;
const tracesMax = 200;
const lookEveryUs = 500_000;

export function Requests(): ReactElement {
	const app = useApp();
	const run = useRun();
	// Asked anew twice a second of the run's time, not with every state.
	const aboutUs = useRunState((state) => Math.ceil(shownUs(state) / lookEveryUs) * lookEveryUs);
	const [traces, setTraces] = useState<readonly TraceSummary[]>([]);
	const [chosen, setChosen] = useState<TraceSummary | null>(null);
	const [spans, setSpans] = useState<readonly SpanView[]>([]);
	useEffect(() => {
		const asked = new AbortController();
		void run
			.look("log.traces", { fromUs: Math.max(0, aboutUs - spanUs), toUs: aboutUs, limit: tracesMax }, asked.signal)
			.then((found) => found !== undefined && !asked.signal.aborted && setTraces(found.traces));
		return () => asked.abort();
	}, [run, aboutUs]);
	const choose = async (trace: TraceSummary): Promise<void> => {
		setChosen(trace);
		const found = await app.attempt(run.client.call("log.spans", { run: run.id, traceNode: trace.traceNode, traceSequence: trace.traceSequence }));
		if (found !== undefined) setSpans(found.spans);
	};
	return (
		<section className="requests" aria-label={says.label}>
			<ul className="request-list scroll" aria-label={says.list}>
				{traces.length === 0 && <li className="empty">{says.none}</li>}
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
			{chosen === null ? <p className="empty">{says.pick}</p> : <Waterfall spans={spans} />}
		</section>
	);
}

function Waterfall({ spans }: { readonly spans: readonly SpanView[] }): ReactElement {
	const run = useRun();
	const causality = useRunState((state) => state.causality);
	const { rows, fromUs, toUs } = layOutSpans(spans);
	return (
		<div className="waterfall">
			<p className="soft">
				{says.duration} <strong className="number">{shortDuration(toUs - fromUs)}</strong>
			</p>
			{rows.map(({ span, depth, leftRatio, widthRatio }) => {
				const name = run.plan.names[span.name] ?? "";
				const took = span.finishedUs < 0 ? says.open : shortDuration(span.finishedUs - span.startedUs);
				const side = coneSideOfWork(causality, span);
				const isLate = leftRatio + widthRatio > 0.75;
				return (
					<div className={causality !== null && side === undefined ? "span dim" : "span"} key={`${span.node} ${span.sequence}`}>
						<span style={{ paddingInlineStart: `${depth * 0.9}rem` }}>
							<strong>{run.plan.nodes[span.node]?.name}</strong> <span className="soft">{name}</span>
							{side !== undefined && <ConeSign side={side} />}
						</span>
						<span className="span-track">
							<button
								type="button"
								className={`span-bar ${span.status}`}
								style={{ left: `${leftRatio * 100}%`, width: `${widthRatio * 100}%` }}
								aria-label={`${run.plan.nodes[span.node]?.name} ${name}, ${span.status}, ${took}`}
								onClick={() => run.inspect({ kind: "event", index: span.finishIndex >= 0 ? span.finishIndex : Math.max(0, span.startIndex) })}
							/>
							<span className="span-time" style={isLate ? { right: `${(1 - leftRatio) * 100}%` } : { left: `${(leftRatio + widthRatio) * 100}%` }}>
								{took}
							</span>
						</span>
					</div>
				);
			})}
		</div>
	);
}
