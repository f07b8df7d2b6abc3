/**
 * Writes one part to a pipeline of machines: packets go to the first, which passes them on to the second while it
 * takes them in, and so on; fates come back the same way. When a machine falls silent the pipeline is made anew
 * of those who answer, with another in the place of the one that is gone, and goes on from what all of them have.
 *
 * A part never changes and only its writer knows it, so whoever has all packets has the part: there are no
 * generations, and a machine that was given up too early does no harm.
 *
 * @source Shvachko et al. (2010), 3.B; Ghemawat et al., The Google File System (2003), 3.2, for the chain
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import { chunkSums } from "../blocks/shelf.ts";
import { choosePlaces, type Taken } from "../placement.ts";
import { type Fate, type HaveReply, haveMessage, type LastPacket, type WriteReply, writeMessage } from "../protocol.ts";
import { type Place, plain, type Settings } from "../records.ts";
import type { ClusterView } from "./cluster-view.ts";

export interface PartToWrite {
	readonly part: string;
	readonly bytes: Uint8Array;
	readonly sum: number;
	/** Copies that there are to be, and those without which it is no success. */
	readonly wanted: number;
	readonly least: number;
	/** Where other parts of the block are, or are going; places chosen for this part are added. */
	readonly taken: Map<string, Taken>;
	readonly deadlineUs: number;
}

export type PartWritten =
	| { readonly ok: true; readonly places: readonly Place[] }
	| { readonly ok: false; readonly error: "full" | "unavailable"; readonly places: readonly Place[] };

interface Packet {
	readonly number: number;
	readonly bytes: Uint8Array;
	readonly sums: readonly number[];
	readonly last: LastPacket | null;
}

/** A packet that nobody acknowledged is sent once more before the pipeline is made anew. */
const sendsMax = 2;
/** Packets of a part that are under way at once. */
const windowPackets = 8;
export const pauseUs = 100_000;
export const pauseTimer = "files.pause";

function packetsOf({ bytes, sum }: PartToWrite, { packetBytes, chunkBytes }: Settings): readonly Packet[] {
	const count = Math.max(1, Math.ceil(bytes.length / packetBytes));
	return Array.from({ length: count }, (_, number) => {
		const own = bytes.slice(number * packetBytes, (number + 1) * packetBytes);
		const last = number === count - 1 ? { packets: count, bytes: bytes.length, sum } : null;
		return { number, bytes: own, sums: chunkSums(own, chunkBytes), last };
	});
}

export class PartWriter {
	readonly #ctx: NodeContext;
	readonly #view: ClusterView;
	readonly #request: PartToWrite;
	readonly #settings: Settings;
	readonly #packets: readonly Packet[];
	readonly #held = new Map<string, Place>();
	/** Machines that are not asked again, and whether for want of room. */
	readonly #excluded = new Map<string, "full" | "other">();

	constructor(ctx: NodeContext, view: ClusterView, settings: Settings, request: PartToWrite) {
		this.#ctx = ctx;
		this.#view = view;
		this.#settings = settings;
		this.#request = request;
		this.#packets = packetsOf(request, settings);
	}

