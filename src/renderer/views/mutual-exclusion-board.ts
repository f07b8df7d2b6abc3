/** What the view of mutual exclusion draws: who is in, who waits since when and for whom, and what an entry costs. Pure. */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { byNode, fieldOf, numberIn, textIn, textsIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const mutexFacts = ["mutex.wanted", "mutex.entered", "mutex.left", "mutex.consent"] as const;

const consents = ["given", "refused", "asked-back", "given-back"] as const;
/** `none`: it has not said anything of this request yet. */
export type Consent = (typeof consents)[number] | "none";

export interface Asked {
	readonly name: string;
	readonly consent: Consent;
	/** Event that stated it; -1: none. */
	readonly index: number;
}

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

export interface Contender extends Member {
	readonly state: "outside" | "waiting" | "inside";
	/** When it came to that, true time. */
	readonly sinceUs: number;
	/** Whose consent its latest request needs; nobody's where a token is all. */
	readonly asks: readonly Asked[];
	readonly entries: number;
	readonly lastMessages: number;
	readonly messagesInAll: number;
	/** Event that stated where it stands; -1: none. */
	readonly index: number;
	/** All that stated it: that it wanted, entered and left. */
	readonly indexes: readonly number[];
}

/** In the plan's order. */
export function contendersOf(props: Parts): readonly Contender[] {
	const [wanted, entered, left] = mutexFacts.map((fact) => latestByNode(entriesOf(props, fact))) as [Stated, Stated, Stated];
	const said = byNode(entriesOf(props, "mutex.consent"));
	return membersOf(props, "mutual-exclusion").map((member) => {
		const [asked, came, went] = [wanted, entered, left].map((facts) => facts.get(member.node));
		const latest = [asked, came, went].flatMap((entry) => entry ?? []).sort((a, b) => b.index - a.index)[0];
		return {
			...member,
			state: latest === undefined || latest === went ? "outside" : latest === came ? "inside" : "waiting",
			sinceUs: latest?.atUs ?? 0,
			asks: askedOf(asked, said.get(member.node) ?? []),
			entries: numberIn(went?.value, "entries"),
			lastMessages: numberIn(went?.value, "messages"),
			messagesInAll: numberIn(went?.value, "messagesInAll"),
			index: latest?.index ?? -1,
			indexes: [asked, came, went].flatMap((entry) => entry?.index ?? []),
		};
	});
}

/** Those whom the latest request asks, with what they said of it; what they said of an earlier one is old. */
function askedOf(wanted: BoardEntry | undefined, said: readonly BoardEntry[]): readonly Asked[] {
	const request = numberIn(wanted?.value, "request");
	const known = new Map(said.filter(({ value }) => numberIn(value, "request") === request).map((entry) => [entry.key, entry]));
	return textsIn(wanted?.value, "asks").map((name) => {
		const entry = known.get(name);
		const text = textIn(entry?.value, "consent");
		return { name, consent: consents.find((consent) => consent === text) ?? "none", index: entry?.index ?? -1 };
	});
}

/** `node-1` to `node-7` are 1 to 7 where there is little room: what all names begin with, up to a dash, is cut. */
export function shortName(name: string, names: readonly string[]): string {
	const prefix = name.slice(0, name.lastIndexOf("-") + 1);
	return prefix !== "" && names.every((other) => other.startsWith(prefix)) ? name.slice(prefix.length) : name;
}

type Stated = ReturnType<typeof latestByNode>;

export interface Cost {
	readonly algorithm: string;
	readonly entries: number;
	/** Null: nobody has left yet. */
	readonly meanMessages: number | null;
	/** Null: the book names no bound. */
	readonly expected: readonly [least: number, most: number] | null;
	/** Events that stated what was counted. */
	readonly indexes: readonly number[];
}

export function costOf(props: Parts, contenders: readonly Contender[]): Cost {
	const said = entriesOf(props, "mutex.left").at(-1)?.value;
	const most = fieldOf(said, "most");
	const entries = contenders.reduce((sum, contender) => sum + contender.entries, 0);
	const messages = contenders.reduce((sum, contender) => sum + contender.messagesInAll, 0);
	const algorithm = textIn(said, "algorithm") || textIn(entriesOf(props, "mutex.wanted").at(-1)?.value, "algorithm");
	return {
		algorithm,
		entries,
		meanMessages: entries === 0 ? null : messages / entries,
		expected: typeof most === "number" ? [numberIn(said, "least"), most] : null,
		indexes: entriesOf(props, "mutex.left").map(({ index }) => index),
	};
}

/** Who waits, longest first. */
export function queueOf(contenders: readonly Contender[]): readonly Contender[] {
	return contenders.filter(({ state, isThere }) => state === "waiting" && isThere).sort((a, b) => a.sinceUs - b.sinceUs || a.node - b.node);
}
