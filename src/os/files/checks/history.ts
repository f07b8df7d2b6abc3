/**
 * What clients said they asked of each path and were told, in the order of the log: which contents a path may
 * hold at an instant, and whether a file is still the one that counts. Pure.
 */
import type { Fact } from "../../../core/node-api.ts";
import { type ChangedFact, type ChangingFact, facts, type OpenedFact, type OpeningFact } from "../facts.ts";

export interface Change {
	readonly path: string;
	/** Null: a removal. */
	readonly id: string | null;
	readonly checksum: number;
	/** Counted in facts. */
	readonly called: number;
	/** Infinity: no answer yet, or never. */
	ended: number;
	outcome: ChangedFact["outcome"] | "pending";
}

export interface Opening {
	readonly path: string;
	readonly called: number;
}

export class History {
	readonly #changes = new Map<string, Change>();
	readonly #byPath = new Map<string, Change[]>();
	readonly #byId = new Map<string, Change>();
	readonly #openings = new Map<string, Opening>();
	#count = 0;

	get count(): number {
		return this.#count;
	}

	changeOf(id: string): Change | undefined {
		return this.#byId.get(id);
	}

	/** Takes any fact; those that are no client's only count. @returns what an answer answers */
	onFact({ node, name, value }: Fact): Change | Opening | null {
		this.#count++;
		if (name === facts.changing) return this.#begin(node, value as ChangingFact);
		if (name === facts.opening) {
			const { call, path } = value as OpeningFact;
			this.#openings.set(`${node} ${call}`, { path, called: this.#count });
		} else if (name === facts.opened) {
			const place = `${node} ${(value as unknown as OpenedFact).call}`;
			const opening = this.#openings.get(place) ?? null;
			this.#openings.delete(place);
			return opening;
		} else if (name === facts.changed) {
			const { call, outcome } = value as unknown as ChangedFact;
			const change = this.#changes.get(`${node} ${call}`);
			if (change === undefined) return null;
			change.ended = this.#count;
			change.outcome = outcome;
			return change;
		}
		return null;
	}

	/** Whether nothing that was asked since it was begun can have taken its place. */
	counts(change: Change): boolean {
		if (change.outcome !== "done") return false;
		return this.#on(change.path).every((other) => other === change || other.outcome === "not" || other.ended < change.called);
	}

	/** Whether a path may be seen to hold this (null: nothing) by somebody who asked at `called`. */
	mayBeSeen(path: string, id: string | null, called: number): boolean {
		const isOver = (since: number): boolean => this.#on(path).some((later) => later.outcome === "done" && since < later.called && later.ended < called);
		const candidates = this.#on(path).filter((change) => change.id === id && change.outcome !== "not");
		return candidates.some(({ ended }) => !isOver(ended)) || (id === null && !isOver(0));
	}

	#on(path: string): readonly Change[] {
		return this.#byPath.get(path) ?? [];
	}

	#begin(node: string, { call, path, id, checksum }: ChangingFact): null {
		const change: Change = { path, id, checksum, called: this.#count, ended: Number.POSITIVE_INFINITY, outcome: "pending" };
		this.#changes.set(`${node} ${call}`, change);
		this.#byPath.set(path, [...this.#on(path), change]);
		if (id !== null) this.#byId.set(id, change);
		return null;
	}
}
