/** Gossip: every member with the round in which it heard the rumour, and the curve of it against the book's. */
import type { ReactElement } from "react";
import { gossipStrings as says } from "../strings/views/gossip.ts";
import "./gossip.css";
import { gossipFacts, type Listener, type Rumour, rumourOf } from "./gossip-board.ts";
import { AgainstBook } from "./parts/AgainstBook.tsx";
import { Badge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { kept } from "./parts/kept.ts";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { MiniChart } from "./parts/MiniChart.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const listenersMax = 128;
const hues = 6;

function GossipView(props: ViewProps): ReactElement {
	const rumour = rumourOf(props);
	if (rumour === null) return <EmptyView />;
	const { listeners, allKnowRound, mode, round, pushRounds, expected } = rumour;
	const knowing = listeners.filter((listener) => listener.round !== null).length;
	return (
		<div className="view">
			<Verdicts>
				{allKnowRound === null ? (
					<Badge tone="accent" icon="working" text={says.someKnow(knowing, listeners.length)} />
				) : (
					<Badge tone="good" icon="check" text={says.allKnow(listeners.length, allKnowRound)} />
				)}
				<span className="soft">
					{says.modes[mode] ?? ""} · {says.round(round)}
				</span>
			</Verdicts>
			<Curve rumour={rumour} />
			<Section title={says.who}>
				<ul className="gossip-members">
					{listeners.slice(0, listenersMax).map((listener) => (
						<li key={listener.node}>
							<Cell listener={listener} />
						</li>
					))}
				</ul>
				<Legend items={legend} />
			</Section>
			<AgainstBook
				title={says.rounds}
				by={rumour.index}
				counted={allKnowRound}
				formula={mode === "push" ? says.formula : says.formulaOther}
				expected={mode === "push" ? pushRounds : Math.max(0, expected.length - 1)}
				most={null}
				isBound={false}
			/>
		</div>
	);
}

function Curve({ rumour: { knowing, expected, listeners } }: { readonly rumour: Rumour }): ReactElement {
	const count = Math.max(knowing.length, expected.length);
	const xs = Array.from({ length: count }, (_, round) => round);
	const last = knowing.length - 1;
	return (
		<MiniChart
			label={says.chart}
			summary={says.summary(knowing[last] ?? 0, Math.round(expected[Math.min(last, expected.length - 1)] ?? 0), last)}
			xs={xs}
			curves={[
				{ name: says.counted, values: xs.map((round) => knowing[round] ?? null), colour: "accent", isFilled: true },
				{ name: says.expected, values: xs.map((round) => expected[round] ?? listeners.length), colour: "soft", dash: [6, 4] },
			]}
			text={(value) => String(value)}
			xText={(x) => String(x)}
			yMax={listeners.length}
			heightPx={130}
		/>
	);
}

const Cell = kept(function Cell({ listener: { name, status, round, index } }: { readonly listener: Listener }): ReactElement {
	const isDown = status === "down";
	const text = `${round === null ? says.knowsNot(name) : says.knows(name, round)}${isDown ? `; ${says.down(name)}` : ""}`;
	const look = `${isDown ? "is-down" : ""} ${round === null ? "is-none" : `hue-${round % hues}`}`;
	return (
		<Stated by={index} className={`gossip-cell ${look}`} label={text} title={text}>
			{isDown ? "✕" : round}
		</Stated>
	);
});

const legend: readonly LegendItem[] = [
	{ id: "knows", sign: <span className="gossip-cell hue-3">3</span>, text: says.legend.knows },
	{ id: "not", sign: <span className="gossip-cell is-none" />, text: says.legend.not },
	{ id: "down", sign: <span className="gossip-cell is-none is-down">✕</span>, text: says.legend.down },
];

export const view: ServiceView = { services: ["gossip"], title: says.title, explains: says.explains, facts: gossipFacts, Component: GossipView };
