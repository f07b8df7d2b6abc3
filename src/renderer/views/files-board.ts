/**
 * What the map of the file system draws, read out of what machines, stewards and the world stated: regions,
 * their machines, drives and the copies on them, copies on their way, and how each block of each file stands. Pure.
 */
import type { PlainValue } from "../../shared/codec.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { flagIn, listIn, numberIn, textIn, textsIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const filesFacts = ["files.held", "files.inventory", "files.harmed", "files.machine", "files.moving", "files.health"] as const;
type FilesFact = (typeof filesFacts)[number];

const hues = 6;

export interface CopyChip {
	readonly part: string;
	/** Letter of its file, block, and shard if there are several. */
	readonly label: string;
	readonly path: string;
	/** -1: of no file that is known. */
	readonly hue: number;
	/** A bit was flipped, and no program knows. */
	readonly isHarmed: boolean;
	/** Events that stated that it is there, and that it was harmed. */
	readonly indexes: readonly number[];
}

export interface DriveBox {
	readonly usedRatio: number;
	/** Nothing on it can be read any more. */
	readonly isDead: boolean;
	readonly copies: readonly CopyChip[];
}

export interface Move {
	readonly part: string;
	readonly label: string;
	readonly path: string;
	readonly hue: number;
	readonly from: readonly string[];
	readonly to: string;
	/** Event that stated it. */
	readonly index: number;
}

export interface MachineBox {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	/** Events that stated its drives, and what it found on them when it started. */
	readonly indexes: readonly number[];
	readonly drives: readonly DriveBox[];
	readonly moves: readonly Move[];
}

export interface RegionBox {
	readonly name: string;
	readonly machines: readonly MachineBox[];
}

export interface BlockRow {
	readonly block: string;
	readonly standing: number;
	readonly wanted: number;
	readonly state: string;
	readonly why: readonly string[];
	readonly shownIndex: number;
}

export interface FileRow {
	readonly path: string;
	/** `A`, and `A2` in the 27th place: what its copies are called by on the map. */
	readonly letter: string;
	readonly hue: number;
	readonly blocks: readonly BlockRow[];
}

export interface FilesMap {
	readonly regions: readonly RegionBox[];
	readonly files: readonly FileRow[];
	readonly moves: readonly Move[];
	/** Copies that are lacking of blocks that the stewards still take for whole. */
	readonly unnoticed: number;
}

interface Held {
	readonly copy: number;
	readonly drive: number;
	readonly index: number;
}

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;
type ByName = ReadonlyMap<FilesFact, readonly BoardEntry[]>;

export function filesMap(props: Parts): FilesMap {
	const byName = new Map<FilesFact, BoardEntry[]>();
	for (const entry of props.board) {
		const name = props.nameOf(entry) as FilesFact;
		byName.set(name, [...(byName.get(name) ?? []), entry]);
	}
	const files = filesOf(byName.get("files.health") ?? []);
	const hueOf = new Map(files.flatMap(({ hue, path, letter, blocks }) => blocks.map(({ block }) => [block, { hue, path, letter }] as const)));
	const machines = machinesOf(props, byName, hueOf);
	const regions = new Map<string, MachineBox[]>();
	for (const machine of machines) {
		const region = props.plan.regions[props.plan.nodes[machine.node]?.region ?? -1] ?? "";
		regions.set(region, [...(regions.get(region) ?? []), machine]);
	}
	return {
		regions: [...regions].map(([name, boxes]) => ({ name, machines: boxes })),
		files,
		moves: machines.flatMap(({ moves }) => moves),
		unnoticed: unnoticedIn(machines, files),
	};
}

/** Of blocks of which the stewards miss nothing: what is wanted, less the copies on machines that are there. */
function unnoticedIn(machines: readonly MachineBox[], files: readonly FileRow[]): number {
	const standing = new Map<string, number>();
	for (const { part } of machines.filter(({ status }) => status !== "down").flatMap(({ drives }) => drives.flatMap(({ copies }) => copies)))
		standing.set(blockOf(part), (standing.get(blockOf(part)) ?? 0) + 1);
	const whole = files.flatMap(({ blocks }) => blocks.filter(({ state }) => state === "whole"));
	return whole.reduce((sum, { block, wanted }) => sum + Math.max(0, wanted - (standing.get(block) ?? 0)), 0);
}

function letterOf(place: number): string {
	const letter = String.fromCharCode(65 + (place % 26));
	return place < 26 ? letter : `${letter}${Math.floor(place / 26) + 1}`;
}

