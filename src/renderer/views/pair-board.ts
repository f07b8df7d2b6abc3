/** What the view of the guarded pair draws, read out of what servers, database and customers stated. Pure. */
import { fieldOf, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const pairFacts = ["pair.role", "pair.record", "pair.fenced", "pair.acknowledged"] as const;

export interface PairServer {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	/** Empty: it has said nothing in this life, or it is down. */
	readonly role: string;
	readonly token: number;
	readonly term: number;
	readonly index: number;
}

export interface Content {
	readonly order: string;
	readonly by: string;
	readonly token: number;
}

export interface PairRecord extends Content {
	readonly name: string;
	readonly number: number;
	/** What stood there before it was overwritten. */
	readonly was: Content | null;
	/** Orders whose customers were told that this record is theirs, but for the one that is there. */
	readonly promised: readonly string[];
	/** Events that told those customers. */
	readonly promisedIndexes: readonly number[];
	readonly index: number;
}

export interface PairBoard {
	readonly servers: readonly PairServer[];
	/** Newest last. */
	readonly records: readonly PairRecord[];
	/** The last write that the database refused. */
	readonly fenced: { readonly by: string; readonly token: number; readonly newest: number; readonly index: number } | null;
}

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

function contentOf(value: Parameters<typeof textIn>[0]): Content {
	return { order: textIn(value, "order"), by: textIn(value, "by"), token: numberIn(value, "token") };
}

export function readPair({ plan, board, statusOf, nameOf }: Parts): PairBoard {
	const said = new Map<number, PairServer>();
	const records = new Map<string, Omit<PairRecord, "promised" | "promisedIndexes">>();
	const promised = new Map<string, { readonly order: string; readonly index: number }[]>();
	let fenced: PairBoard["fenced"] = null;
	for (const entry of board) {
		const { node, key, value, index } = entry;
		switch (nameOf(entry)) {
			case "pair.role": {
				const status = statusOf(node);
				const role = status === "up" || status === "paused" ? textIn(value, "role") : "";
				said.set(node, { node, name: plan.nodes[node]?.name ?? "", status, role, token: numberIn(value, "token"), term: numberIn(value, "term"), index });
				break;
			}
			case "pair.record": {
				const before = fieldOf(value, "was");
				const was = typeof before === "object" && before !== null ? contentOf(before) : null;
				records.set(key, { name: key, number: Number(key.slice(key.lastIndexOf("-") + 1)) || 0, ...contentOf(value), was, index });
				break;
			}
			case "pair.fenced":
				fenced = { by: textIn(value, "by"), token: numberIn(value, "token"), newest: numberIn(value, "newest"), index };
				break;
			case "pair.acknowledged": {
				const record = textIn(value, "record");
				promised.set(record, [...(promised.get(record) ?? []), { order: key, index }]);
				break;
			}
		}
	}
	const servers = plan.nodes.flatMap(({ name, services }, node) => {
		if (!services.some(({ service }) => service === "pair")) return [];
		return [said.get(node) ?? { node, name, status: statusOf(node), role: "", token: 0, term: 0, index: -1 }];
	});
	const all = [...records.values()].map((record) => {
		const told = promised.get(record.name) ?? [];
		const broken = told.filter(({ order }) => order !== record.order).map(({ order }) => order);
		return { ...record, promised: broken, promisedIndexes: told.map(({ index }) => index) };
	});
	return { servers, records: all.sort((a, b) => a.number - b.number), fenced };
}

/** It belongs to two: it was overwritten by another, or promised to somebody whose order is not there. */
export function isConflict({ was, promised }: PairRecord): boolean {
	return was !== null || promised.length > 0;
}
