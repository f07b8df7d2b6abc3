/**
 * The steward: sees to it that files stand as they should. Several run, one has the chair (chair.ts). In rounds
 * it looks at every record and every report, has copies made, moved and thrown away, ends what writers left
 * behind, and forgets deleted files. It holds nothing that matters: whoever takes the chair reads it all anew.
 *
 * Must not know: contents. Nobody waits for it but blocks that need a copy.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../../core/node-api.ts";
import { StoreClient, storeClientNames } from "../../store/client.ts";
import type { Operation, Versioned } from "../../store/contract.ts";
import { blocksServiceName, stewardServiceName } from "../blocks/block-server.ts";
import { filesInvariants } from "../checks.ts";
import { readStewardConfig, type StewardConfig } from "../config.ts";
import { facts, type HealthFact, state } from "../facts.ts";
import { type Beat, beatMessage, dropMessage, keepMessage, makeMessage, tellMessage } from "../protocol.ts";
import { afterPrefix, type BlockRecord, blockName, keys, type MachineRecord, type OpenRecord, plain, type TrashRecord } from "../records.ts";
import { askSteward } from "./ask.ts";
import { Chair } from "./chair.ts";
import { candidateOf, fullness, type KnownMachine, MachineBook } from "./machines.ts";
import { Repairs } from "./repairs.ts";
import { type Health, type ScannedBlock, type Survey, survey } from "./survey.ts";

const roundTimer = "files.round";
const measures = { missing: "files.missingCopies", lost: "files.lostBlocks", made: "files.copiesMade" } as const;
/** Records in one answer of the store. */
const pageMax = 300;
const relistsAtOnce = 40;
/** The table of machines is written anew when a machine's room has changed by more than this part of it. */
const roomStepRatio = 1 / 32;
const levelDifference = 0.05;

interface Scan {
	readonly blocks: readonly ScannedBlock[];
	readonly opens: readonly Versioned[];
	readonly trash: readonly Versioned[];
	readonly drains: ReadonlySet<string>;
	readonly published: ReadonlyMap<string, MachineRecord>;
	readonly isLevelling: boolean;
	readonly isComplete: boolean;
}

class Steward {
	readonly #ctx: NodeContext;
	readonly #config: StewardConfig;
	readonly #store: StoreClient;
	readonly #book: MachineBook;
	readonly #chair: Chair;
	readonly #repairs: Repairs;
	#isBusy = false;
	#hasPublished = false;
	/** Since when a record is as it is, on this steward's clock. */
	#unchanged = new Map<string, { readonly version: number; readonly sinceUs: number }>();
	#toldHealth = new Map<string, string>();
	/** Of the last round. What is lost is not missing: nobody can make it. */
	#standing = { missing: 0, lost: 0, listed: 0 };

	constructor(ctx: NodeContext, config: StewardConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#store = new StoreClient(ctx, { patienceUs: 2 * config.chairUs });
		this.#book = new MachineBook(ctx, blocksServiceName);
		this.#chair = new Chair(ctx, this.#store, config.chairUs);
		this.#repairs = new Repairs(ctx, this.#store, this.#chair, config);
	}

