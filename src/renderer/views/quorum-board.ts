/** What the view of the quorum store draws, read out of what nodes and clients stated. Pure. */
import type { PlainValue } from "../../shared/codec.ts";
import { fieldOf, listIn, textIn, textsIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const quorumFacts = ["quorum.holds", "quorum.hint", "quorum.dropped", "quorum.added"] as const;

export interface ShownVersion {
	readonly by: string;
	readonly items: readonly string[];
	/** As "writer: count", in order. */
	readonly vector: string;
}

export interface Copy {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	readonly versions: readonly ShownVersion[];
	/** Items that another copy of this key has, and this one has not. */
	readonly missing: number;
	readonly isLikeOthers: boolean;
	readonly index: number;
}

export interface Key {
	readonly key: string;
	readonly copies: readonly Copy[];
}

export interface StandIn {
	readonly node: string;
	readonly key: string;
	readonly owner: string;
	readonly items: number;
	readonly index: number;
}

export interface Loss {
	readonly item: string;
	readonly of: string;
	readonly winner: string;
	/** A client had been told that it is kept. */
	readonly wasAcknowledged: boolean;
	/** Events that dropped it, and that told the client. */
	readonly indexes: readonly number[];
}

export interface QuorumBoard {
	readonly keys: readonly Key[];
	readonly standIns: readonly StandIn[];
	/** Of the items that are in no copy now. */
	readonly losses: readonly Loss[];
}

type Dropped = Omit<Loss, "wasAcknowledged" | "indexes"> & { readonly index: number };
type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

function versionOf(value: PlainValue): ShownVersion {
	const vector = fieldOf(value, "vector");
	const counts = typeof vector === "object" && vector !== null && !Array.isArray(vector) && !(vector instanceof Uint8Array) ? Object.entries(vector) : [];
	const text = counts
		.map(([writer, count]) => `${writer}: ${String(count)}`)
		.sort()
		.join(", ");
	return { by: textIn(value, "by"), items: textsIn(value, "items"), vector: text };
}

const fingerprint = (versions: readonly ShownVersion[]): string => versions.map(({ vector }) => vector).join("; ");

export function readQuorum({ plan, board, statusOf, nameOf }: Parts): QuorumBoard {
	const byKey = new Map<string, Omit<Copy, "missing" | "isLikeOthers">[]>();
	const standIns: StandIn[] = [];
	const dropped: Dropped[] = [];
	const added = new Map<string, number>();
	for (const entry of board) {
		const { node, key, value, index } = entry;
		const name = plan.nodes[node]?.name ?? "";
		switch (nameOf(entry)) {
			case "quorum.holds": {
				const copy = { node, name, status: statusOf(node), versions: listIn(value, "versions").map(versionOf), index };
				byKey.set(key, [...(byKey.get(key) ?? []), copy]);
				break;
			}
			case "quorum.hint":
				standIns.push({ node: name, key: textIn(value, "of"), owner: textIn(value, "owner"), items: textsIn(value, "items").length, index });
				break;
			case "quorum.dropped":
				for (const item of textsIn(value, "items")) dropped.push({ item, of: textIn(value, "of"), winner: textIn(value, "winner"), index });
				break;
			case "quorum.added":
				added.set(key, index);
				break;
		}
	}
	const keys = [...byKey.keys()].sort().map((key): Key => ({ key, copies: compared(byKey.get(key) ?? []) }));
	return { keys, standIns, losses: lossesOf(keys, dropped, added) };
}

/** What most copies keep is what a copy is like or is not. */
function compared(copies: readonly Omit<Copy, "missing" | "isLikeOthers">[]): readonly Copy[] {
	const counts = new Map<string, number>();
	for (const { versions } of copies) counts.set(fingerprint(versions), (counts.get(fingerprint(versions)) ?? 0) + 1);
	const [[usual] = [""]] = [...counts].sort(([, a], [, b]) => b - a);
	const all = new Set(copies.flatMap(({ versions }) => versions.flatMap(({ items }) => items)));
	return [...copies]
		.sort((a, b) => a.node - b.node)
		.map((copy) => {
			const own = new Set(copy.versions.flatMap(({ items }) => items));
			return { ...copy, missing: all.size - own.size, isLikeOthers: fingerprint(copy.versions) === usual };
		});
}

function lossesOf(keys: readonly Key[], dropped: readonly Dropped[], added: ReadonlyMap<string, number>): readonly Loss[] {
	const there = new Set(
		keys.flatMap(({ key, copies }) => copies.flatMap(({ versions }) => versions.flatMap(({ items }) => items.map((item) => `${key} ${item}`)))),
	);
	const lost = new Map(dropped.filter(({ of, item }) => !there.has(`${of} ${item}`)).map((loss) => [`${loss.of} ${loss.item}`, loss]));
	return [...lost.values()].map(({ index, ...loss }) => {
		const told = added.get(loss.item);
		return { ...loss, wasAcknowledged: told !== undefined, indexes: told === undefined ? [index] : [index, told] };
	});
}
