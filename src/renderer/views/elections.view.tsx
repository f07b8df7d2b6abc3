/** Elections: who thinks who leads, round by round, and the messages of a round beside the book's formula. */
import type { ReactElement } from "react";
import { electionStrings as says } from "../strings/views/elections.ts";
import { type Elector, electionFacts, electorsOf, leadersOf, type Round, roundsOf } from "./elections-board.ts";
import { AgainstBook } from "./parts/AgainstBook.tsx";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Section } from "./parts/Section.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const roundsMax = 5;

function ElectionsView(props: ViewProps): ReactElement {
	const electors = electorsOf(props);
	const rounds = roundsOf(props);
	const [latest] = rounds;
	if (latest === undefined && electors.every(({ index }) => index < 0)) return <EmptyView />;
	return (
		<div className="view">
			<Verdict electors={electors} latest={latest} />
			<Section title={says.opinions}>
				<Opinions electors={electors} />
			</Section>
			{latest !== undefined && (
				<Section title={says.rounds}>
					<AgainstBook
						title={says.messages(latest.round)}
						by={latest.indexes}
						counted={latest.messages}
						formula={says.formulas[latest.algorithm] ?? ""}
						expected={latest.expected}
						most={latest.most}
					/>
					<Rounds rounds={rounds.slice(0, roundsMax)} />
				</Section>
			)}
		</div>
	);
}

function Verdict({ electors, latest }: { readonly electors: readonly Elector[]; readonly latest: Round | undefined }): ReactElement {
	const up = electors.filter(({ isThere }) => isThere);
	const electing = up.filter(({ isElecting }) => isElecting).length;
	const leading = up.filter(({ leads }) => leads).map(({ name }) => name);
	const [followed] = leadersOf(electors);
	const isDead = followed !== undefined && electors.some(({ name, status }) => name === followed.name && status === "down");
	return (
		<Verdicts>
			{latest !== undefined && latest.winners.length > 1 && <Badge tone="bad" icon="warning" text={says.bothWon(latest.winners, latest.round)} />}
			{leading.length > 1 && <Badge tone="bad" icon="warning" text={says.several(leading)} />}
			{leading.length <= 1 && followed !== undefined && !isDead && (
				<Badge tone="accent" icon="crown" text={says.leads(followed.name, followed.followers, up.length)} />
			)}
			{isDead && <Badge tone="warning" icon="warning" text={says.deadLeader(followed.name)} />}
			{followed === undefined && <Badge tone="warning" icon="question" text={says.nobody} />}
			{electing > 0 && <Badge tone="warning" icon="vote" text={says.electing(electing)} />}
		</Verdicts>
	);
}

function Opinions({ electors }: { readonly electors: readonly Elector[] }): ReactElement {
	return (
		<Grid
			label={says.opinions}
			head={says.node}
			columns={[
				{ id: "state", title: says.columns.state },
				{ id: "leader", title: says.columns.leader },
				{ id: "round", title: says.columns.round, isNumber: true },
			]}
			rows={electors.map((elector) => ({
				id: elector.name,
				title: elector.name,
				cells: {
					state: <State elector={elector} />,
					leader: elector.leader === "" ? says.noOne : elector.leader,
					round: elector.index < 0 ? "" : elector.round,
				},
				...(elector.leads ? { look: "lit" as const } : elector.isThere ? {} : { look: "dim" as const }),
				by: elector.index,
			}))}
		/>
	);
}

function State({ elector: { status, isElecting, leads, leader } }: { readonly elector: Elector }): ReactElement {
	if (status !== "up") return <StatusBadge status={status} />;
	if (isElecting) return <Badge tone="warning" icon="vote" text={says.states.electing} />;
	if (leads) return <Badge tone="accent" icon="crown" text={says.states.leads} />;
	if (leader !== "") return <Badge tone="good" icon="person" text={says.states.follows} />;
	return <Badge tone="quiet" icon="question" text={says.states.none} />;
}

function Rounds({ rounds }: { readonly rounds: readonly Round[] }): ReactElement {
	return (
		<Grid
			label={says.rounds}
			head={says.round}
			columns={[
				{ id: "winner", title: says.roundColumns.winner, isWide: true },
				{ id: "messages", title: says.roundColumns.messages, isNumber: true },
				{ id: "book", title: says.roundColumns.book, isNumber: true },
				{ id: "most", title: says.roundColumns.most, isNumber: true },
			]}
			rows={rounds.map(({ round, winners, messages, expected, most, indexes }) => ({
				id: String(round),
				title: round,
				cells: {
					winner: winners.length > 1 ? <Badge tone="bad" icon="warning" text={says.twoWinners(winners)} /> : (winners[0] ?? says.noWinner),
					messages,
					book: Math.round(expected * 10) / 10,
					most,
				},
				...(winners.length > 1 ? { look: "bad" as const } : {}),
				by: indexes,
			}))}
		/>
	);
}

export const view: ServiceView = { services: ["elections"], title: says.title, explains: says.explains, facts: electionFacts, Component: ElectionsView };
