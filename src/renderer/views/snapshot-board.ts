/** What the view of the bank draws: accounts, money under way, and what each snapshot showed. Pure. */
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { numberIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const snapshotFacts = ["snapshot.account", "snapshot.begun", "snapshot.part"] as const;

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

export interface Account extends Member {
	readonly balance: number;
	/** Event that stated it; -1: none. */
	readonly index: number;
}

export interface Bank {
	readonly accounts: readonly Account[];
	/** What all accounts hold. */
	readonly held: number;
	/** Sent by somebody and got by nobody yet. */
	readonly underway: number;
	/** What all began with. */
	readonly opening: number;
}

export function bankOf(props: Parts): Bank {
	const stated = latestByNode(entriesOf(props, "snapshot.account"));
	const members = membersOf(props, "snapshot");
	const sum = (field: string): number => [...stated.values()].reduce((total, { value }) => total + numberIn(value, field), 0);
	return {
		accounts: members.map((member) => ({
			...member,
			balance: numberIn(stated.get(member.node)?.value, "balance"),
			index: stated.get(member.node)?.index ?? -1,
		})),
		held: sum("balance"),
		underway: sum("sent") - sum("received"),
		opening: sum("opening"),
	};
}

export interface SnapshotRow {
	readonly snapshot: number;
	/** Of its parts. */
	readonly parts: number;
	readonly members: number;
	readonly balances: number;
	readonly underway: number;
	readonly total: number;
	readonly markers: number;
	readonly markersExpected: number;
	/** Events of its beginning and its parts. */
	readonly indexes: readonly number[];
}

/** Latest first. */
export function snapshotsOf(props: Parts): readonly SnapshotRow[] {
	const rows = new Map<number, SnapshotRow>();
	const begun = new Map(entriesOf(props, "snapshot.begun").map(({ value, index }) => [numberIn(value, "snapshot"), [index]]));
	for (const { value, index } of entriesOf(props, "snapshot.part")) {
		const snapshot = numberIn(value, "snapshot");
		const known = rows.get(snapshot);
		rows.set(snapshot, {
			snapshot,
			parts: (known?.parts ?? 0) + 1,
			members: numberIn(value, "members"),
			balances: (known?.balances ?? 0) + numberIn(value, "balance"),
			underway: (known?.underway ?? 0) + numberIn(value, "underway"),
			total: numberIn(value, "total"),
			markers: (known?.markers ?? 0) + numberIn(value, "markersSent"),
			markersExpected: numberIn(value, "markersExpected"),
			indexes: [...(known?.indexes ?? begun.get(snapshot) ?? []), index],
		});
	}
	return [...rows.values()].sort((a, b) => b.snapshot - a.snapshot);
}

/** "open" until every member has handed in its part. */
export function verdictOf({ parts, members, balances, underway, total }: SnapshotRow): "open" | "right" | "wrong" {
	if (parts < members) return "open";
	return balances + underway === total ? "right" : "wrong";
}
