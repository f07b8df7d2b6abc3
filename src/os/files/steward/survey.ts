/**
 * What is wrong, and what is to be done about it: the records of all blocks held against what machines report.
 * A function of both; it neither asks nor tells anybody. Pure.
 *
 * A copy counts as standing when it is listed and nothing says it is gone; as confirmed when its machine lives
 * and has reported it. Copies are made when too few stand, and thrown away only when enough are confirmed.
 */
import { regionShare } from "../placement.ts";
import { type BlockRecord, goneMax, type Place, parsePart, partName, type ShardRecord } from "../records.ts";
import { fullness, type KnownMachine, lossKey } from "./machines.ts";

export interface ScannedBlock {
	readonly block: string;
	readonly version: number;
	readonly record: BlockRecord;
}

export interface SurveyInput {
	readonly blocks: readonly ScannedBlock[];
	/** Files that are being written. */
	readonly opens: ReadonlySet<string>;
	/** Whether blocks and opens are all there are, so that what is not among them is nobody's. */
	readonly isComplete: boolean;
	readonly machines: ReadonlyMap<string, KnownMachine>;
	/** Copies under way, by part. */
	readonly underWay: ReadonlyMap<string, number>;
	readonly isSpread: boolean;
}

export interface Need {
	readonly scanned: ScannedBlock;
	readonly shard: number;
	/** Different shards (or copies) that may still be destroyed without loss; the smallest first. */
	readonly slack: number;
	/** To be taken off the list once the new one stands: a move. */
	readonly instead: Place | null;
}

export interface Health {
	readonly block: string;
	readonly record: BlockRecord;
	readonly standing: number;
	readonly missing: number;
	readonly isLost: boolean;
}

export interface Survey {
	/** Lists that say what is not so any more, with the record that should be there. */
	readonly relists: readonly ScannedBlock[];
	/** Copies that are there, good, wanted, and on no list. */
	readonly keeps: readonly { readonly scanned: ScannedBlock; readonly shard: number; readonly machine: string; readonly copy: number }[];
	readonly needs: readonly Need[];
	readonly drops: ReadonlyMap<string, readonly (readonly [part: string, copy: number])[]>;
	readonly healths: readonly Health[];
}

interface ShardView {
	readonly listed: readonly Place[];
	readonly vanished: readonly { readonly place: Place; readonly why: string }[];
	/** Not on machines that are being emptied. */
	readonly confirmed: readonly Place[];
	readonly presumed: readonly Place[];
	readonly leaving: readonly Place[];
	readonly unreachable: readonly Place[];
	readonly unlisted: readonly (readonly [machine: string, copy: number])[];
	/** Whole copies that are on no list, on any machine that has ever reported one, however silent it is by now. */
	readonly elsewhere: readonly Place[];
}

function reported(machine: KnownMachine | undefined, part: string): { readonly copy: number; readonly drive: number; readonly isPartial: boolean } | undefined {
	return machine?.report?.copies.get(part);
}

function whyVanished(machine: KnownMachine | undefined, part: string, copy: number): string | null {
	if (machine === undefined) return "there is no such machine";
	const { report, liveness } = machine;
	if (report === null || liveness === "dead" || copy >= report.next || reported(machine, part)?.copy === copy) return null;
	return report.losses.get(lossKey(part, copy)) ?? "its machine came back without it";
}

