/** What the view of broadcast draws: what each member was given, in which order, and what it was given too early. Pure. */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { entriesOf, type Member, membersOf } from "./parts/members.ts";
import { numbersIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const broadcastFacts = ["broadcast.posted", "broadcast.delivered"] as const;

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

export interface Given {
	/** Sender and number. */
	readonly id: string;
	readonly sender: string;
	/** By the sender's place, for its hue. */
	readonly place: number;
	readonly text: string;
	readonly isAnswer: boolean;
	readonly isOwn: boolean;
	/** A message that its sender had been given and this member had not; null: nothing is missing. */
	readonly tooEarlyFor: Pick<Given, "sender" | "text" | "isAnswer"> | null;
	readonly index: number;
}

export interface Reader extends Member {
	/** In the order in which it was given them, its own included; oldest first. */
	readonly given: readonly Given[];
	readonly tooEarly: number;
}

export interface Talk {
	readonly readers: readonly Reader[];
	readonly posted: number;
	/** Of all posts and all members but the sender. */
	readonly delivered: number;
	readonly deliveriesDue: number;
}

const answerPrefix = "re: ";

export function talkOf(props: Parts): Talk {
	const members = membersOf(props, "broadcast");
	const placeOf = new Map(members.map(({ node }, place) => [node, place]));
	const posted = entriesOf(props, "broadcast.posted");
	const delivered = entriesOf(props, "broadcast.delivered");
	const posts = new Map(posted.map((entry) => [entry.key, entry]));
	const pasts = pastsOf([...posted, ...delivered].sort((a, b) => a.index - b.index));
	const said = (key: string): Pick<Given, "sender" | "place" | "text" | "isAnswer"> => {
		const post = posts.get(key);
		const place = placeOf.get(post?.node ?? -1) ?? 0;
		const text = textIn(post?.value, "text");
		return { sender: members[place]?.name ?? "", place, text, isAnswer: text.startsWith(answerPrefix) };
	};
	const readers = members.map((member) => {
		const own = pasts.filter(({ entry }) => entry.node === member.node);
		const given = own.map(({ entry, missing }) => ({
			id: entry.key,
			...said(entry.key),
			isOwn: posts.get(entry.key)?.node === entry.node,
			tooEarlyFor: missing === null ? null : said(missing),
			index: entry.index,
		}));
		return { ...member, given, tooEarly: given.filter(({ tooEarlyFor }) => tooEarlyFor !== null).length };
	});
	return { readers, posted: posted.length, delivered: delivered.length, deliveriesDue: posted.length * Math.max(0, members.length - 1) };
}

interface Judged {
	readonly entry: BoardEntry;
	/** Key of a message that should have come before; null: none. */
	readonly missing: string | null;
}

/**
 * Walks through all that was posted and delivered, in order, with what each member has been given so far: the past
 * of a message is what its sender had been given when it posted it, and all of that came before at everybody.
 * A board keeps only the latest: of a message whose post is no longer on it nobody can say who was given it.
 */
function pastsOf(entries: readonly BoardEntry[]): readonly Judged[] {
	const given = new Map<number, Set<string>>();
	const directPasts = new Map<string, readonly string[]>();
	return entries.map((entry) => {
		const own = given.get(entry.node) ?? new Set<string>();
		given.set(entry.node, own);
		const vector = numbersIn(entry.value, "vector");
		let missing: string | null = null;
		// A post is a message of the member's own: it has been given it by sending it.
		if (vector.length > 0)
			directPasts.set(
				entry.key,
				[...own].filter((key) => directPasts.has(key)),
			);
		else missing = (directPasts.get(entry.key) ?? []).find((key) => !own.has(key)) ?? null;
		own.add(entry.key);
		return { entry, missing };
	});
}
