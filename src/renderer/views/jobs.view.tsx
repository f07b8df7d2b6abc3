/**
 * Jobs as tracks of steps: who did which stretch, what is saved, and a flame wherever a machine died and another
 * went on; below, every time that one changed hands, and what users were told.
 */
import { Flame } from "lucide-react";
import type { CSSProperties, ReactElement } from "react";
import { clockText } from "../../shared/drawing/time-scale.ts";
import type { Plan } from "../../shared/plan.ts";
import { jobsStrings as says } from "../strings/views/jobs.ts";
import { type JobRow, jobFacts, readJobs, type Takeover, takeoversOf } from "./jobs-board.ts";
import { Badge, type BadgeProps, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import "./jobs.css";
import { kept } from "./parts/kept.ts";
import type { ServiceView, ViewProps } from "./view.ts";

const jobsShown = 12;
const takeoversShown = 8;
const hues = 6;

const looks: { readonly [state: string]: Pick<BadgeProps, "tone" | "icon"> } = {
	queued: { tone: "quiet", icon: "wait" },
	running: { tone: "accent", icon: "play" },
	done: { tone: "good", icon: "check" },
	failed: { tone: "bad", icon: "cross" },
	killed: { tone: "bad", icon: "ban" },
};

function JobsView(props: ViewProps): ReactElement {
	const jobs = readJobs(props);
	if (jobs.length === 0) return <EmptyView />;
	const takeovers = takeoversOf(props).toReversed();
	return (
		<div className="view jobs-view">
			<Head jobs={jobs} takeovers={takeovers.length} />
			<Section title={says.table} aside={jobs.length > jobsShown && <span className="soft">{says.older(jobs.length - jobsShown)}</span>}>
				<ul className="jobs-rows">
					{jobs.slice(0, jobsShown).map((job) => (
						<Job key={job.id} job={job} plan={props.plan} ownerStatus={statusOfOwner(job, props)} />
					))}
				</ul>
				<Legend items={legend} />
			</Section>
			<Section title={says.takeovers}>
				{takeovers.length === 0 && <p className="soft">{says.noTakeovers}</p>}
				<ol className="jobs-list">
					{takeovers.slice(0, takeoversShown).map((takeover) => (
						<li key={takeover.index}>
							<Hands takeover={takeover} />
						</li>
					))}
				</ol>
			</Section>
		</div>
	);
}

function Head({ jobs, takeovers }: { readonly jobs: readonly JobRow[]; readonly takeovers: number }): ReactElement {
	const count = (state: string): number => jobs.filter((job) => job.state === state).length;
	const [running, done, failed] = [count("running"), count("done"), count("failed")];
	return (
		<Verdicts>
			{running > 0 && <Badge tone="accent" icon="play" text={says.running(running)} />}
			{done > 0 && <Badge tone="good" icon="check" text={says.done(done)} />}
			{failed > 0 && <Badge tone="bad" icon="cross" text={says.failed(failed)} />}
			{running + done + failed === 0 && <Badge tone="quiet" icon="wait" text={says.waiting(count("queued"))} />}
			{takeovers > 0 && <Badge tone="warning" icon="fire" text={says.takenOver(takeovers)} />}
		</Verdicts>
	);
}

type Status = ReturnType<ViewProps["statusOf"]>;

interface JobProps {
	readonly job: JobRow;
	readonly plan: Plan;
	readonly ownerStatus: Status;
}

function statusOfOwner({ owner }: JobRow, { plan, statusOf }: ViewProps): Status {
	const node = plan.nodes.findIndex(({ name }) => name === owner);
	return node < 0 ? "up" : statusOf(node);
}

const Job = kept(function Job({ job, plan, ownerStatus }: JobProps): ReactElement {
	const look = looks[job.state] ?? { tone: "quiet", icon: "question" };
	return (
		<li className={`jobs-row ${litClass(useLit(job.index))}`}>
			<p className="jobs-head">
				<Stated by={job.index} className="view-link jobs-name of-box">
					{says.name(job.id, job.program, job.argument)}
				</Stated>
				<Badge {...look} text={says.states[job.state] ?? job.state} />
				<span className="jobs-steps number">{says.steps(job.done, job.steps)}</span>
			</p>
			<Track job={job} plan={plan} />
			<p className="jobs-where">
				<Where job={job} status={ownerStatus} />
			</p>
			{job.answer !== null && (
				<p>
					<Stated by={job.answerIndex} className="view-link">
						<Badge tone="good" icon="person" text={says.told(job.answer)} />
					</Stated>
				</p>
			)}
		</li>
	);
});

const at = (job: JobRow, step: number): number => Math.min(1, Math.max(0, step / job.steps));

/** A stretch a machine, a flame where the next one took over, a line at what is saved. */
function Track({ job, plan }: Pick<JobProps, "job" | "plan">): ReactElement {
	const { stretches, takeovers, saved } = job;
	const text = says.track(stretches.map(({ machine, fromStep, toStep }) => says.stretch(machine, fromStep, toStep)));
	const place = (ratio: number): CSSProperties => ({ "--at": ratio }) as CSSProperties;
	return (
		<div className="jobs-track" role="img" aria-label={text}>
			{stretches.map(({ machine, fromStep, toStep }) => (
				<span
					key={fromStep}
					className={`jobs-stretch hue-${
						Math.max(
							0,
							plan.nodes.findIndex(({ name }) => name === machine),
						) % hues
					}`}
					style={{ "--from": at(job, fromStep), "--to": at(job, toStep) } as CSSProperties}
				>
					{at(job, toStep) - at(job, fromStep) > 0.14 ? machine : ""}
				</span>
			))}
			{takeovers.map(({ step, index }) => (
				<FlameAt key={index} index={index} place={place(at(job, step))} />
			))}
			{saved !== null && <span className="jobs-saved" style={place(at(job, saved))} />}
		</div>
	);
}

/** Lit as its line in the list below, which leads to its event. */
function FlameAt({ index, place }: { readonly index: number; readonly place: CSSProperties }): ReactElement {
	return (
		<span className={`jobs-flame ${litClass(useLit(index))}`} style={place}>
			<Flame size={17} strokeWidth={2.6} aria-hidden="true" />
		</span>
	);
}

const legend: readonly LegendItem[] = [
	{ id: "stretch", sign: <span className="jobs-stretch is-key hue-0" />, text: says.legend.stretch },
	{ id: "saved", sign: <span className="jobs-saved is-key" />, text: says.legend.saved },
	{ id: "flame", sign: <Flame className="tone-bad" size={16} strokeWidth={2.6} />, text: says.legend.flame },
];

/** Whose it is and whether that machine is there at all; who helps; where it is wanted. */
function Where({ job: { owner, state, helper, saved, wanted }, status }: { readonly job: JobRow; readonly status: Status }): ReactElement {
	if (owner === "") return <span className="soft">{says.nobody}</span>;
	return (
		<>
			<span>{says.on(owner)}</span>
			{status !== "up" && state === "running" && <StatusBadge status={status} />}
			{saved !== null && <Badge tone="quiet" icon="disk" text={says.at(saved)} />}
			{helper !== "" && <Badge tone="warning" icon="copy" text={says.helper(helper)} />}
			{wanted !== "" && <Badge tone="accent" icon="play" text={says.moving(wanted)} />}
		</>
	);
}

function Hands({ takeover: { job, from, to, step, why, atUs, index } }: { readonly takeover: Takeover }): ReactElement {
	return (
		<>
			<Badge tone="bad" icon="fire" text={clockText(atUs).main} hint={why} />
			<Stated by={index} className="view-link">
				{says.takeover(job, from, to, step)}
			</Stated>
		</>
	);
}

export const view: ServiceView = { services: ["jobs"], title: says.title, explains: says.explains, facts: jobFacts, Component: JobsView };