/** As the steward that spoke last says: one that was replaced may have left other words behind. */
function filesOf(healths: readonly BoardEntry[]): readonly FileRow[] {
	const last = healths.reduce<BoardEntry | undefined>((latest, entry) => (latest === undefined || entry.index > latest.index ? entry : latest), undefined);
	const byPath = new Map<string, BlockRow[]>();
	for (const { node, key, value, index } of healths) {
		if (node !== last?.node || key === "") continue;
		const row: BlockRow = {
			block: key,
			standing: numberIn(value, "standing"),
			wanted: numberIn(value, "wanted"),
			state: textIn(value, "state"),
			why: textsIn(value, "why"),
			shownIndex: index,
		};
		const path = textIn(value, "path");
		byPath.set(path, [...(byPath.get(path) ?? []), row]);
	}
	const paths = [...byPath.keys()].sort();
	return paths.map((path, at) => ({
		path,
		letter: letterOf(at),
		hue: at % hues,
		blocks: (byPath.get(path) ?? []).sort((a, b) => (a.block < b.block ? -1 : 1)),
	}));
}

function blockOf(part: string): string {
	return part.slice(0, Math.max(0, part.lastIndexOf("/")));
}

/** `2`, or `2.7` for a shard of a coded block. */
function labelOf(part: string, isCoded: boolean): string {
	const [, block = "?", shard = "?"] = part.split("/");
	const number = Number(block) + 1;
	return isCoded ? `${number}.${shard}` : `${number}`;
}

type HueOf = ReadonlyMap<string, { readonly hue: number; readonly path: string; readonly letter: string }>;

function machinesOf({ plan, statusOf }: Parts, byName: ByName, hueOf: HueOf): readonly MachineBox[] {
	const coded = new Set((byName.get("files.health") ?? []).flatMap(({ key, value }) => (numberIn(value, "needed") > 1 ? [key] : [])));
	const look = (part: string): { label: string; path: string; hue: number } => {
		const { hue = -1, path = "", letter = "" } = hueOf.get(blockOf(part)) ?? {};
		return { label: `${letter}${labelOf(part, coded.has(blockOf(part)))}`, path, hue };
	};
	return plan.nodes.flatMap(({ name, services, disk }, node): MachineBox[] => {
		if (!services.some(({ service }) => service === "files-blocks")) return [];
		const own = (fact: FilesFact): readonly BoardEntry[] => (byName.get(fact) ?? []).filter((entry) => entry.node === node);
		const [inventory] = own("files.inventory");
		const held = heldOf(own("files.held"), inventory);
		const harmed = new Map(own("files.harmed").map(({ key, value, index }) => [key, { copy: numberIn(value, "copy"), index }]));
		const [machine] = own("files.machine");
		const told = listIn(machine?.value, "drives");
		const drives = Array.from({ length: disk.drives }, (_, drive): DriveBox => {
			const copies = [...held].filter(([, copy]) => copy.drive === drive);
			return {
				isDead: flagIn(told[drive], "isDead"),
				usedRatio: numberIn(told[drive], "used") / Math.max(1, numberIn(told[drive], "capacity", disk.capacityBytes)),
				copies: copies
					.map(([part, { copy, index }]) => {
						const harm = harmed.get(part);
						const isHarmed = harm?.copy === copy;
						return { part, ...look(part), isHarmed, indexes: isHarmed ? [index, harm.index] : [index] };
					})
					.sort((a, b) => a.hue - b.hue || (a.part < b.part ? -1 : 1)),
			};
		});
		const status = statusOf(node);
		const moving = status === "down" ? [] : own("files.moving").filter(({ index }) => index > (inventory?.index ?? -1));
		const moves = moving.map(({ key, value, index }) => ({ part: key, ...look(key), from: textsIn(value, "from"), to: name, index }));
		const indexes = [inventory, machine].flatMap((entry) => entry?.index ?? []);
		return [{ node, name, status, indexes, drives, moves }];
	});
}

/** What it said since its last boot, and what it found then. */
function heldOf(held: readonly BoardEntry[], inventory: BoardEntry | undefined): ReadonlyMap<string, Held> {
	const found = new Map<string, Held>();
	const sinceIndex = inventory?.index ?? -1;
	for (const item of listIn(inventory?.value, "copies")) {
		const [part, copy, drive] = Array.isArray(item) ? (item as readonly PlainValue[]) : [];
		if (typeof part === "string" && typeof copy === "number" && typeof drive === "number") found.set(part, { copy, drive, index: sinceIndex });
	}
	const heldSince = held.filter(({ index }) => index > sinceIndex);
	for (const { key, value, index } of heldSince) found.set(key, { copy: numberIn(value, "copy"), drive: numberIn(value, "drive"), index });
	return found;
}
