/**
 * Raft's log grid: a server a row, its log's last entries as cells that bear their term, what is
 * committed, the leader's marks, votes, and how long until a server that hears nobody runs for leader.
 */
import type { CSSProperties, ReactElement } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { raftStrings as says } from "../strings/views/raft.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import "./raft.css";
import { kept } from "./parts/kept.ts";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import { leaderOf, raftFacts, type ServerRow, serverRows } from "./raft-board.ts";
import type { ServiceView, ViewProps } from "./view.ts";

/** Entries of a log that are drawn. */
const cellsMax = 14;
const hues = 6;
const votesMax = 9;

function RaftView(props: ViewProps): ReactElement {
	const rows = serverRows(props);
	if (rows.length === 0) return <EmptyView />;
	const leader = leaderOf(rows);
	const last = Math.max(1, ...rows.map((row) => row.last));
	const from = Math.max(1, last - cellsMax + 1);
	const indexes = Array.from({ length: Math.min(cellsMax, Math.max(last, 8)) }, (_, i) => from + i);
	return (
		<div className="view raft">
			<Verdicts>
				{leader === undefined ? (
					<Badge tone="warning" icon="question" text={says.noLeader} />
				) : (
					<Badge tone="accent" icon="crown" text={says.leads(leader.name, leader.term)} />
				)}
				<span className="soft">{says.servers(rows.filter(({ status }) => status === "up").length, rows.length)}</span>
			</Verdicts>
			<ol className="raft-rows">
				{rows.map((row) => (
					<Server key={row.node} row={row} indexes={indexes} />
				))}
			</ol>
			<Legend items={legend} />
		</div>
	);
}

const Server = kept(function Server({ row, indexes }: { readonly row: ServerRow; readonly indexes: readonly number[] }): ReactElement {
	return (
		<li className={`raft-server ${row.role === "leader" ? "leads" : ""} ${row.status === "down" ? "is-down" : ""} ${litClass(useLit(row.index.role))}`}>
			<div className="raft-line">
				<Stated by={row.index.role} className="view-link raft-name of-box">
					{row.name}
				</Stated>
				<RoleBadge row={row} />
				{row.role !== "" && <span className={`raft-term hue-${row.term % hues}`}>{says.term(row.term)}</span>}
				<span className="raft-doing">
					<Doing row={row} />
				</span>
			</div>
			<Log row={row} indexes={indexes} />
		</li>
	);
});

function RoleBadge({ row }: { readonly row: ServerRow }): ReactElement {
	if (row.status !== "up") return <StatusBadge status={row.status} />;
	const text = says.roles[row.role] ?? says.roles.starting ?? "";
	switch (row.role) {
		case "leader":
			return <Badge tone="accent" icon="crown" text={text} />;
		case "candidate":
		case "preCandidate":
			return <Badge tone="warning" icon="vote" text={text} />;
		case "":
			return <Badge tone="quiet" icon="wait" text={text} />;
		default:
			return <Badge tone="good" icon="person" text={text} />;
	}
}

/** Its vote while it stands for election, the silence while it waits, else whom it hears. */
function Doing({ row }: { readonly row: ServerRow }): ReactElement | string {
	if (row.role === "") return "";
	if (row.role === "candidate" || row.role === "preCandidate") return <Votes row={row} />;
	if (row.electionInUs !== null) return <Silence row={row} leftUs={row.electionInUs} />;
	const vote = row.vote === "" ? says.noVote : row.vote === row.name ? says.votedSelf : says.votedFor(row.vote);
	if (row.role === "leader") return vote;
	return `${row.leader === "" ? says.hearsNobody : says.hears(row.leader)} · ${vote}`;
}

