/** Jobs with their progress and checkpoints, who has them, and every time one changed hands. */
import type { ReactElement } from "react";
import { clockText } from "../../shared/drawing/time-scale.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { jobsStrings as says } from "../strings/views/jobs.ts";
import { Badge, type BadgeProps, StatusBadge } from "./parts/Badge.tsx";
import { Bar } from "./parts/Bar.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid, type GridRow } from "./parts/Grid.tsx";
import { Section } from "./parts/Section.tsx";
import { fieldOf, numberIn, textIn } from "./parts/values.ts";
import "./jobs.css";
import type { ServiceView, ViewProps } from "./view.ts";

const facts = { job: "jobs.job", takeover: "jobs.takeover", told: "jobs.told" } as const;
const jobsShown = 24;
const takeoversShown = 12;

const looks: { readonly [state: string]: Pick<BadgeProps, "tone" | "icon"> } = {
	queued: { tone: "quiet", icon: "wait" },
	running: { tone: "accent", icon: "play" },
	done: { tone: "good", icon: "check" },
	failed: { tone: "bad", icon: "cross" },
	killed: { tone: "bad", icon: "ban" },
};

/** Whoever changed a job stated it: of each job the latest statement counts, whoever made it. */
export function latestByKey(entries: readonly BoardEntry[]): readonly BoardEntry[] {
	const latest = new Map<string, BoardEntry>();
	for (const entry of entries) if ((latest.get(entry.key)?.index ?? -1) < entry.index) latest.set(entry.key, entry);
	return [...latest.values()].sort((a, b) => Number(b.key) - Number(a.key) || b.index - a.index);
}

function JobsView(props: ViewProps): ReactElement {
	const { board, nameOf, showEvent } = props;
	const jobs = latestByKey(board.filter((entry) => nameOf(entry) === facts.job));
	if (jobs.length === 0) return <EmptyView />;
	const takeovers = board.filter((entry) => nameOf(entry) === facts.takeover).toReversed();
	const told = board.filter((entry) => nameOf(entry) === facts.told).toReversed();
	const inState = (state: string): number => jobs.filter(({ value }) => textIn(value, "state") === state).length;
	return (
		<div className="view">
			<Section title={says.table} aside={<span className="soft number">{says.counts(inState("running"), inState("done"), jobs.length)}</span>}>
				<Grid
					label={says.table}
					head={says.job}
					columns={[
						{ id: "state", title: says.state },
						{ id: "progress", title: says.progress, isWide: true },
						{ id: "where", title: says.where },
					]}
					rows={jobs.slice(0, jobsShown).map((entry) => rowOf(entry, props))}
				/>
			</Section>
			<Section title={says.takeovers}>
				{takeovers.length === 0 && <p className="soft">{says.noTakeovers}</p>}
				<ol className="jobs-list">
					{takeovers.slice(0, takeoversShown).map(({ key, index, atUs, value }) => (
						<li key={key}>
							<Badge tone="warning" icon="fire" text={clockText(atUs).main} hint={textIn(value, "why")} />{" "}
							<button type="button" className="view-link" onClick={() => showEvent(index)}>
								{says.takeover(key.split(".")[0] ?? "", textIn(value, "from"), textIn(value, "to"), numberIn(value, "step"))}
							</button>
						</li>
					))}
				</ol>
			</Section>
			<Section title={says.told}>
				{told.length === 0 && <p className="soft">{says.nobodyTold}</p>}
				<ol className="jobs-list">
					{told.slice(0, takeoversShown).map(({ key, index, value }) => (
						<li key={key}>
							<Badge tone="good" icon="check" text={says.job} />{" "}
							<button type="button" className="view-link" onClick={() => showEvent(index)}>
								{key}: {textIn(value, "answer")}
							</button>
						</li>
					))}
				</ol>
			</Section>
		</div>
	);
}

function rowOf({ key, value, index }: BoardEntry, props: ViewProps): GridRow {
	const state = textIn(value, "state");
	const look = looks[state] ?? { tone: "quiet", icon: "question" };
	const done = numberIn(value, "done");
	const steps = Math.max(1, numberIn(value, "steps", 1));
	return {
		id: key,
		title: (
			<>
				{key}: {textIn(value, "program")} {numberIn(value, "argument")}
			</>
		),
		look: state === "running" ? "lit" : undefined,
		onShow: () => props.showEvent(index),
		cells: {
			state: <Badge {...look} text={says.states[state] ?? state} />,
			progress: <Bar label={says.progress} ratio={done / steps} text={says.steps(done, steps)} tone={state === "failed" ? "bad" : "good"} />,
			where: <Where value={value} {...props} />,
		},
	} as GridRow;
}

/** Whose it is and whether that machine is there at all; who helps; where it is wanted. */
function Where({ value, plan, statusOf }: ViewProps & { readonly value: BoardEntry["value"] }): ReactElement {
	const owner = textIn(value, "owner");
	const helper = textIn(value, "helper");
	const wanted = textIn(value, "wanted");
	const node = plan.nodes.findIndex(({ name }) => name === owner);
	const saved = fieldOf(value, "saved");
	if (owner === "") return <span className="soft">{says.nobody}</span>;
	return (
		<>
			<strong className="jobs-owner">{owner}</strong>{" "}
			{node >= 0 && statusOf(node) !== "up" && textIn(value, "state") === "running" && <StatusBadge status={statusOf(node)} />}
			{helper !== "" && <Badge tone="warning" icon="copy" text={says.helper(helper)} />}
			{saved !== null && saved !== undefined && <Badge tone="quiet" icon="disk" text={says.at(numberIn(saved, "done"))} hint={says.checkpoint} />}
			{wanted !== "" && <Badge tone="accent" icon="play" text={says.moving(wanted)} />}
		</>
	);
}

export const view: ServiceView = { services: ["jobs"], title: says.title, explains: says.explains, facts: Object.values(facts), Component: JobsView };