function viewShard(shard: ShardRecord, part: string, machines: ReadonlyMap<string, KnownMachine>, holders: readonly string[]): ShardView {
	const view = {
		listed: shard.at,
		vanished: [] as { place: Place; why: string }[],
		confirmed: [] as Place[],
		presumed: [] as Place[],
		leaving: [] as Place[],
		unreachable: [] as Place[],
		unlisted: [] as (readonly [string, number])[],
		elsewhere: [] as Place[],
	};
	for (const place of shard.at) {
		const [name, , copy] = place;
		const machine = machines.get(name);
		const why = whyVanished(machine, part, copy);
		if (why !== null) view.vanished.push({ place, why });
		else if (machine?.liveness === "dead") view.unreachable.push(place);
		else if (machine?.isDraining) view.leaving.push(place);
		else if (machine?.liveness === "live" && reported(machine, part)?.copy === copy) view.confirmed.push(place);
		else view.presumed.push(place);
	}
	for (const name of holders) {
		const machine = machines.get(name);
		const found = reported(machine, part);
		if (found === undefined || found.isPartial || shard.at.some(([at, , copy]) => at === name && copy === found.copy)) continue;
		view.elsewhere.push([name, found.drive, found.copy]);
		if (machine?.liveness === "live") view.unlisted.push([name, found.copy]);
	}
	return view;
}

/** Whom to leave out when there are too many: the fullest of the most crowded region. */
function victimOf(places: readonly Place[], machines: ReadonlyMap<string, KnownMachine>): Place {
	const regionOf = ([name]: Place): string => machines.get(name)?.region ?? "";
	const crowd = (place: Place): number => places.filter((other) => regionOf(other) === regionOf(place)).length;
	const full = ([name]: Place): number => fullness(machines.get(name) ?? { drives: [] });
	return [...places].sort((a, b) => crowd(b) - crowd(a) || full(b) - full(a) || (a[0] < b[0] ? -1 : 1))[0] as Place;
}

function without(places: readonly Place[], gone: readonly Place[]): readonly Place[] {
	return places.filter((place) => !gone.includes(place));
}

/** Taken off the list: what is known to be gone; and, once enough are confirmed, what is out of reach or too much. */
function delisted(view: ShardView, wanted: number, machines: ReadonlyMap<string, KnownMachine>): readonly { readonly place: Place; readonly why: string }[] {
	if (view.confirmed.length < wanted) return view.vanished;
	let kept = view.confirmed;
	const surplus: { place: Place; why: string }[] = [];
	while (kept.length > wanted) {
		const place = victimOf(kept, machines);
		kept = without(kept, [place]);
		surplus.push({ place, why: "one more than wanted" });
	}
	return [
		...view.vanished,
		...view.unreachable.map((place) => ({ place, why: "its machine has been silent for too long" })),
		...view.leaving.map((place) => ({ place, why: "its machine is being emptied" })),
		...surplus,
	];
}

function surveyBlock(scanned: ScannedBlock, input: SurveyInput, holdersOf: ReadonlyMap<string, readonly string[]>, into: Mutable): void {
	const { block, record } = scanned;
	const { machines, underWay } = input;
	const views = record.shards.map((shard, index) => viewShard(shard, partName(block, index), machines, holdersOf.get(partName(block, index)) ?? []));
	const standingOf = (view: ShardView): number => view.confirmed.length + view.presumed.length;
	const different = views.filter((view) => standingOf(view) + view.leaving.length > 0).length;
	const gone: string[] = [];
	let missing = 0;
	let isChanged = false;
	const shards = record.shards.map((shard, index) => {
		const view = views[index] as ShardView;
		const part = partName(block, index);
		const adopted = view.unlisted.slice(0, Math.max(0, record.wanted - standingOf(view)));
		for (const [machine, copy] of adopted) into.keeps.push({ scanned, shard: index, machine, copy });
		if (view.confirmed.length >= record.wanted) for (const [machine, copy] of view.unlisted) drop(into, machine, part, copy);
		const lacking = record.wanted - standingOf(view);
		missing += Math.max(0, lacking);
		const slack = record.needed === 1 ? standingOf(view) + view.leaving.length - 1 : different - record.needed;
		for (let more = lacking - adopted.length - (underWay.get(part) ?? 0); more > 0; more--) into.needs.push({ scanned, shard: index, slack, instead: null });
		const off = delisted(view, record.wanted, machines);
		gone.push(...off.map(({ place: [machine, drive], why }) => `${record.needed > 1 ? `shard ${index}` : "a copy"} at ${machine}, drive ${drive}: ${why}`));
		const left = without(
			shard.at,
			off.map(({ place }) => place),
		);
		// The writer may not have heard of every copy it made: before a shard is nowhere, it is where one was seen.
		const at = left.length === 0 && view.elsewhere.length > 0 ? view.elsewhere : left;
		isChanged ||= off.length > 0 || at !== left;
		return { ...shard, at };
	});
	if (isChanged) into.relists.push({ ...scanned, record: { ...record, shards, gone: [...record.gone, ...gone].slice(-goneMax) } });
	const listed = shards.filter(({ at }) => at.length > 0).length;
	const standing = views.reduce((sum, view) => sum + standingOf(view) + view.leaving.length, 0);
	into.healths.push({ block, record, standing, missing, isLost: listed < record.needed });
	if (missing === 0 && !isChanged && input.isSpread) into.needs.push(...misplaced(scanned, views, input));
}