/** A mark for each vote that it needs, filled when it has it. */
function Votes({ row: { votes, quorum } }: { readonly row: ServerRow }): ReactElement {
	return (
		<span className="raft-votes">
			{Array.from({ length: Math.min(quorum, votesMax) }, (_, place) => place).map((place) => (
				<span key={place} className={`raft-vote ${place < votes ? "is-given" : ""}`} aria-hidden="true" />
			))}
			{says.votes(votes, quorum)}
		</span>
	);
}

/** The time that is left until it runs for leader, as a bar that empties. */
function Silence({ row: { electionAfterUs, index }, leftUs }: { readonly row: ServerRow; readonly leftUs: number }): ReactElement {
	return (
		<span className="raft-silence">
			<Stated by={index.silence} className="view-link">
				<Badge tone="warning" icon="clock" text={leftUs > 0 ? says.electionIn(shortDuration(leftUs)) : says.electionNow} />
			</Stated>
			<span
				className="raft-left"
				style={{ "--share": electionAfterUs === 0 ? 0 : Math.min(1, leftUs / electionAfterUs) } as CSSProperties}
				aria-hidden="true"
			/>
		</span>
	);
}

function Log({ row, indexes }: { readonly row: ServerRow; readonly indexes: readonly number[] }): ReactElement {
	const first = row.last - row.terms.length + 1;
	const isOutOfSight = row.last < (indexes[0] ?? 0);
	return (
		<div className="raft-log">
			{isOutOfSight ? (
				<p className="raft-behind">{row.behind === 0 ? says.noLog : says.behind(row.behind)}</p>
			) : (
				<ol aria-label={says.logOf(row.name)} className="raft-cells">
					{indexes.map((index) => (
						<Cell key={index} index={index} term={row.terms[index - first]} row={row} />
					))}
				</ol>
			)}
			<span className="raft-counts number">
				<Stated by={row.index.commit} className="view-link">
					{says.commit(row.commit)}
				</Stated>
				<Stated by={row.index.log} className="view-link">
					{says.last(row.last)}
				</Stated>
			</span>
		</div>
	);
}

function Cell({ index, term, row }: { readonly index: number; readonly term: number | undefined; readonly row: ServerRow }): ReactElement {
	const isCommitted = index <= row.commit;
	const marks = [...(row.marks?.match === index ? [says.match] : []), ...(row.marks?.next === index ? [says.next] : [])];
	const look = term === undefined ? "is-empty" : `hue-${term % hues} ${isCommitted ? "is-committed" : ""}`;
	return (
		<li
			className={`raft-cell ${look} ${index === row.commit ? "ends-commit" : ""}`}
			title={term === undefined ? undefined : says.entry(index, term, isCommitted)}
		>
			<span className="raft-box number">{term ?? ""}</span>
			{marks[0] === undefined ? <span className="raft-mark" /> : <Mark row={row} mark={marks[0]} />}
		</li>
	);
}

/** What the leader knows of a server's log. */
function Mark({ row: { name, marks }, mark }: { readonly row: ServerRow; readonly mark: string }): ReactElement {
	return (
		<Stated by={marks?.index ?? -1} className={`raft-mark ${mark}`} label={says.markOf(name, mark === says.match)}>
			{mark === says.match ? "▲" : "△"}
		</Stated>
	);
}

const legend: readonly LegendItem[] = [
	{ id: "committed", sign: <Sample isCommitted />, text: says.legend.committed },
	{ id: "waiting", sign: <Sample isCommitted={false} />, text: says.legend.waiting },
	{ id: "match", sign: <span className="raft-mark match">▲</span>, text: says.legend.match },
	{ id: "next", sign: <span className="raft-mark next">△</span>, text: says.legend.next },
];

function Sample({ isCommitted }: { readonly isCommitted: boolean }): ReactElement {
	return (
		<span className={`raft-cell hue-1 ${isCommitted ? "is-committed" : ""}`}>
			<span className="raft-box">1</span>
		</span>
	);
}

export const view: ServiceView = { services: ["store"], title: says.title, explains: says.explains, facts: raftFacts, Component: RaftView };
