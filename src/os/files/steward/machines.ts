/** What a steward has heard of the block servers, on its own clock: who lives, how full, who holds what. */
import type { NodeContext, PeerInfo } from "../../../core/node-api.ts";
import type { Candidate } from "../placement.ts";
import type { Beat, Report } from "../protocol.ts";
import type { MachineState } from "../records.ts";

/** `unknown`: not heard of since this steward started, and not for long enough to mean anything. */
export type Liveness = "live" | "silent" | "dead" | "unknown";

export interface KnownReport {
	readonly next: number;
	readonly copies: ReadonlyMap<string, { readonly copy: number; readonly drive: number; readonly isPartial: boolean }>;
	readonly losses: ReadonlyMap<string, string>;
}

export interface KnownMachine {
	readonly name: string;
	readonly region: string;
	readonly rack: string;
	readonly incarnation: number;
	readonly liveness: Liveness;
	readonly isDraining: boolean;
	readonly drives: readonly { readonly used: number; readonly capacity: number }[];
	/** Of this boot of the machine; null: none yet. */
	readonly report: KnownReport | null;
}

interface Heard {
	readonly beat: Beat;
	readonly report: KnownReport | null;
	readonly heardUs: number;
}

export function lossKey(part: string, copy: number): string {
	return `${part}@${copy}`;
}

function read({ next, copies, losses }: Report): KnownReport {
	return {
		next,
		copies: new Map(copies.map(([part, copy, drive, isPartial]) => [part, { copy, drive, isPartial: isPartial === 1 }])),
		losses: new Map(losses.map(([part, copy, why]) => [lossKey(part, copy), why])),
	};
}

export class MachineBook {
	readonly #ctx: NodeContext;
	readonly #servers: readonly PeerInfo[];
	readonly #heard = new Map<string, Heard>();
	readonly #startedUs: number;

	constructor(ctx: NodeContext, service: string) {
		this.#ctx = ctx;
		this.#servers = ctx.nodes.filter(({ services }) => services.includes(service));
		this.#startedUs = ctx.monoUs();
	}

	get names(): ReadonlySet<string> {
		return new Set(this.#servers.map(({ name }) => name));
	}

	/** @returns whether its report is wanted */
	hear(machine: string, beat: Beat): boolean {
		const before = this.#heard.get(machine);
		const isOld =
			before !== undefined &&
			(beat.incarnation < before.beat.incarnation || (beat.incarnation === before.beat.incarnation && beat.number <= before.beat.number));
		if (isOld) return false;
		const known = before?.beat.incarnation === beat.incarnation ? before.report : null;
		const report = beat.report === null ? known : read(beat.report);
		this.#heard.set(machine, { beat, report, heardUs: this.#ctx.monoUs() });
		return report === null;
	}

	/** As of now. */
	all(drains: ReadonlySet<string>, { silentUs, deadUs }: { readonly silentUs: number; readonly deadUs: number }): ReadonlyMap<string, KnownMachine> {
		const nowUs = this.#ctx.monoUs();
		return new Map(
			this.#servers.map(({ name, region }) => {
				const heard = this.#heard.get(name);
				const silenceUs = nowUs - (heard?.heardUs ?? this.#startedUs);
				const liveness = silenceUs >= deadUs ? "dead" : silenceUs >= silentUs ? "silent" : heard === undefined ? "unknown" : "live";
				const machine: KnownMachine = {
					name,
					region,
					rack: heard?.beat.rack ?? "",
					incarnation: heard?.beat.incarnation ?? 0,
					liveness,
					isDraining: drains.has(name),
					drives: heard?.beat.drives ?? [],
					report: heard?.report ?? null,
				};
				return [name, machine];
			}),
		);
	}
}

export function stateOf({ liveness, isDraining }: KnownMachine): MachineState {
	if (liveness !== "live") return "silent";
	return isDraining ? "draining" : "live";
}

/** For placement: machines that may be given copies. */
export function candidateOf(machine: KnownMachine): Candidate {
	const { name, region, rack, drives } = machine;
	return { name, region, rack, state: stateOf(machine), drives: drives.map(({ used, capacity }) => ({ free: Math.max(0, capacity - used), capacity })) };
}

/** Part of all its drives that is used, 0 to 1. */
export function fullness({ drives }: Pick<KnownMachine, "drives">): number {
	const capacity = drives.reduce((sum, drive) => sum + drive.capacity, 0);
	return capacity === 0 ? 0 : drives.reduce((sum, { used }) => sum + used, 0) / capacity;
}
