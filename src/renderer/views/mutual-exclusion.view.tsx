/** Mutual exclusion: the critical section with who is in, the queue before it, and the price of an entry beside the book's. */
import type { ReactElement } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { mutexStrings as says } from "../strings/views/mutual-exclusion.ts";
import "./mutual-exclusion.css";
import { type Contender, contendersOf, costOf, mutexFacts, queueOf, shortName } from "./mutual-exclusion-board.ts";
import { AgainstBook } from "./parts/AgainstBook.tsx";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const queueMax = 12;
/** Those who were asked, one by one; of more, only a few of those who have not consented. */
const chipsMax = 12;
const chipsOfMany = 4;

function MutexView(props: ViewProps): ReactElement {
	const contenders = contendersOf(props);
	if (contenders.every(({ index }) => index < 0)) return <EmptyView />;
	const cost = costOf(props, contenders);
	return (
		<div className="view mutex">
			<Section title={says.door} aside={<span className="soft">{says.algorithms[cost.algorithm] ?? ""}</span>}>
				<Door contenders={contenders} />
			</Section>
			<AgainstBook title={says.messages} by={cost.indexes} counted={cost.meanMessages} formula={says.formulas[cost.algorithm] ?? ""} expected={cost.expected} />
			<Section title={says.members} aside={<span className="soft">{says.entries(cost.entries)}</span>}>
				<Members contenders={contenders} algorithm={cost.algorithm} atUs={props.atUs} />
			</Section>
		</div>
	);
}

function Door({ contenders }: { readonly contenders: readonly Contender[] }): ReactElement {
	const inside = contenders.filter(({ state, isThere }) => state === "inside" && isThere);
	const queue = queueOf(contenders).slice(0, queueMax);
	const isBroken = inside.length > 1;
	const names = inside.map(({ name }) => name);
	const indexes = inside.map(({ index }) => index);
	return (
		<div className="mutex-door">
			<ol className="mutex-queue" aria-label={says.queue}>
				{queue.toReversed().map(({ node, name, index }) => (
					<li key={node}>
						<Stated by={index}>{name}</Stated>
					</li>
				))}
				{queue.length === 0 && <li className="is-none">{says.nobodyWaits}</li>}
			</ol>
			<span className="mutex-arrow" aria-hidden="true">
				➜
			</span>
			<p className={`mutex-room ${isBroken ? "is-broken" : names.length === 1 ? "is-taken" : ""}`} role="status">
				{isBroken && (
					<Stated by={indexes} className="view-link">
						<Badge tone="bad" icon="warning" text={says.several(names)} />
					</Stated>
				)}
				{names.length === 1 && (
					<Stated by={indexes} className="view-link">
						<Badge tone="accent" icon="lock" text={says.inside(names[0] ?? "")} />
					</Stated>
				)}
				{names.length === 0 && <Badge tone="quiet" icon="empty" text={says.nobody} />}
			</p>
		</div>
	);
}

interface MembersProps {
	readonly contenders: readonly Contender[];
	readonly algorithm: string;
	readonly atUs: number;
}

function Members({ contenders, algorithm, atUs }: MembersProps): ReactElement {
	const names = contenders.map(({ name }) => name);
	const down = new Set(contenders.filter(({ isThere }) => !isThere).map(({ name }) => name));
	return (
		<Grid
			label={says.members}
			head={says.node}
			columns={[
				{ id: "state", title: says.columns.state },
				{ id: "for", title: says.columns.for, isWide: true },
				{ id: "entries", title: says.columns.entries, isNumber: true },
				{ id: "last", title: says.columns.last, isNumber: true },
			]}
			rows={contenders.map((contender) => ({
				id: contender.name,
				title: contender.name,
				cells: {
					state: (
						<State
							status={contender.status}
							state={contender.state}
							waited={contender.state === "waiting" ? shortDuration(Math.max(0, atUs - contender.sinceUs)) : ""}
						/>
					),
					for: contender.state === "outside" ? "" : <Asks contender={contender} algorithm={algorithm} down={down} names={names} />,
					entries: contender.entries,
					last: contender.entries === 0 ? "" : contender.lastMessages,
				},
				...(contender.isThere ? (contender.state === "inside" ? { look: "lit" as const } : {}) : { look: "dim" as const }),
				by: contender.indexes,
			}))}
		/>
	);
}

interface AsksProps {
	readonly contender: Contender;
	readonly algorithm: string;
	readonly down: ReadonlySet<string>;
	/** Of all members. */
	readonly names: readonly string[];
}

/** Who has allowed it in, who has not, and who cannot; of a great many, how many. */
function Asks({ contender: { asks, state }, algorithm, down, names }: AsksProps): ReactElement {
	if (algorithm === "token-ring") return <>{state === "inside" ? says.hasToken : says.token}</>;
	if (asks.length === 0) return <>{says.itself}</>;
	// A vote that is asked back is still there.
	const given = asks.filter(({ consent }) => consent === "given" || consent === "asked-back").length;
	const shown = asks.length <= chipsMax ? asks : asks.filter(({ name, consent }) => consent !== "given" || down.has(name)).slice(0, chipsOfMany);
	return (
		<div className="mutex-asks">
			{/* The chips tell it, where all of them are there. */}
			<span className={shown.length === asks.length ? "hidden-visually" : "mutex-given"}>{says.given(given, asks.length)}</span>
			<ul className="mutex-chips">
				{shown.map(({ name, consent, index }) => (
					<Chip key={name} name={name} index={index} short={shortName(name, names)} look={down.has(name) && consent === "none" ? "down" : consent} />
				))}
			</ul>
		</div>
	);
}

const marks = { given: "✓", refused: "✗", "asked-back": "?", "given-back": "↩", none: "…", down: "†" } as const;

interface ChipProps {
	readonly name: string;
	readonly short: string;
	readonly look: keyof typeof marks;
	readonly index: number;
}

function Chip({ name, short, look, index }: ChipProps): ReactElement {
	return (
		<li>
			<Stated by={index} className={`mutex-chip is-${look}`} title={says.consents[look](name)} label={says.consents[look](name)}>
				{marks[look]}
				{short}
			</Stated>
		</li>
	);
}

/** @param waited as it is written: what is not seen to change makes no row anew */
function State({ status, state, waited }: Pick<Contender, "status" | "state"> & { readonly waited: string }): ReactElement {
	if (status !== "up") return <StatusBadge status={status} />;
	if (state === "inside") return <Badge tone="accent" icon="lock" text={says.states.inside} />;
	if (state === "waiting") return <Badge tone="warning" icon="wait" text={says.states.waiting(waited)} />;
	return <Badge tone="quiet" icon="empty" text={says.states.outside} />;
}

export const view: ServiceView = { services: ["mutual-exclusion"], title: says.title, explains: says.explains, facts: mutexFacts, Component: MutexView };
