/**
 * What a client knows of the cluster: the settings and the machines, as the steward wrote them into the store a
 * moment ago, and how far each machine is, as told by what was asked of it.
 */
import type { CallResult, NodeContext, Task } from "../../../core/node-api.ts";
import type { StoreClient, StoreResult } from "../../store/client.ts";
import { rangeLimitMax } from "../../store/contract.ts";
import type { Candidate } from "../placement.ts";
import { haveMessage } from "../protocol.ts";
import { afterPrefix, keys, type MachineRecord, type Settings } from "../records.ts";

export interface Cluster {
	readonly settings: Settings;
	readonly machines: readonly Candidate[];
}

/** For how long it is believed. */
const freshUs = 2_000_000;
/** A machine that was never asked, in the client's own region and elsewhere. */
const nearGuessUs = 2_000;
const farGuessUs = 100_000;
/** A part that nobody has. */
const noPart = "0-0/00/0";

export class ClusterView {
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	#cluster: Cluster | null = null;
	#readUs = 0;
	#hasMeasured = false;
	/** Smoothed time of an answer; doubled by a silence. */
	readonly #tookUs = new Map<string, number>();

	constructor(ctx: NodeContext, store: StoreClient) {
		this.#ctx = ctx;
		this.#store = store;
	}

	/** @returns null inside when no steward has been there yet */
	*get(isStale = false): Task<StoreResult<Cluster | null>> {
		const nowUs = this.#ctx.monoUs();
		if (!isStale && this.#cluster !== null && nowUs - this.#readUs < freshUs) return { ok: true, value: this.#cluster };
		const read = yield* this.#store.read([
			{ do: "get", key: keys.settings },
			{ do: "range", from: keys.machines, to: afterPrefix(keys.machines), limit: rangeLimitMax },
		]);
		if (!read.ok) return read;
		const [settings = [], machines = []] = read.value;
		if (settings[0] === undefined) return { ok: true, value: null };
		this.#cluster = {
			settings: settings[0].value as Settings,
			machines: machines.map(({ key, value }) => ({ name: key.slice(keys.machines.length), ...(value as MachineRecord) })),
		};
		this.#readUs = nowUs;
		return { ok: true, value: this.#cluster };
	}

	/** Once: how far each region is, by asking one machine of each for nothing. Who waits for it knows who is near. */
	*measure({ settings, machines }: Cluster): Task {
		if (this.#hasMeasured) return;
		this.#hasMeasured = true;
		const calls = new Map<string, { readonly machine: string; readonly call: Task<CallResult> }>();
		const startedUs = this.#ctx.monoUs();
		for (const { name, region, state } of machines) {
			if (state !== "live" || calls.has(region) || region === this.#ctx.self.region) continue;
			calls.set(region, { machine: name, call: this.#ctx.call(name, haveMessage, { part: noPart }, { timeoutUs: settings.hopUs }) });
		}
		const done = this.#ctx.signal<null>();
		let open = calls.size;
		for (const { machine, call } of calls.values()) this.#ctx.spawn(this.#time(machine, call, startedUs, () => --open === 0 && done.fire(null)));
		if (open > 0) yield* done.wait();
	}

	*#time(machine: string, call: Task<CallResult>, startedUs: number, finished: () => void): Task {
		const reply = yield* call;
		this.heard(machine, this.#ctx.monoUs() - startedUs, reply.ok);
		finished();
	}

	heard(machine: string, tookUs: number, isAnswer: boolean): void {
		const before = this.#tookUs.get(machine);
		const sample = isAnswer ? tookUs : 2 * tookUs;
		this.#tookUs.set(machine, before === undefined ? sample : Math.floor((3 * before + sample) / 4));
	}

	/** Smaller is nearer: the same machine, then as measured, machines of a known region like those. */
	nearness({ name, region }: Pick<Candidate, "name" | "region">): number {
		const { self } = this.#ctx;
		if (name === self.name) return 0;
		const measured = this.#tookUs.get(name);
		if (measured !== undefined) return measured;
		return region !== "" && region === self.region ? nearGuessUs : (this.#regionUs(region) ?? farGuessUs);
	}

	#regionUs(region: string): number | undefined {
		const near = (this.#cluster?.machines ?? []).flatMap((machine) => (machine.region === region ? [this.#tookUs.get(machine.name)] : []));
		const known = near.filter((us) => us !== undefined);
		return known.length === 0 ? undefined : Math.min(...known);
	}
}
