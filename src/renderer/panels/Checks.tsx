/** The lab's checks: where each stands, and the events that prove it. */
import type { ReactElement } from "react";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { useRun, useRunState } from "../parts/context.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { isAtEnd } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { checkStanding } from "./check-standing.ts";

const says = strings.checks;

export function Checks(): ReactElement {
	const run = useRun();
	const checks = useRunState((state) => state.listed?.checks);
	const isOver = useRunState(isAtEnd);
	if (checks === undefined || checks.length === 0) return <p className="empty">{says.none}</p>;
	return (
		<Scroll label={says.label}>
			<ul className="panel-body">
				{checks.map((check) => {
					const { tone, Icon, text } = checkStanding(check, isOver);
					const shows = run.plan.checks.find(({ id }) => id === check.id)?.shows ?? "";
					return (
						<li key={check.id} className={`check ${tone}`}>
							<h3>
								<button type="button" className="row-name" title={strings.actions.inspect} onClick={() => run.inspect({ kind: "check", id: check.id })}>
									{check.id}
								</button>
								<span className={`state tone-${tone}`}>
									<Icon size={17} aria-hidden="true" /> {text}
								</span>
							</h3>
							<p>{shows}</p>
							<code>{check.expression}</code>
							{check.evidence[0]?.text !== check.observed && (
								<p className="soft">
									{says.observed}: {check.observed}
								</p>
							)}
							{check.evidence.length > 0 && (
								<div>
									<p className="label">{tone === "bad" && check.evidence.length === 1 ? strings.inspect.brokeIt : says.evidence}</p>
									{check.evidence.map(({ index, atUs, text: said }) => (
										<button
											key={index}
											type="button"
											className="neighbour"
											onClick={() => {
												run.seek(atUs);
												run.inspect({ kind: "event", index });
											}}
										>
											<small className="mono">{formatInstant(atUs)}</small>
											{said}
										</button>
									))}
								</div>
							)}
						</li>
					);
				})}
			</ul>
		</Scroll>
	);
}
