/** Runs that go on, watched or not: to look at one again, or to end it. */
import { CirclePause, CirclePlay, Eye, Square } from "lucide-react";
import { type ReactElement, useEffect } from "react";
import { shortDuration } from "../../../shared/drawing/time-scale.ts";
import { useApp } from "../../parts/context.ts";
import { canGoOn } from "../../state/acts.ts";
import type { RunView } from "../../state/contract-types.ts";
import { useStore } from "../../state/store.ts";
import { strings } from "../../strings.ts";

const says = strings.start;
const lookEveryMs = 2_000;

export function Running(): ReactElement | null {
	const app = useApp();
	const runs = useStore(app.store, (state) => state.runs);
	const live = runs.filter(canGoOn);
	const isAny = live.length > 0;
	useEffect(() => {
		if (!isAny) return;
		const timer = setInterval(() => void app.refreshRuns(), lookEveryMs);
		return () => clearInterval(timer);
	}, [app, isAny]);
	if (!isAny) return null;
	return (
		<section aria-labelledby="running-title" className="running">
			<div className="section-head">
				<h2 id="running-title">{says.runningTitle}</h2>
				<p>{says.runningHint}</p>
			</div>
			<ul>
				{live.map((run) => (
					<Row key={run.run} run={run} />
				))}
			</ul>
		</section>
	);
}

function Row({ run }: { readonly run: RunView }): ReactElement {
	const app = useApp();
	const isPaused = run.mode === "paused";
	const Icon = isPaused ? CirclePause : CirclePlay;
	return (
		<li className="running-row">
			<span className="session-text">
				<span className="session-name">{run.session}</span>
				<span className="session-facts">
					<span className={isPaused ? "state" : "state tone-good"}>
						<Icon size={15} aria-hidden="true" /> {isPaused ? says.standsStill : says.goesOn}
					</span>
					<span>{says.at(shortDuration(run.virtualUs))}</span>
					{run.branch > 0 && <span>{strings.run.branch(run.branch)}</span>}
				</span>
			</span>
			<button type="button" className="button" aria-label={says.showRun(run.session)} onClick={() => void app.openRun(run)}>
				<Eye size={16} aria-hidden="true" /> {says.show}
			</button>
			<button
				type="button"
				className="button"
				aria-label={says.endRun(run.session)}
				title={says.endRun(run.session)}
				onClick={() => void app.endRun(run).then(() => app.refreshRuns())}
			>
				<Square size={14} fill="currentColor" aria-hidden="true" /> {says.end}
			</button>
		</li>
	);
}
