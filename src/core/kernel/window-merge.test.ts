import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutOf, RecordBuffer, readUs, recordAtWord } from "../../shared/event-record.ts";
import type { NodeFailure } from "../executor.ts";
import { WindowMerge } from "./window-merge.ts";

interface WindowStream {
	readonly node: number;
	readonly records: RecordBuffer;
	readonly failure: NodeFailure | null;
}

/** A stream of records at ascending instants, each carrying its number. */
function stream(node: number, instants: readonly number[], failureUs?: number): WindowStream {
	const records = new RecordBuffer();
	const sorted = [...instants].sort((a, b) => a - b);
	sorted.forEach((atUs, index) => void records.begin(layoutOf("nodePaused"), atUs, node, index));
	const last = sorted[sorted.length - 1] ?? 0;
	return { node, records, failure: failureUs === undefined ? null : { reason: "exception", atUs: Math.max(last, failureUs), step: 1, detail: "" } };
}

function merged(streams: readonly WindowStream[]): {
	readonly order: [number, number, number][];
	readonly instants: number[];
	readonly failures: [number, number][];
} {
	const order: [number, number, number][] = [];
	const instants: number[] = [];
	const failures: [number, number][] = [];
	const merge = new WindowMerge({
		onInstant: (atUs) => instants.push(atUs),
		onRecord: (node, { words }, start) => order.push([readUs(words, start + recordAtWord), node, words[start + 5] as number]),
		onFailure: (node, { atUs }) => failures.push([atUs, node]),
	});
	// A window before it leaves nothing behind.
	merge.add(3, stream(3, [2, 7]).records, null);
	merge.run();
	for (const list of [order, instants]) list.length = 0;
	for (const { node, records, failure } of streams) merge.add(node, records, failure);
	merge.run();
	return { order, instants, failures };
}

const instants = fc.array(fc.nat(20), { maxLength: 12 });

test("records come by instant, then by node, each node's own order kept, whatever order the nodes are given in", () => {
	fc.assert(
		fc.property(fc.array(instants, { maxLength: 12 }), fc.nat(), (perNode, shift) => {
			const streams = perNode.map((ofNode, node) => stream(node, ofNode));
			const turned = streams.map((_, index) => streams[(index + shift) % streams.length] as WindowStream);
			const { order } = merged(turned);
			const expected = perNode.flatMap((ofNode, node) => [...ofNode].sort((a, b) => a - b).map((atUs, index) => [atUs, node, index]));
			expected.sort((a, b) => (a[0] as number) - (b[0] as number) || (a[1] as number) - (b[1] as number) || (a[2] as number) - (b[2] as number));
			expect(order).toEqual(expected);
		}),
		{ numRuns: 300, seed: 1 },
	);
});

test("each instant is announced once, before its first record", () => {
	expect(merged([stream(0, [1, 1, 5]), stream(1, [1, 3])]).instants).toEqual([1, 3, 5]);
});

test("a failure comes after its node's last record, and before later nodes at that instant", () => {
	const { order, failures } = merged([stream(1, [4], 4), stream(0, [4]), stream(2, [], 2)]);
	expect(failures).toEqual([
		[2, 2],
		[4, 1],
	]);
	expect(order).toEqual([
		[4, 0, 0],
		[4, 1, 0],
	]);
});
