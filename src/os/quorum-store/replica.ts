/**
 * What one node keeps: versions of its own keys, and, apart from them, versions that it keeps for others until they are
 * back (hints). All of it is on its drive before it says so.
 */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { Journal } from "../journal/journal.ts";
import type { QuorumConfig } from "./config.ts";
import { type DroppedFact, droppedFact, type HintFact, type HoldsFact, hintFact, holdsFact, loadedFact } from "./contract.ts";
import { hashOf } from "./ring.ts";
import { itemsOf, type Loss, lossesOf, nameOf, readVersions, reconcile, sameVersions, type Version } from "./versions.ts";

export interface Hint {
	readonly owner: string;
	readonly key: string;
	readonly versions: readonly Version[];
}

export class Replica {
	readonly #ctx: NodeContext;
	readonly #config: QuorumConfig;
	readonly #journal: Journal;
	readonly #own = new Map<string, readonly Version[]>();
	/** Of its own, what is on the drive. */
	readonly #durable = new Map<string, readonly Version[]>();
	readonly #hints = new Map<string, Hint>();

	constructor(ctx: NodeContext, config: QuorumConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#journal = new Journal(ctx, "quorum-store");
	}

	*load(): Task {
		for (const record of yield* this.#journal.load()) {
			const [key, stored, owner] = record as unknown as readonly [string, PlainValue, string];
			const versions = readVersions(stored) ?? [];
			if (owner === "") this.#own.set(key, reconcile([...this.of(key), ...versions], this.#config.versions));
			else if (versions.length === 0) this.#hints.delete(hintKey(owner, key));
			else this.#hints.set(hintKey(owner, key), { owner, key, versions });
		}
		this.#ctx.fact(loadedFact, this.#own.size);
		for (const [key, versions] of this.#own) this.#kept(key, versions);
		for (const hint of this.#hints.values()) this.#stateHint(hint);
	}

	of(key: string): readonly Version[] {
		return this.#own.get(key) ?? [];
	}

	/** Its own, and what it keeps for others. */
	allOf(key: string): readonly Version[] {
		const kept = [...this.#hints.values()].filter((hint) => hint.key === key).flatMap(({ versions }) => versions);
		return reconcile([...this.of(key), ...kept], this.#config.versions);
	}

	/** @returns whether it is on the drive; a full one takes no more */
	*store(key: string, news: readonly Version[]): Task<boolean> {
		const before = this.of(key);
		const after = reconcile([...before, ...news], this.#config.versions);
		for (const loss of lossesOf([...before, ...news], after)) this.#stateDropped(key, loss, after);
		this.#own.set(key, after);
		if (sameVersions(this.#durable.get(key) ?? [], after)) return true;
		const isKept = yield* this.#journal.write([key, after, ""], { sync: this.#config.sync });
		if (isKept) this.#kept(key, after);
		yield* this.#tidy();
		return isKept;
	}

	/** Writes end in the order in which they began. */
	#kept(key: string, versions: readonly Version[]): void {
		if (sameVersions(this.#durable.get(key) ?? [], versions)) return;
		this.#durable.set(key, versions);
		const stated: HoldsFact = { key, versions };
		this.#ctx.fact(holdsFact, stated);
	}

	/** @returns whether it is on the drive */
	*keepFor(owner: string, key: string, news: readonly Version[]): Task<boolean> {
		const place = hintKey(owner, key);
		const versions = reconcile([...(this.#hints.get(place)?.versions ?? []), ...news], this.#config.versions);
		const hint: Hint = { owner, key, versions };
		this.#hints.set(place, hint);
		const isKept = yield* this.#journal.write([key, versions, owner], { sync: this.#config.sync });
		if (isKept) this.#stateHint(hint);
		return isKept;
	}

	/** Handed over, unless more has come meanwhile. */
	*forget(hint: Hint): Task {
		const place = hintKey(hint.owner, hint.key);
		if (this.#hints.get(place) !== hint) return;
		this.#hints.delete(place);
		yield* this.#journal.write([hint.key, [], hint.owner], { sync: this.#config.sync });
		this.#ctx.fact(hintFact, { key: place, gone: true });
	}

	*#tidy(): Task {
		// What is in RAM, and not only what is known to be on the drive: a write under way may be in a file that goes.
		const live: readonly PlainValue[] = [
			...[...this.#own].map(([key, versions]): PlainValue => [key, versions, ""]),
			...this.hints.map(({ key, versions, owner }): PlainValue => [key, versions, owner]),
		];
		if (this.#config.sync && this.#journal.isUntidy(live.length)) yield* this.#journal.tidy(live);
	}

	get hints(): readonly Hint[] {
		return [...this.#hints.values()];
	}

	get keys(): readonly string[] {
		return [...this.#own.keys()];
	}

	/** Equal for two nodes that have the same versions. */
	fingerprint(key: string): number {
		return hashOf(this.of(key).map(nameOf).join("; "));
	}

	#stateHint({ owner, key, versions }: Hint): void {
		const stated: HintFact = { key: hintKey(owner, key), owner, of: key, items: itemsOf(versions) };
		this.#ctx.fact(hintFact, stated);
	}

	#stateDropped(key: string, { version, items }: Loss, after: readonly Version[]): void {
		const stated: DroppedFact = { key: `${key} ${version.by}`, of: key, items, winner: after[0]?.by ?? "" };
		this.#ctx.fact(droppedFact, stated);
	}
}

function hintKey(owner: string, key: string): string {
	return `${owner} ${key}`;
}
