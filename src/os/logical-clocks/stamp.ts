/**
 * What a write is stamped with, so that everybody can put all writes into one order. Which clock the stamp
 * is taken from decides whether that order can contradict cause and effect. Pure.
 */
import type { PlainValue } from "../../core/node-api.ts";
import type { BodyShape, PartsOf } from "../../shared/body-shape.ts";
import type { HybridTime } from "./hybrid.ts";
import type { Vector } from "./vector.ts";

export const stampKinds = ["wall", "lamport", "hybrid"] as const;
export type StampKind = (typeof stampKinds)[number];

/** Compared from left to right; the writer decides between equals. */
export type Stamp = readonly [high: number, low: number, writer: number];

/** What all clocks say of one event. */
export interface Reading {
	readonly wallUs: number;
	readonly lamport: number;
	readonly hybrid: HybridTime;
	readonly vector: Vector;
}

export function stampOf(kind: StampKind, { wallUs, lamport, hybrid }: Reading, writer: number): Stamp {
	switch (kind) {
		case "wall":
			return [wallUs, 0, writer];
		case "lamport":
			return [lamport, 0, writer];
		case "hybrid":
			return [hybrid.physicalUs, hybrid.count, writer];
	}
}

export function compareStamps(a: Stamp, b: Stamp): number {
	return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** A write as it travels. */
export interface Write extends Reading {
	readonly writer: number;
	/** Of the writer's writes. */
	readonly sequence: number;
	readonly text: string;
	readonly stamp: Stamp;
}

function isNumbers(value: PlainValue | undefined, count: number): value is readonly number[] {
	return Array.isArray(value) && value.length === count && value.every((item) => Number.isSafeInteger(item));
}

export function bodyOfWrite({ writer, sequence, text, stamp, wallUs, lamport, hybrid, vector }: Write): PlainValue {
	return [[writer, sequence, wallUs, lamport, hybrid.physicalUs, hybrid.count], stamp, vector, text];
}

const stampParts: PartsOf<Stamp> = ["high", "low", "writer"];
/** What stands where in the body of a write. */
export const writeShape: BodyShape = {
	parts: [
		{ name: "write", parts: ["writer", "sequence", "wallUs", "lamport", "hybridUs", "hybridCount"] },
		{ name: "stamp", parts: stampParts },
		"vector",
		"text",
	],
};

/** @returns undefined for what is no write among this many members */
export function readWrite(body: PlainValue, members: number): Write | undefined {
	if (!Array.isArray(body)) return undefined;
	const [write, stamp, vector, text] = body as readonly PlainValue[];
	if (!isNumbers(write, 6) || !isNumbers(stamp, 3) || !isNumbers(vector, members) || typeof text !== "string") return undefined;
	const [writer, sequence, wallUs, lamport, hybridUs, hybridCount] = write as unknown as readonly [number, number, number, number, number, number];
	return { writer, sequence, wallUs, lamport, hybrid: { physicalUs: hybridUs, count: hybridCount }, vector, stamp: stamp as unknown as Stamp, text };
}

const dayUs = 86_400_000_000;
const noonUs = dayUs / 2;

function padded(value: number, width: number): string {
	return String(value).padStart(width, "0");
}

/** A wall clock's time as people read it; runs begin at noon. */
export function timeOfDay(wallUs: number): string {
	const us = (((wallUs + noonUs) % dayUs) + dayUs) % dayUs;
	const seconds = Math.floor(us / 1_000_000);
	const hours = Math.floor(seconds / 3_600);
	const minutes = Math.floor(seconds / 60) % 60;
	return `${padded(hours, 2)}:${padded(minutes, 2)}:${padded(seconds % 60, 2)}.${padded(Math.floor(us / 1_000) % 1_000, 3)}`;
}
