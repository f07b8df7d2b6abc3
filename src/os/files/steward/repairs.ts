/**
 * Carries out what a survey asks for: copies made where they are needed most, a few at a time, no machine with
 * more than its share of them; and each, once it stands, put on its block's list.
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import type { StoreClient } from "../../store/client.ts";
import type { StewardConfig } from "../config.ts";
import { choosePlaces, hasRoom, type Taken } from "../placement.ts";
import { type KeepReply, type KeepRequest, keepMessage, type MakeReply, type MakeRequest, makeMessage, type Order } from "../protocol.ts";
import { type BlockRecord, goneMax, keys, type Place, partName, plain } from "../records.ts";
import type { Chair } from "./chair.ts";
import { candidateOf, fullness, type KnownMachine } from "./machines.ts";
import type { Need, ScannedBlock, Survey } from "./survey.ts";

export type Machines = ReadonlyMap<string, KnownMachine>;

interface Job {
	readonly part: string;
	readonly machines: readonly string[];
}

const relistsMax = 3;

export class Repairs {
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	readonly #chair: Chair;
	readonly #config: StewardConfig;
	readonly #jobs = new Set<Job>();
	#orders = 0;
	/** Copies made and listed since this steward started. */
	made = 0;

	constructor(ctx: NodeContext, store: StoreClient, chair: Chair, config: StewardConfig) {
		this.#ctx = ctx;
		this.#store = store;
		this.#chair = chair;
		this.#config = config;
	}

	/** Copies under way, by part. */
	get underWay(): ReadonlyMap<string, number> {
		const counts = new Map<string, number>();
		for (const { part } of this.#jobs) counts.set(part, (counts.get(part) ?? 0) + 1);
		return counts;
	}

	order({ incarnation }: KnownMachine): Order {
		return { term: this.#chair.term, number: ++this.#orders, incarnation };
	}

	/** Begins as much as the throttle allows; the rest is found again in the next round. */
	begin({ keeps, needs }: Pick<Survey, "keeps" | "needs">, machines: Machines): void {
		for (const { scanned, shard, machine, copy } of keeps) {
			const known = machines.get(machine);
			const part = partName(scanned.block, shard);
			if (known !== undefined && !this.underWay.has(part)) this.#job({ part, machines: [machine] }, this.#keep(known, scanned, shard, copy));
		}
		for (const need of needs) {
			if (this.#jobs.size >= this.#config.repairsMax) return;
			this.#beginMake(need, machines, null);
		}
	}

	/** One copy from the fullest machine to the emptiest that may have it. @returns whether there was anything to move */
	level(blocks: readonly ScannedBlock[], machines: Machines, difference: number): boolean {
		const open = [...machines.values()].filter(({ liveness, isDraining }) => liveness === "live" && !isDraining);
		const byFullness = open.sort((a, b) => fullness(b) - fullness(a) || (a.name < b.name ? -1 : 1));
		const [fullest] = byFullness;
		if (fullest === undefined || this.#jobs.size >= this.#config.repairsMax) return false;
		for (const scanned of blocks) {
			for (const [shard, { at, bytes }] of scanned.record.shards.entries()) {
				const instead = at.find(([name]) => name === fullest.name);
				if (instead === undefined || this.underWay.has(partName(scanned.block, shard))) continue;
				const holders = new Set(scanned.record.shards.flatMap((other) => other.at.map(([name]) => name)));
				const target = byFullness.findLast(
					(machine) => machine.region === fullest.region && !holders.has(machine.name) && fullness(fullest) - fullness(machine) > difference,
				);
				if (target === undefined || !hasRoom(candidateOf(target), bytes)) continue;
				if (this.#beginMake({ scanned, shard, slack: 0, instead }, machines, target)) return true;
			}
		}
		return false;
	}

	#loadOf(machine: string): number {
		return [...this.#jobs].filter(({ machines }) => machines.includes(machine)).length;
	}

	#isFree(machine: string): boolean {
		return this.#loadOf(machine) < this.#config.repairsEach;
	}

	#job(job: Job, task: Task): void {
		const jobs = this.#jobs;
		jobs.add(job);
		this.#ctx.spawn(
			(function* (): Task {
				yield* task;
				jobs.delete(job);
			})(),
		);
	}

	#beginMake({ scanned, shard, instead }: Need, machines: Machines, chosen: KnownMachine | null): boolean {
		const { block, record } = scanned;
		const part = partName(block, shard);
		const own = record.shards[shard];
		const target = chosen ?? this.#targetFor(scanned, shard, instead, machines);
		if (own === undefined || target === null || !this.#isFree(target.name)) return false;
		const sources = this.#sourcesOf(record, shard, target, machines);
		const first = sources.length < record.needed ? undefined : sources[0]?.machines[0];
		if (first === undefined || !this.#isFree(first)) return false;
		const request: MakeRequest = {
			...this.order(target),
			part,
			bytes: own.bytes,
			sum: own.sum,
			chunkBytes: record.chunkBytes,
			sources,
			needed: record.needed,
			bytesPerSecond: this.#config.bytesPerSecond,
			waitUs: 2 * this.#config.settings.hopUs,
		};
		this.#job({ part, machines: [target.name, first] }, this.#make(target.name, request, scanned.block, shard, instead));
		return true;
	}

	#targetFor({ block, record }: ScannedBlock, shard: number, instead: Place | null, machines: Machines): KnownMachine | null {
		const holders = record.shards.flatMap(({ at }) => at).filter((place) => place !== instead);
		const placeOf = (name: string): Taken => ({ name, region: machines.get(name)?.region ?? "", rack: machines.get(name)?.rack ?? "" });
		const standing = holders.filter(([name]) => machines.get(name)?.liveness !== "dead" && !machines.get(name)?.isDraining);
		const coming = [...this.#jobs].filter(({ part }) => part.startsWith(`${block}/`)).map((job) => placeOf(job.machines[0] as string));
		// A machine that has one, or had one and may come back with it, does not get another.
		const excluded = new Set([...holders.map(([name]) => name), ...(instead === null ? [] : [instead[0]])]);
		const [target] = choosePlaces({
			machines: [...machines.values()].map(candidateOf).filter(({ name }) => this.#isFree(name)),
			count: 1,
			bytes: record.shards[shard]?.bytes ?? 0,
			spread: this.#config.settings.spread,
			taken: [...standing.map(([name]) => placeOf(name)), ...coming],
			excluded,
			nearness: () => 0,
			below: (below) => this.#ctx.random.below(below),
		});
		// A move that would end where it began.
		if (instead !== null && target?.region === placeOf(instead[0]).region) return null;
		return target === undefined ? null : (machines.get(target.name) ?? null);
	}

	/** For each shard that is of use, the machines that have it: those of the target's region first, those with least to do first. */
	#sourcesOf(record: BlockRecord, shard: number, target: KnownMachine, machines: Machines): MakeRequest["sources"] {
		const rank = (name: string): number => (machines.get(name)?.region === target.region ? 0 : 1_000) + this.#loadOf(name);
		return record.shards
			.map(({ bytes, sum, at }, index) => {
				const living = at.map(([name]) => name).filter((name) => machines.get(name)?.liveness === "live" && name !== target.name);
				return { shard: index, bytes, sum, machines: living.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)) };
			})
			.filter((source) => source.machines.length > 0 && (record.needed > 1 || source.shard === shard))
			.sort((a, b) => rank(a.machines[0] as string) - rank(b.machines[0] as string) || a.shard - b.shard);
	}

	*#make(machine: string, request: MakeRequest, block: string, shard: number, instead: Place | null): Task {
		const paceUs = request.bytesPerSecond === 0 ? 0 : Math.ceil((request.bytes * 1_000_000) / request.bytesPerSecond);
		const timeoutUs = request.waitUs * (2 + request.sources.length) + paceUs;
		const reply = yield* this.#ctx.call<MakeReply>(machine, makeMessage, plain(request), { timeoutUs });
		if (!reply.ok || reply.body.kind !== "held") return;
		const { drive, copy } = reply.body;
		if (yield* this.#list(block, shard, [machine, drive, copy], instead)) this.made++;
	}

	*#keep(machine: KnownMachine, { block }: ScannedBlock, shard: number, copy: number): Task {
		const request: KeepRequest = { ...this.order(machine), part: partName(block, shard), copy };
		const reply = yield* this.#ctx.call<KeepReply>(machine.name, keepMessage, request, { timeoutUs: 2 * this.#config.settings.hopUs });
		if (reply.ok && reply.body.kept) yield* this.#list(block, shard, [machine.name, reply.body.drive, copy], null);
	}

	/** Puts a copy on its block's list, as long as this steward has the chair. */
	*#list(block: string, shard: number, place: Place, instead: Place | null): Task<boolean> {
		const key = keys.blocks + block;
		for (let relists = 0; relists < relistsMax; relists++) {
			const found = yield* this.#store.get(key);
			if (!found.ok || found.value === null) return false;
			const record = withPlace(found.value.value as unknown as BlockRecord, shard, place, instead);
			const put = yield* this.#store.transact({
				when: [this.#chair.fence, { key, is: "version", version: found.value.version }],
				run: [{ do: "put", key, value: plain(record) }],
				otherwise: [],
			});
			if (!put.ok) return false;
			if (put.value.held) return true;
		}
		return false;
	}
}

function withPlace(record: BlockRecord, shard: number, place: Place, instead: Place | null): BlockRecord {
	const isLeft = ([machine, , copy]: Place): boolean => instead !== null && machine === instead[0] && copy === instead[2];
	const shards = record.shards.map((own, index) =>
		index === shard ? { ...own, at: [...own.at.filter((other) => other[0] !== place[0] && !isLeft(other)), place] } : own,
	);
	const gone = instead === null ? record.gone : [...record.gone, `moved from ${instead[0]}, drive ${instead[1]}, to ${place[0]}`].slice(-goneMax);
	return { ...record, shards, gone };
}