/** A block of which a region has more than its share, while another has less. One move at a time. */
function misplaced(scanned: ScannedBlock, views: readonly ShardView[], { machines, underWay }: SurveyInput): readonly Need[] {
	const { block, record } = scanned;
	if (record.shards.some((_, index) => (underWay.get(partName(block, index)) ?? 0) > 0)) return [];
	const open = new Set([...machines.values()].filter(({ liveness, isDraining }) => liveness === "live" && !isDraining).map(({ region }) => region));
	const places = views.flatMap((view, shard) => view.confirmed.map((place) => ({ place, shard, region: machines.get(place[0])?.region ?? "" })));
	if (places.length < record.wanted * record.shards.length) return [];
	const share = regionShare(places.length, open.size);
	const countIn = (region: string): number => places.filter((place) => place.region === region).length;
	const crowded = places.find(({ region }) => countIn(region) > share);
	if (crowded === undefined || ![...open].some((region) => countIn(region) < share)) return [];
	return [{ scanned, shard: crowded.shard, slack: Number.MAX_SAFE_INTEGER, instead: crowded.place }];
}

interface Mutable {
	readonly relists: ScannedBlock[];
	readonly keeps: { scanned: ScannedBlock; shard: number; machine: string; copy: number }[];
	readonly needs: Need[];
	readonly drops: Map<string, (readonly [string, number])[]>;
	readonly healths: Health[];
}

function drop(into: Mutable, machine: string, part: string, copy: number): void {
	const drops = into.drops.get(machine) ?? [];
	drops.push([part, copy]);
	into.drops.set(machine, drops);
}

/** Copies of blocks that no record speaks of, of files that nobody is writing. */
function dropOrphans({ blocks, opens, machines }: SurveyInput, into: Mutable): void {
	const known = new Set(blocks.map(({ block }) => block));
	for (const { name, liveness, report } of machines.values()) {
		if (liveness !== "live" || report === null) continue;
		for (const [part, { copy, isPartial }] of report.copies) {
			const address = parsePart(part);
			if (address === null || (!known.has(address.block) && !opens.has(address.fileId) && !isPartial)) drop(into, name, part, copy);
		}
	}
}

export function survey(input: SurveyInput): Survey {
	const into: Mutable = { relists: [], keeps: [], needs: [], drops: new Map(), healths: [] };
	const holdersOf = new Map<string, string[]>();
	for (const { name, report } of input.machines.values()) {
		for (const part of report?.copies.keys() ?? []) {
			const holders = holdersOf.get(part);
			if (holders === undefined) holdersOf.set(part, [name]);
			else holders.push(name);
		}
	}
	for (const scanned of input.blocks) surveyBlock(scanned, input, holdersOf, into);
	if (input.isComplete) dropOrphans(input, into);
	into.needs.sort((a, b) => a.slack - b.slack || (a.scanned.block < b.scanned.block ? -1 : 1));
	return into;
}