	service(): Service {
		return {
			boot: () => void this.#ctx.every(this.#config.roundUs, roundTimer, () => this.#round()),
			on: { [beatMessage]: (message: Message<Beat>) => this.#hear(message) },
			ask: (line) => askSteward(line, { store: this.#store, machines: this.#book.names, term: this.#chair.term }),
			inspect: () => this.#inspect(),
		};
	}

	#hear({ from, body }: Message<Beat>): void {
		if (this.#book.hear(from, body)) this.#ctx.send(from, tellMessage, null);
	}

	// --- a round

	*#round(): Task {
		if (this.#isBusy) return;
		this.#isBusy = true;
		const hadChair = this.#chair.term;
		if (yield* this.#chair.tend()) {
			if (hadChair !== this.#chair.term) this.#begin();
			yield* this.#look();
		}
		this.#isBusy = false;
	}

	/** New in the chair: what was known of the round before is somebody else's. */
	#begin(): void {
		this.#hasPublished = false;
		this.#unchanged = new Map();
		this.#toldHealth = new Map();
	}

	*#look(): Task {
		// Before anything is read: a copy that is reported by now was begun under a record that is there, or gone for good.
		const heard = this.#book.all(new Set(), this.#config);
		const before = this.#repairs.underWay;
		const scan = yield* this.#scan();
		if (scan === null) return;
		const machines = new Map([...heard].map(([name, machine]) => [name, { ...machine, isDraining: scan.drains.has(name) }]));
		yield* this.#publish(scan, machines);
		const underWay = new Map([...before, ...this.#repairs.underWay]);
		const { blocks, isComplete } = scan;
		const opens = new Set(scan.opens.map(({ value }) => (value as OpenRecord).id));
		const found = survey({ blocks, opens, isComplete, machines, underWay, isSpread: this.#config.settings.spread === "regions" });
		this.#tellHealth(found.healths);
		yield* this.#relist(found);
		this.#drop(found, machines, underWay);
		if (this.#config.repairs) this.#repairs.begin(found, machines);
		if (this.#config.repairs && found.needs.length === 0) yield* this.#level(scan, machines);
		yield* this.#endWriters(scan);
		yield* this.#emptyTrash(scan);
	}

	*#scan(): Task<Scan | null> {
		const range = (prefix: string, limit = 1_000): Extract<Operation, { do: "range" }> => ({ do: "range", from: prefix, to: afterPrefix(prefix), limit });
		const read = yield* this.#store.read([
			range(keys.opens),
			range(keys.trash),
			range(keys.drains),
			range(keys.machines),
			{ do: "get", key: keys.rebalance },
			range(keys.blocks, pageMax),
		]);
		if (!read.ok) return null;
		const [opens = [], trash = [], drains = [], published = [], levelling = [], first = []] = read.value;
		const blocks = [...first];
		for (let page: readonly Versioned[] = first; page.length === pageMax; ) {
			const next = yield* this.#store.range(`${(page.at(-1) as Versioned).key}\u0000`, afterPrefix(keys.blocks), pageMax);
			if (!next.ok) return null;
			page = next.value;
			blocks.push(...page);
		}
		return {
			blocks: blocks.map(({ key, version, value }) => ({ block: key.slice(keys.blocks.length), version, record: value as unknown as BlockRecord })),
			opens,
			trash,
			drains: new Set(drains.map(({ key }) => key.slice(keys.drains.length))),
			published: new Map(published.map(({ key, value }) => [key.slice(keys.machines.length), value as MachineRecord])),
			isLevelling: levelling.length > 0,
			isComplete: opens.length < 1_000,
		};
	}

	/** Tells clients which machines there are, when that has changed. */
	*#publish({ published }: Scan, machines: ReadonlyMap<string, KnownMachine>): Task {
		const news = [...machines.values()]
			.filter(({ liveness }) => liveness !== "unknown")
			.map((machine): readonly [string, MachineRecord] => {
				const { name, ...record } = candidateOf(machine);
				return [name, record];
			})
			.filter(([name, record]) => isNews(published.get(name), record));
		if (news.length === 0 && this.#hasPublished) return;
		const put = yield* this.#store.transact({
			when: [this.#chair.fence],
			run: [
				{ do: "put", key: keys.settings, value: plain(this.#config.settings) },
				...news.slice(0, 100).map(([name, record]): Operation => ({ do: "put", key: keys.machines + name, value: plain(record) })),
			],
			otherwise: [],
		});
		if (put.ok && put.value.held) this.#hasPublished = true;
	}

	*#relist({ relists }: Survey): Task {
		for (let first = 0; first < relists.length; first += relistsAtOnce) {
			const batch = relists.slice(first, first + relistsAtOnce);
			yield* this.#store.transact({
				when: [this.#chair.fence, ...batch.map(({ block, version }) => ({ key: keys.blocks + block, is: "version", version }) as const)],
				run: batch.map(({ block, record }) => ({ do: "put", key: keys.blocks + block, value: plain(record) })),
				otherwise: [],
			});
		}
	}

	#drop({ drops }: Survey, machines: ReadonlyMap<string, KnownMachine>, underWay: ReadonlyMap<string, number>): void {
		for (const [name, all] of drops) {
			const machine = machines.get(name);
			// What is just being put on a list is not to be thrown away for not being on it.
			const copies = all.filter(([part]) => !underWay.has(part) && !this.#repairs.underWay.has(part));
			if (machine !== undefined && copies.length > 0) this.#ctx.send(name, dropMessage, plain({ ...this.#repairs.order(machine), copies }));
		}
	}

	*#level({ blocks, isLevelling }: Scan, machines: ReadonlyMap<string, KnownMachine>): Task {
		const fullnesses = [...machines.values()].filter(({ liveness, isDraining }) => liveness === "live" && !isDraining).map(fullness);
		const difference = Math.max(0, ...fullnesses) - Math.min(1, ...fullnesses);
		if (!isLevelling && difference <= this.#config.rebalanceAbove) return;
		const isUnderWay = this.#repairs.level(blocks, machines, levelDifference) || this.#repairs.underWay.size > 0;
		if (!isUnderWay && isLevelling) yield* this.#store.delete(keys.rebalance);
	}

	// --- what others left behind

	/** How long a record has been as it is, as far as this steward knows. */
	#unchangedUs({ key, version }: Versioned): number {
		const known = this.#unchanged.get(key);
		const nowUs = this.#ctx.monoUs();
		if (known?.version === version) return nowUs - known.sinceUs;
		this.#unchanged.set(key, { version, sinceUs: nowUs });
		return 0;
	}

	/** Writers that show no life lose the right to write; what they wrote belongs to nobody then. */
	*#endWriters({ opens }: Scan): Task {
		for (const open of opens) {
			if (this.#unchangedUs(open) < this.#config.settings.writeLeaseUs) continue;
			yield* this.#store.transact({
				when: [this.#chair.fence, { key: open.key, is: "version", version: open.version }],
				run: [{ do: "delete", key: open.key }],
				otherwise: [],
			});
		}
	}

	*#emptyTrash({ opens, trash }: Scan): Task {
		for (const record of trash) {
			if (this.#unchangedUs(record) < this.#config.trashUs) continue;
			const id = record.key.slice(keys.trash.length);
			const { blocks } = record.value as TrashRecord;
			yield* this.#store.transact({
				when: [this.#chair.fence, { key: record.key, is: "version", version: record.version }],
				run: [
					{ do: "delete", key: record.key },
					...Array.from({ length: blocks }, (_, index): Operation => ({ do: "delete", key: keys.blocks + blockName(id, index) })),
				],
				otherwise: [],
			});
		}
		const present = new Set([...opens, ...trash].map(({ key }) => key));
		for (const key of this.#unchanged.keys()) if (!present.has(key)) this.#unchanged.delete(key);
	}

	// --- telling

	#tellHealth(healths: readonly Health[]): void {
		const sum = (of: (health: Health) => number): number => healths.reduce((total, health) => total + of(health), 0);
		this.#standing = {
			missing: sum(({ missing, isLost }) => (isLost ? 0 : missing)),
			lost: sum(({ isLost }) => (isLost ? 1 : 0)),
			listed: sum(({ standing }) => standing),
		};
		this.#ctx.measure(measures.missing, this.#standing.missing);
		this.#ctx.measure(measures.lost, this.#standing.lost);
		this.#ctx.measure(measures.made, this.#repairs.made);
		const present = new Set<string>();
		for (const health of healths) {
			present.add(health.block);
			const fact = healthFact(health);
			const text = `${fact.state} ${fact.standing} ${fact.shards} ${fact.wanted}`;
			if (this.#toldHealth.get(health.block) === text) continue;
			this.#toldHealth.set(health.block, text);
			state(this.#ctx, facts.health, fact);
			if (health.isLost) this.#ctx.log(`${health.record.path}: block ${health.block} is lost: ${health.record.gone.join("; ")}`, "error");
		}
		for (const block of [...this.#toldHealth.keys()]) {
			if (present.has(block)) continue;
			this.#toldHealth.delete(block);
			state(this.#ctx, facts.health, { key: block, gone: true });
		}
	}

	#inspect(): Inspection {
		const machines = [...this.#book.all(new Set(), this.#config).values()];
		return {
			term: this.#chair.term,
			machines: machines.map((machine) => ({
				name: machine.name,
				state: machine.liveness,
				fullness: fullness(machine),
				copies: machine.report?.copies.size ?? 0,
			})),
			underWay: [...this.#repairs.underWay.keys()],
			made: this.#repairs.made,
			standing: this.#standing,
		};
	}
}

function isNews(before: MachineRecord | undefined, now: MachineRecord): boolean {
	if (before === undefined || before.state !== now.state || before.rack !== now.rack || before.drives.length !== now.drives.length) return true;
	return now.drives.some(({ free, capacity }, index) => Math.abs(free - (before.drives[index]?.free ?? 0)) > capacity * roomStepRatio);
}

function healthFact({ block, record, standing, missing, isLost }: Health): HealthFact {
	return {
		key: block,
		path: record.path,
		needed: record.needed,
		wanted: record.wanted * record.shards.length,
		standing,
		shards: record.shards.filter(({ at }) => at.length > 0).length,
		state: isLost ? "lost" : missing > 0 ? "thin" : "whole",
		why: isLost ? record.gone : [],
	};
}

export const stewardDefinition: ServiceDefinition = {
	name: stewardServiceName,
	summary: "Sees to it that every block of every file has its copies: has them made, moved and thrown away.",
	names: [
		...storeClientNames,
		...[beatMessage, tellMessage, makeMessage, keepMessage, dropMessage, roundTimer],
		...Object.values(measures),
		...Object.values(facts),
		...filesInvariants.map(({ name }) => name),
	],
	invariants: filesInvariants,
	configure: readStewardConfig,
	start: (ctx, config: StewardConfig) => new Steward(ctx, config).service(),
};
