/**
 * What the view of clocks draws, read out of what members stated: how wrong each clock is by true time, which
 * only somebody outside knows, how wrong it says it can be, and the writes with what each clock says of them. Pure.
 */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { listIn, numberIn, numbersIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const clockFacts = ["time.set", "time.served", "clock.write", "clock.kept"] as const;

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

/** A clock that is set by another. Errors: positive is fast, by true time. */
export interface SetClock extends Member {
	readonly isServer: boolean;
	/** Of the clock on the wall; null: not told yet. */
	readonly wallErrorUs: number | null;
	/** Of the time that the member goes by. */
	readonly errorUs: number | null;
	/** From the server's clock, when it was last set. */
	readonly fromServerUs: number | null;
	/** How far it says it can be from it; null: it cannot say. */
	readonly boundUs: number | null;
	readonly roundTripUs: number;
	readonly minDelayUs: number;
	/** Event that stated it; -1: none. */
	readonly index: number;
}

export function setClocks(props: Parts): readonly SetClock[] {
	const set = latestByNode(entriesOf(props, "time.set"));
	const served = latestByNode(entriesOf(props, "time.served"));
	const members = membersOf(props, "time-sync");
	const reference = members[0] === undefined ? undefined : (served.get(members[0].node) ?? set.get(members[0].node));
	const serverErrorUs = reference === undefined ? null : errorOf(reference);
	return members.map((member, position) => {
		const isServer = position === 0;
		const entry = set.get(member.node) ?? (isServer ? reference : undefined);
		const errorUs = entry === undefined ? null : errorOf(entry);
		const boundUs = numberIn(entry?.value, "boundUs", -1);
		return {
			...member,
			isServer,
			errorUs,
			wallErrorUs: errorUs === null ? null : errorUs - numberIn(entry?.value, "correctionUs"),
			fromServerUs: errorUs === null || serverErrorUs === null || isServer ? null : errorUs - serverErrorUs,
			boundUs: boundUs < 0 ? null : boundUs,
			roundTripUs: numberIn(entry?.value, "roundTripUs"),
			minDelayUs: numberIn(entry?.value, "minDelayUs"),
			index: entry?.index ?? -1,
		};
	});
}

function errorOf({ value, atUs }: BoardEntry): number {
	return (typeof value === "number" ? value : numberIn(value, "timeUs", atUs)) - atUs;
}

/** Clocks count whole microseconds, at either end of an exchange. */
const roundingUs = 2;

export function isWithinBound({ fromServerUs, boundUs }: Pick<SetClock, "fromServerUs" | "boundUs">): boolean {
	return fromServerUs === null || boundUs === null || Math.abs(fromServerUs) <= boundUs + roundingUs;
}

type WriteId = readonly [writer: number, sequence: number];

/** A write of the shared note. */
export interface WrittenNote {
	readonly id: string;
	readonly by: string;
	readonly text: string;
	readonly atUs: number;
	readonly wallUs: number;
	readonly lamport: number;
	readonly hybridUs: number;
	readonly hybridCount: number;
	readonly vector: readonly number[];
	/** Texts of writes it was thrown away for although its writer had seen them. */
	readonly lostFor: readonly string[];
	readonly index: number;
	/** Of the statements that threw it away for those. */
	readonly lostIndexes: readonly number[];
}

/** In the order of true time, oldest first. */
export function writtenNotes(props: Parts): readonly WrittenNote[] {
	const entries = entriesOf(props, "clock.write");
	const writes = new Map(entries.flatMap((entry) => (idIn(entry, "id") === null ? [] : [[String(idIn(entry, "id")), entry] as const])));
	const lostFor = new Map<string, Map<string, number>>();
	for (const kept of entriesOf(props, "clock.kept")) {
		const [winner, loser] = [writes.get(String(idIn(kept, "winner"))), writes.get(String(idIn(kept, "loser")))];
		if (winner === undefined || loser === undefined || !isBefore(winner, loser)) continue;
		const id = String(idIn(loser, "id"));
		lostFor.set(id, (lostFor.get(id) ?? new Map()).set(textIn(winner.value, "text"), kept.index));
	}
	return [...writes].map(([id, { node, value, atUs, index }]) => {
		const [hybridUs = 0, hybridCount = 0] = numbersIn(value, "hybrid");
		return {
			id,
			by: props.plan.nodes[node]?.name ?? "",
			text: textIn(value, "text"),
			atUs,
			wallUs: numberIn(value, "wallUs"),
			lamport: numberIn(value, "lamport"),
			hybridUs,
			hybridCount,
			vector: numbersIn(value, "vector"),
			lostFor: [...(lostFor.get(id)?.keys() ?? [])],
			index,
			lostIndexes: [...(lostFor.get(id)?.values() ?? [])],
		};
	});
}

function idIn({ value }: BoardEntry, name: string): WriteId | null {
	const [writer, sequence] = listIn(value, name);
	return typeof writer === "number" && typeof sequence === "number" ? [writer, sequence] : null;
}

/** By vectors, which say exactly that: the writer of `b` had seen `a`. */
function isBefore(a: BoardEntry, b: BoardEntry): boolean {
	const [writer = 0, sequence = 0] = idIn(a, "id") ?? [];
	return String(idIn(a, "id")) !== String(idIn(b, "id")) && (numbersIn(b.value, "vector")[writer] ?? 0) >= sequence;
}

/** A writer's clocks, as its last write tells. */
export interface LogicalClock extends Member {
	/** Null: it has written nothing. */
	readonly last: WrittenNote | null;
}

export function logicalClocks(props: Parts, notes: readonly WrittenNote[]): readonly LogicalClock[] {
	return membersOf(props, "logical-clocks").map((member) => ({ ...member, last: notes.findLast(({ by }) => by === member.name) ?? null }));
}

const turnsUs = [10_000, 100_000, 1_000_000, 10_000_000, 60_000_000, 3_600_000_000] as const;

/** How long a hand takes to go round, so that the largest error is seen and stays below a third of a turn. */
export function turnUsFor(errorsUs: readonly number[]): number {
	const largest = errorsUs.reduce((most, errorUs) => Math.max(most, Math.abs(errorUs)), 0);
	return turnsUs.find((turnUs) => largest <= turnUs / 3) ?? 43_200_000_000;
}

/** Degrees clockwise from the top. */
export function handDegrees(timeUs: number, turnUs: number): number {
	const degrees = ((timeUs % turnUs) / turnUs) * 360;
	return Math.round((degrees < 0 ? degrees + 360 : degrees) * 10) / 10;
}

const dayUs = 86_400_000_000;

/** As people read a clock; runs begin at noon. */
export function timeOfDay(timeUs: number): string {
	const us = (((timeUs + dayUs / 2) % dayUs) + dayUs) % dayUs;
	const part = (value: number, width = 2): string => String(Math.floor(value)).padStart(width, "0");
	const seconds = us / 1_000_000;
	return `${part(seconds / 3_600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}.${part((us / 1_000) % 1_000, 3)}`;
}
