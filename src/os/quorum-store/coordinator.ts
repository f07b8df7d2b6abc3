/**
 * Reads and writes on behalf of a client, at whichever node it has reached: all N that keep the key are asked, and
 * R or W answers are enough. With a sloppy quorum others stand in for those that do not answer.
 *
 * @source Dynamo (SOSP 2007), section 4.5 (R, W and N), 4.6 (sloppy quorums and hinted handoff); Gifford, Weighted
 * Voting (SOSP 1979), for R + W > N
 */
import type { CallResult, NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import type { QuorumConfig } from "./config.ts";
import { fetchMessage, type GetAnswer, type PutRequest, storeMessage } from "./contract.ts";
import type { Ring } from "./ring.ts";
import { readVersions, reconcile, sameVersions, type Version } from "./versions.ts";

/** Asks one node; `standsFor` is empty for one of the N. */
type Question = (node: string, standsFor: string) => Task<CallResult>;

interface Answer {
	readonly node: string;
	readonly standsFor: string;
	readonly body: PlainValue;
}

export class Coordinator {
	readonly #ctx: NodeContext;
	readonly #config: QuorumConfig;
	readonly #ring: Ring;
	readonly tally = { reads: 0, writes: 0, notEnough: 0, standIns: 0, repaired: 0 };

	constructor(ctx: NodeContext, config: QuorumConfig, ring: Ring) {
		this.#ctx = ctx;
		this.#config = config;
		this.#ring = ring;
	}

	*put({ key, items, vector, by }: PutRequest): Task<boolean> {
		this.tally.writes++;
		const version: Version = { vector, items, stampUs: this.#ctx.wallUs(), by };
		const { write, timeoutUs } = this.#config;
		const store: Question = (node, standsFor) => this.#ctx.call(node, storeMessage, [key, [version], standsFor], { timeoutUs });
		const answers = yield* this.#askUntil(key, write, store, () => {});
		return answers.length >= write;
	}

	*get(key: string): Task<GetAnswer> {
		this.tally.reads++;
		const { read, timeoutUs, versions } = this.#config;
		const fetch: Question = (node) => this.#ctx.call(node, fetchMessage, key, { timeoutUs });
		const answers = yield* this.#askUntil(key, read, fetch, (all) => this.#repair(key, all));
		const found = answers.flatMap(({ body }) => readVersions(body) ?? []);
		return { isEnough: answers.length >= read, versions: reconcile(found, versions), by: versions };
	}

	/** @returns the first answers, as many as are enough or as there are; `finish` sees all of them, once nobody is waited for any more */
	*#askUntil(key: string, enough: number, question: Question, finish: (all: readonly Answer[]) => void): Task<readonly Answer[]> {
		const preference = this.#ring.preference(key);
		const owners = preference.slice(0, this.#config.replicas);
		const standIns = this.#config.sloppy ? preference.slice(this.#config.replicas) : [];
		const answers: Answer[] = [];
		const done = this.#ctx.signal<readonly Answer[]>();
		let open = owners.length;
		for (const owner of owners) {
			this.#ctx.spawn(
				this.#ask(owner, standIns, question, (answer) => {
					open--;
					if (answer !== null) answers.push(answer);
					if (answers.length === enough) done.fire([...answers]);
					if (open > 0) return;
					done.fire(answers);
					finish(answers);
				}),
			);
		}
		const first = yield* done.wait();
		if (first.length < enough) this.tally.notEnough++;
		return first;
	}

	/** One of the N, or the next that stands in for it. */
	*#ask(owner: string, standIns: string[], question: Question, tell: (answer: Answer | null) => void): Task {
		const ofOwner = yield* question(owner, "");
		if (ofOwner.ok) return tell({ node: owner, standsFor: "", body: ofOwner.body });
		const standIn = standIns.shift();
		if (standIn === undefined) return tell(null);
		this.tally.standIns++;
		const answer = yield* question(standIn, owner);
		tell(answer.ok ? { node: standIn, standsFor: owner, body: answer.body } : null);
	}

	/** Whoever of the N has answered with something older is told. @source Dynamo, section 5 (read repair) */
	#repair(key: string, all: readonly Answer[]): void {
		if (!this.#config.readRepair) return;
		const known = all.map(({ node, standsFor, body }) => ({ node, standsFor, versions: readVersions(body) ?? [] }));
		const newest = reconcile(
			known.flatMap(({ versions }) => versions),
			this.#config.versions,
		);
		for (const { node, standsFor, versions } of known) {
			if (standsFor !== "" || sameVersions(versions, newest)) continue;
			this.tally.repaired++;
			this.#ctx.send(node, storeMessage, [key, newest, ""]);
		}
	}
}
