/** Broadcast: a column a member with what it was given, in its order; what came before its cause stands out. */
import type { ReactElement } from "react";
import { broadcastStrings as says } from "../strings/views/broadcast.ts";
import "./broadcast.css";
import { broadcastFacts, type Given, type Reader, type Talk, talkOf } from "./broadcast-board.ts";
import { AgainstBook } from "./parts/AgainstBook.tsx";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { kept } from "./parts/kept.ts";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const givenMax = 6;
const readersMax = 6;
const hues = 6;

function BroadcastView(props: ViewProps): ReactElement {
	const talk = talkOf(props);
	if (talk.posted === 0) return <EmptyView />;
	return (
		<div className="view">
			<Verdict talk={talk} />
			<Section title={says.order}>
				<div className="broadcast-columns">
					{talk.readers.slice(0, readersMax).map((reader) => (
						<Column key={reader.node} reader={reader} />
					))}
				</div>
				<Legend items={legend} />
			</Section>
			<AgainstBook title={says.cost} counted={talk.delivered / talk.posted} formula={says.formula} expected={Math.max(0, talk.readers.length - 1)} />
		</div>
	);
}

function Verdict({ talk: { readers, delivered, deliveriesDue } }: { readonly talk: Talk }): ReactElement {
	const tooEarly = readers.reduce((sum, reader) => sum + reader.tooEarly, 0);
	return (
		<Verdicts>
			{tooEarly > 0 ? <Badge tone="bad" icon="warning" text={says.tooEarly(tooEarly)} /> : <Badge tone="good" icon="check" text={says.inOrder} />}
			<span className="soft">{says.counts(delivered, deliveriesDue)}</span>
		</Verdicts>
	);
}

const Column = kept(function Column({ reader: { name, status, given } }: { readonly reader: Reader }): ReactElement {
	const shown = given.slice(-givenMax);
	const hidden = given.length - shown.length;
	return (
		<section className="broadcast-column" aria-label={name}>
			<h4>
				{name} {status !== "up" && <StatusBadge status={status} />}
			</h4>
			<p className="soft">{given.length === 0 ? says.nothing : hidden > 0 ? says.earlier(hidden) : " "}</p>
			<ol>
				{shown.map((one) => (
					<li key={one.id}>
						<Message given={one} />
					</li>
				))}
			</ol>
		</section>
	);
});

function Message({ given }: { readonly given: Given }): ReactElement {
	const { sender, place, isOwn, isAnswer, tooEarlyFor, index } = given;
	return (
		<Stated by={index} className={`broadcast-message hue-${place % hues} ${isOwn ? "is-own" : ""} ${tooEarlyFor === null ? "" : "is-early"}`}>
			<span>{shortText(given)}</span>
			{isAnswer && <span className="broadcast-by">{says.by(sender)}</span>}
			{isOwn && <span className="hidden-visually">{says.own}</span>}
			{tooEarlyFor !== null && <span className="broadcast-early">⚠ {says.early(shortText(tooEarlyFor))}</span>}
		</Stated>
	);
}

/** Without the words around it: `node-2 asks 3` is `? node-2 #3`, and what answers it `↳ node-2 #3`. */
function shortText({ text, isAnswer }: Pick<Given, "text" | "isAnswer">): string {
	return `${isAnswer ? says.answer : says.question} ${text.replace(/^re: /, "").replace(/ asks (\d+)$/, " #$1")}`;
}

const legend: readonly LegendItem[] = [
	{ id: "question", sign: <strong>{says.question}</strong>, text: says.legend.question },
	{ id: "answer", sign: <strong>{says.answer}</strong>, text: says.legend.answer },
	{ id: "own", sign: <span className="broadcast-message is-own hue-3">·</span>, text: says.legend.own },
	{ id: "early", sign: <span className="broadcast-message is-early">⚠</span>, text: says.legend.early },
];

export const view: ServiceView = { services: ["broadcast"], title: says.title, explains: says.explains, facts: broadcastFacts, Component: BroadcastView };
