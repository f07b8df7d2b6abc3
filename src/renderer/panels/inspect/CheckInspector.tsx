/** A check looked at closely: whether it holds, and if not, the event that broke it. */
import { GitFork, Locate } from "lucide-react";
import type { ReactElement } from "react";
import { useRun, useRunState } from "../../parts/context.ts";
import { Scroll } from "../../parts/Scroll.tsx";
import { isAtEnd } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";
import { checkStanding } from "../check-standing.ts";
import { Neighbours } from "./Neighbours.tsx";

const says = strings.inspect;

export function CheckInspector({ id }: { readonly id: string }): ReactElement | null {
	const run = useRun();
	const check = useRunState((state) => state.listed?.checks.find((one) => one.id === id));
	const isOver = useRunState(isAtEnd);
	if (check === undefined) return null;
	const { tone, Icon, text } = checkStanding(check, isOver);
	const isBroken = tone === "bad";
	const [first] = check.evidence;
	return (
		<Scroll label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{id}</h2>
					<span className={`state tone-${tone}`}>
						<Icon size={17} aria-hidden="true" /> {text}
					</span>
				</div>
				<p>{run.plan.checks.find((one) => one.id === id)?.shows}</p>
				<code className="check-expression">{check.expression}</code>
				{first?.text !== check.observed && (
					<p className="soft">
						{strings.checks.observed}: {check.observed}
					</p>
				)}
				{isBroken && first !== undefined && (
					<div className="inspect-actions">
						<button
							type="button"
							className="button"
							onClick={() => {
								run.seek(first.atUs);
								run.inspect({ kind: "event", index: first.index });
							}}
						>
							<Locate size={16} aria-hidden="true" /> {says.goThere}
						</button>
						<button type="button" className="button" onClick={() => void run.fork(first.atUs)}>
							<GitFork size={16} aria-hidden="true" /> {says.forkBefore}
						</button>
					</div>
				)}
				{first === undefined && isBroken && <p className="soft">{says.noEvent}</p>}
				{first !== undefined && isBroken && <Neighbours title={says.brokeIt} items={[first]} />}
				{check.evidence.length > (isBroken ? 1 : 0) && <Neighbours title={says.showsIt} items={isBroken ? check.evidence.slice(1) : check.evidence} />}
			</div>
		</Scroll>
	);
}