	*write(): Task<PartWritten> {
		const { wanted, least, deadlineUs } = this.#request;
		let survivors: readonly string[] = [];
		for (let round = 0; this.#ctx.monoUs() < deadlineUs; round++) {
			const pipeline = [...survivors, ...(yield* this.#choose(wanted - this.#held.size - survivors.length, round > 0))];
			if (pipeline.length === 0) {
				if (this.#held.size >= least) break;
				// Whoever has room may be back in a moment.
				if ([...this.#excluded.values()].includes("full")) break;
				this.#excluded.clear();
				yield* this.#ctx.sleep(pauseUs + this.#ctx.random.below(pauseUs), pauseTimer);
				continue;
			}
			survivors = yield* this.#run(pipeline);
			if (this.#held.size >= wanted) break;
		}
		return this.#result();
	}

	#result(): PartWritten {
		const places = [...this.#held.values()];
		if (places.length >= this.#request.least) return { ok: true, places };
		return { ok: false, places, error: [...this.#excluded.values()].includes("full") ? "full" : "unavailable" };
	}

	*#choose(count: number, isStale: boolean): Task<readonly string[]> {
		if (count <= 0) return [];
		const view = yield* this.#view.get(isStale);
		if (!view.ok || view.value === null) return [];
		const { machines } = view.value;
		const { taken, bytes } = this.#request;
		const chosen = choosePlaces({
			machines,
			count,
			bytes: bytes.length,
			spread: this.#settings.spread,
			taken: [...taken.values()],
			excluded: new Set(this.#excluded.keys()),
			nearness: (machine) => this.#view.nearness(machine),
			below: (below) => this.#ctx.random.below(below),
		});
		for (const { name, region, rack } of chosen) taken.set(name, { name, region, rack });
		if (chosen.length < count && machines.some(({ name, state }) => state === "live" && !taken.has(name) && !this.#excluded.has(name)))
			this.#noteFull(machines, taken);
		const distance = new Map(chosen.map((machine) => [machine.name, this.#view.nearness(machine)]));
		return chosen.map(({ name }) => name).sort((a, b) => (distance.get(a) as number) - (distance.get(b) as number));
	}

	/** Machines that are there, and were not chosen: they have no room. */
	#noteFull(machines: readonly { readonly name: string; readonly state: string }[], taken: ReadonlyMap<string, Taken>): void {
		for (const { name, state } of machines) if (state === "live" && !taken.has(name) && !this.#excluded.has(name)) this.#excluded.set(name, "full");
	}

	/** Sends what is missing. @returns those who can go on */
	*#run(pipeline: readonly string[]): Task<readonly string[]> {
		const progress = yield* this.#progressOf(pipeline);
		const living = pipeline.filter((machine) => progress.has(machine) && !this.#held.has(machine));
		for (const machine of pipeline) if (!progress.has(machine)) this.#exclude(machine, "other");
		if (living.length < pipeline.length - this.#heldAmong(pipeline)) return living;
		if (living.length === 0) return [];
		const from = Math.min(...living.map((machine) => progress.get(machine) ?? 0), this.#packets.length - 1);
		const failed = yield* this.#send(living, from);
		return living.filter((machine) => !failed.has(machine) && !this.#held.has(machine));
	}

	#heldAmong(pipeline: readonly string[]): number {
		return pipeline.filter((machine) => this.#held.has(machine)).length;
	}

	/** How many packets each has; whoever does not answer is not in it. The first time nobody has any, and nobody is asked. */
	*#progressOf(pipeline: readonly string[]): Task<ReadonlyMap<string, number>> {
		const progress = new Map<string, number>();
		const isFirst = this.#excluded.size === 0 && this.#held.size === 0;
		if (isFirst) return new Map(pipeline.map((machine) => [machine, 0]));
		const calls = pipeline.map((machine) => this.#ctx.call<HaveReply>(machine, haveMessage, { part: this.#request.part }, { timeoutUs: this.#settings.hopUs }));
		for (const [index, call] of calls.entries()) {
			const reply = yield* call;
			if (!reply.ok) continue;
			progress.set(pipeline[index] as string, reply.body.packets);
			if (reply.body.held !== null) this.#hold(pipeline[index] as string, reply.body.held);
		}
		return progress;
	}

	/** @returns machines that failed */
	*#send(pipeline: readonly string[], from: number): Task<ReadonlySet<string>> {
		const failed = new Set<string>();
		const todo = this.#packets.slice(from);
		while (todo.length > 0 && failed.size === 0) {
			const batch = todo.splice(0, windowPackets);
			const done = this.#ctx.signal<null>();
			let open = batch.length;
			for (const packet of batch) {
				const sending = this.#sendPacket(pipeline, packet, failed);
				this.#ctx.spawn(
					(function* (): Task {
						yield* sending;
						if (--open === 0) done.fire(null);
					})(),
				);
			}
			yield* done.wait();
		}
		return failed;
	}

	*#sendPacket(pipeline: readonly string[], { number, bytes, sums, last }: Packet, failed: Set<string>): Task {
		const [first = "", ...rest] = pipeline;
		const { hopUs, chunkBytes } = this.#settings;
		const body = plain({ part: this.#request.part, packet: number, bytes, chunkBytes, sums, last, rest, hopUs });
		for (let sends = 1; sends <= sendsMax; sends++) {
			const startedUs = this.#ctx.monoUs();
			const reply = yield* this.#ctx.call<WriteReply>(first, writeMessage, body, { timeoutUs: hopUs * pipeline.length });
			if (reply.ok && pipeline.length === 1) this.#view.heard(first, this.#ctx.monoUs() - startedUs, true);
			const fates: readonly Fate[] = reply.ok ? reply.body.fates : [{ kind: "silent" }];
			const isGood = this.#note(pipeline, fates, sends === sendsMax, failed);
			if (isGood || failed.size > 0) return;
		}
	}

	/** @returns whether every member has it */
	#note(pipeline: readonly string[], fates: readonly Fate[], isFinal: boolean, failed: Set<string>): boolean {
		let good = 0;
		for (const [index, machine] of pipeline.entries()) {
			const fate = fates[index] ?? { kind: "silent" };
			if (fate.kind === "taken") good++;
			else if (fate.kind === "held") {
				good++;
				this.#hold(machine, fate);
			} else if (fate.kind !== "silent") {
				failed.add(machine);
				this.#exclude(machine, fate.kind === "full" ? "full" : "other");
			} else {
				// Those behind one that is silent may be well: they are asked before they are given up.
				if (isFinal) {
					failed.add(machine);
					this.#exclude(machine, "other");
				}
				break;
			}
		}
		return good === pipeline.length;
	}

	#hold(machine: string, { drive, copy }: { readonly drive: number; readonly copy: number }): void {
		this.#held.set(machine, [machine, drive, copy]);
	}

	#exclude(machine: string, because: "full" | "other"): void {
		this.#excluded.set(machine, because);
		if (!this.#held.has(machine)) this.#request.taken.delete(machine);
	}
}
