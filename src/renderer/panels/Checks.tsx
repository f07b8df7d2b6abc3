/** The lab's checks: where each stands, and the events that prove it. */
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import type { ReactElement } from "react";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { useRun, useRunState } from "../parts/context.ts";
import type { VerdictView } from "../state/contract-types.ts";
import { strings } from "../strings.ts";

const says = strings.checks;

function standingOf({ ok, final }: VerdictView) {
	if (!ok) return final ? ({ tone: "bad", Icon: CircleX, text: says.broken } as const) : ({ tone: "quiet", Icon: CircleDashed, text: says.notYet } as const);
	return { tone: "good", Icon: CircleCheck, text: final ? says.holds : says.soFar } as const;
}

export function Checks(): ReactElement {
	const run = useRun();
	const checks = useRunState((state) => state.shown?.checks);
	if (checks === undefined || checks.length === 0) return <p className="empty">{says.none}</p>;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
		<section className="scroll" tabIndex={0} aria-label={says.label}>
			<ul className="panel-body">
				{checks.map((check) => {
					const { tone, Icon, text } = standingOf(check);
					const shows = run.plan.checks.find(({ id }) => id === check.id)?.shows ?? "";
					return (
						<li key={check.id} className={`check ${tone}`}>
							<h3>
								{check.id}
								<span className={`state tone-${tone}`}>
									<Icon size={17} aria-hidden="true" /> {text}
								</span>
							</h3>
							<p>{shows}</p>
							<code>{check.expression}</code>
							<p className="soft">
								{says.observed}: {check.observed}
							</p>
							{check.evidence.length > 0 && (
								<div>
									<p className="label">{says.evidence}</p>
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
		</section>
	);
}
