/** Futures that were tried, as stacked timelines; and two of them side by side. */
import { CircleCheck, CircleDashed, CircleX, Eye, GitCompare } from "lucide-react";
import { type ReactElement, useEffect } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { layOutBranches } from "../maths/branch-layout.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import type { BranchView } from "../state/contract-types.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";

const says = strings.branches;
const rowPx = 62;
const widthPx = 250;
const leftPx = 12;
/** A branch that has just begun at the end of another has room for its sign. */
const rightPx = 28;
const sessionsMax = 20;

export function Branches(): ReactElement {
	const app = useApp();
	const run = useRun();
	const branches = useRunState((state) => state.branches);
	const session = useRunState((state) => state.run.session);
	const here = useRunState((state) => state.run.branch);
	const mode = useRunState((state) => state.run.mode);
	const inFile = useStore(app.store, (state) => state.sessions.find((one) => one.session === session)?.content?.branches ?? 0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what the file holds has changed when one of these has
	useEffect(() => {
		void run.refreshBranches();
	}, [run, mode, inFile]);
	return (
		<section className="branches" aria-label={says.label}>
			<div className="section-head" style={{ marginBlockEnd: 0 }}>
				<h2>{says.label}</h2>
				<p>{says.hint}</p>
				<button type="button" className="button" style={{ marginInlineStart: "auto" }} onClick={() => void app.verify(session)}>
					{says.verify}
				</button>
			</div>
			{branches.length === 0 ? (
				<p className="soft">{says.needsLog}</p>
			) : (
				<Tree
					branches={branches}
					here={here}
					onShow={(branch) => void app.openSession(session, branch)}
					onCompare={(branch) => void app.openBeside(session, branch)}
				/>
			)}
			<OtherSessions />
		</section>
	);
}

interface TreeProps {
	readonly branches: readonly BranchView[];
	readonly here: number;
	readonly onShow: (branch: number) => void;
	readonly onCompare: (branch: number) => void;
}

function Tree({ branches, here, onShow, onCompare }: TreeProps): ReactElement {
	const rows = layOutBranches(branches);
	const endUs = branches.reduce((most, { untilUs }) => Math.max(most, untilUs), 1);
	const x = (us: number): number => leftPx + (us / endUs) * (widthPx - leftPx - rightPx);
	const y = (row: number): number => row * rowPx + rowPx / 2;
	return (
		<div className="branch-tree" style={{ blockSize: rows.length * rowPx }}>
			<svg className="branch-lines" width={widthPx} height={rows.length * rowPx} aria-hidden="true">
				{rows.map(({ branch, row, parentRow, fromUs, toUs }) => (
					<g key={branch}>
						<path
							className={branch === here ? "here" : ""}
							d={
								parentRow < 0
									? `M${x(fromUs)} ${y(row)}H${x(toUs)}`
									: `M${x(fromUs)} ${y(parentRow)}V${y(row) - 8}q0 8 8 8H${Math.max(x(toUs), x(fromUs) + 10)}`
							}
						/>
						<circle cx={Math.max(x(toUs), x(fromUs) + 10)} cy={y(row)} r="6" />
					</g>
				))}
			</svg>
			<ul>
				{rows.map(({ branch, row }) => {
					const view = branches.find((one) => one.branch === branch);
					if (view === undefined) return null;
					// By its number, as everywhere: it is the one thing that no two branches share.
					const name = strings.run.branch(branch);
					const broken = view.checks.filter(({ failed }) => failed).length;
					const isOpen = broken === 0 && !view.finished;
					const Icon = broken > 0 ? CircleX : isOpen ? CircleDashed : CircleCheck;
					return (
						<li key={branch} className="branch-row" style={{ insetBlockStart: row * rowPx, blockSize: rowPx, insetInlineStart: widthPx + 14 }}>
							<div className="branch-words">
								<p>
									<strong>{name}</strong>
									<span className={`state ${broken > 0 ? "tone-bad" : isOpen ? "tone-quiet" : "tone-good"}`}>
										<Icon size={16} aria-hidden="true" /> {isOpen ? says.notFinished : strings.start.checksFailed(broken)}
									</span>
								</p>
								{branch > 0 && <p className="soft number">{says.forkedFrom(view.parent, shortDuration(view.forkUs))}</p>}
							</div>
							{branch === here ? (
								<span className="chip warning">{says.here}</span>
							) : (
								<>
									<button type="button" className="button" aria-label={says.openOf(name)} title={says.openOf(name)} onClick={() => onShow(branch)}>
										<Eye size={16} aria-hidden="true" /> <span className="branch-word">{says.open}</span>
									</button>
									<button type="button" className="button" aria-label={says.compareOf(name)} title={says.compareOf(name)} onClick={() => onCompare(branch)}>
										<GitCompare size={16} aria-hidden="true" /> <span className="branch-word">{says.compare}</span>
									</button>
								</>
							)}
						</li>
					);
				})}
			</ul>
		</div>
	);
}

/** Sessions of the same lab, to be looked at beside this one. */
function OtherSessions(): ReactElement {
	const app = useApp();
	const run = useRun();
	const session = useRunState((state) => state.run.session);
	const sessions = useStore(app.store, (state) => state.sessions);
	useEffect(() => {
		void app.refreshLibrary();
	}, [app]);
	const others = sessions.filter((one) => one.session !== session && one.content?.labId === run.plan.labId);
	return (
		<section aria-label={says.session} className="other-sessions">
			<h3>{says.session}</h3>
			{others.length === 0 ? (
				<p className="soft">{says.noSession}</p>
			) : (
				<ul>
					{others.slice(0, sessionsMax).map(({ session: name, content }) => (
						<li key={name}>
							<strong>{name}</strong>
							<span className="soft">
								{strings.start.seed(content?.seed ?? 0)}
								{content?.variant ? ` · ${content.variant}` : ""}
							</span>
							<button type="button" className="button" onClick={() => void app.openBeside(name, 0)}>
								<GitCompare size={16} aria-hidden="true" /> {says.showBeside}
							</button>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
