/**
 * Membership: a matrix of who thinks what of whom, under a row of what is really so. A suspicion is dashed, a
 * death is boxed, and a death of somebody who lives is filled.
 */
import type { ReactElement } from "react";
import { membershipStrings as says } from "../strings/views/membership.ts";
import { viewParts } from "../strings/views/parts.ts";
import { membershipFacts, type Opinion, readMembers, type Summary, summaryOf } from "./membership-board.ts";
import "./membership.css";
import { Badge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { kept } from "./parts/kept.ts";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

/** Members of a matrix that can still be read. */
const membersMax = 24;
const signs: { readonly [state: string]: string } = { alive: "✓", suspected: "?", dead: "✕" };
const realSigns = { up: "✓", booting: "…", paused: "Ⅱ", down: "✕" } as const;

function MembershipView(props: ViewProps): ReactElement {
	const members = readMembers(props).slice(0, membersMax);
	if (members.every(({ opinions }) => opinions.size === 0)) return <EmptyView />;
	return (
		<div className="view members">
			<Head summary={summaryOf(members)} />
			<Section title={says.matrix}>
				<div className="members-scroll">
					<table className="members-matrix" aria-label={says.matrix}>
						<thead>
							<tr>
								<th scope="col">{says.head}</th>
								{members.map(({ node, name }) => (
									<th key={node} scope="col">
										{name}
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							<tr className="members-truth">
								<th scope="row">{says.truth}</th>
								{members.map(({ node, status }) => (
									<td key={node} title={viewParts.status[status]}>
										<span aria-hidden="true">{realSigns[status]}</span>
										<span className="hidden-visually">{viewParts.status[status]}</span>
									</td>
								))}
							</tr>
							{members.map((by) => (
								<tr key={by.node} className={by.status === "up" ? "" : "is-out"}>
									<th scope="row">{by.name}</th>
									{members.map((of) => (
										<td key={of.node}>
											<Cell by={by.name} of={of.name} isUp={of.status === "up"} isSelf={by.node === of.node} opinion={by.opinions.get(of.node)} />
										</td>
									))}
								</tr>
							))}
						</tbody>
					</table>
				</div>
				<Legend items={legend} />
			</Section>
		</div>
	);
}

function Head({ summary: { suspicions, buried, unnoticed } }: { readonly summary: Summary }): ReactElement {
	const isCalm = suspicions === 0 && buried.length === 0 && unnoticed.length === 0;
	return (
		<Verdicts>
			{isCalm && <Badge tone="good" icon="check" text={says.allAgree} />}
			{buried.length > 0 && <Badge tone="bad" icon="cross" text={says.buried(buried)} />}
			{unnoticed.map(({ name, by }) => (
				<Badge key={name} tone="warning" icon="clock" text={says.unnoticed(name, by)} />
			))}
			{suspicions > 0 && <Badge tone="warning" icon="question" text={says.suspected(suspicions)} />}
		</Verdicts>
	);
}

interface CellProps {
	readonly by: string;
	readonly of: string;
	/** Whether the one thought of really is. */
	readonly isUp: boolean;
	readonly isSelf: boolean;
	readonly opinion: Opinion | undefined;
}

const Cell = kept(function Cell({ by, of, isUp, isSelf, opinion }: CellProps): ReactElement {
	if (isSelf) return <Blank look="is-self" text={says.self} sign="·" />;
	if (opinion === undefined) return <Blank look="is-none" text="" sign="" />;
	const { state, life, incarnation, index } = opinion;
	const isWrong = state === "dead" && isUp;
	const text = says.opinion(by, of, says.states[state] ?? state, life, incarnation);
	const label = isWrong ? says.wrong(text) : text;
	return (
		<Stated by={index} className={`members-cell is-${state} ${isWrong ? "is-wrong" : ""}`} label={label} title={label}>
			{signs[state] ?? "?"}
		</Stated>
	);
});

function Blank({ look, text, sign }: { readonly look: string; readonly text: string; readonly sign: string }): ReactElement {
	return (
		<span className={`members-cell ${look}`}>
			<span aria-hidden="true">{sign}</span>
			<span className="hidden-visually">{text}</span>
		</span>
	);
}

const legend: readonly LegendItem[] = [
	{ id: "alive", sign: <span className="members-cell is-alive">{signs.alive}</span>, text: says.legend.alive },
	{ id: "suspected", sign: <span className="members-cell is-suspected">{signs.suspected}</span>, text: says.legend.suspected },
	{ id: "dead", sign: <span className="members-cell is-dead">{signs.dead}</span>, text: says.legend.dead },
	{ id: "wrong", sign: <span className="members-cell is-dead is-wrong">{signs.dead}</span>, text: says.legend.wrong },
];

export const view: ServiceView = { services: ["membership"], title: says.title, explains: says.explains, facts: membershipFacts, Component: MembershipView };
