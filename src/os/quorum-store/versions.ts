/**
 * Versions of one value, and which of two may be forgotten. Pure.
 *
 * By version vectors: the one that its writer had seen when it wrote the other; if neither had seen the other, both
 * are kept, and whoever reads next has to make one of them. By the clock: the one with the earlier
 * time, seen or not.
 *
 * @source Parker and others, Detection of Mutual Inconsistency (1983); Dynamo (SOSP 2007), section 4.4
 */
import type { PlainValue } from "../../core/node-api.ts";

export const reconciliations = ["vector", "clock"] as const;
export type Reconciliation = (typeof reconciliations)[number];

/** How many writes of each writer it includes, its own last. */
export type Vector = { readonly [writer: string]: number };

export type Version = {
	readonly vector: Vector;
	readonly items: readonly string[];
	/** Wall clock of the node that took it. */
	readonly stampUs: number;
	/** Who wrote it. */
	readonly by: string;
};

/** Whether whoever wrote `a` had seen all that `b` includes. */
export function includes(a: Vector, b: Vector): boolean {
	return Object.entries(b).every(([writer, count]) => (a[writer] ?? 0) >= count);
}

export function merged(a: Vector, b: Vector): Vector {
	const all: { [writer: string]: number } = { ...a };
	for (const [writer, count] of Object.entries(b)) all[writer] = Math.max(all[writer] ?? 0, count);
	return all;
}

/** A text that two versions share exactly if they are the same. */
export function nameOf({ vector }: Version): string {
	return Object.keys(vector)
		.sort()
		.map((writer) => `${writer}:${vector[writer]}`)
		.join(" ");
}

function isLater(a: Version, b: Version): boolean {
	return a.stampUs === b.stampUs ? a.by > b.by : a.stampUs > b.stampUs;
}

/** What is left of them, in an order that depends on the versions alone. */
export function reconcile(versions: readonly Version[], by: Reconciliation): readonly Version[] {
	const different = new Map<string, Version>();
	for (const version of versions) {
		const name = nameOf(version);
		const known = different.get(name);
		if (known === undefined || isLater(version, known)) different.set(name, version);
	}
	const all = [...different.keys()].sort().map((name) => different.get(name) as Version);
	if (by === "clock") return all.length === 0 ? [] : [all.reduce((latest, version) => (isLater(version, latest) ? version : latest))];
	return all.filter((version) => !all.some((other) => other !== version && includes(other.vector, version.vector)));
}

export interface Loss {
	readonly version: Version;
	/** Of its items, those that are in nothing that is left. */
	readonly items: readonly string[];
}

/** What is gone and in nothing that is left: nobody who wrote that had seen it. */
export function lossesOf(before: readonly Version[], after: readonly Version[]): readonly Loss[] {
	const left = new Set(itemsOf(after));
	const losses = before.map((version) => ({ version, items: version.items.filter((item) => !left.has(item)) }));
	return losses.filter(({ items }) => items.length > 0);
}

export function sameVersions(a: readonly Version[], b: readonly Version[]): boolean {
	return a.length === b.length && a.every((version, index) => nameOf(version) === nameOf(b[index] as Version));
}

/** Items of all of them, sorted: what a reader sees who takes nobody's word for the last. */
export function itemsOf(versions: readonly Version[]): readonly string[] {
	return [...new Set(versions.flatMap(({ items }) => items))].sort();
}

// --- what came over a network is hostile

const versionsMax = 1_000;

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

export function isVector(value: unknown): value is Vector {
	return isRecord(value) && Object.values(value).every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
}

export function isItems(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** @returns null unless every one of them is a version */
export function readVersions(value: PlainValue | undefined): readonly Version[] | null {
	if (!Array.isArray(value) || value.length > versionsMax) return null;
	const isVersion = (item: unknown): boolean =>
		isRecord(item) && isVector(item.vector) && isItems(item.items) && Number.isSafeInteger(item.stampUs) && typeof item.by === "string";
	return value.every(isVersion) ? (value as unknown as readonly Version[]) : null;
}
