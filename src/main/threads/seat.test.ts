import { describe, expect, test } from "vitest";
import { registryOf, tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BootInput } from "../../core/executor.ts";
import { RingSender } from "../../core/ring-channel.ts";
import { kindId, layoutOf, RecordBuffer, recordLamportWord } from "../../shared/event-record.ts";
import type { NodePlan } from "../../shared/plan.ts";
import { sayRecords, sayResult } from "./frames.ts";
import { Seat } from "./seat.ts";
import { idle, reporting, sealed, ThreadMemory } from "./thread-memory.ts";
import { NodeThread } from "./thread-pool.ts";

const sequences = { message: 4, timer: 3, span: 2, disk: 1, draw: 9, step: 10 };
const boot: BootInput = {
	node: 0,
	plan: tinyPlan({ nodes: { a: { services: [] } } }, registryOf()).nodes[0] as NodePlan,
	incarnation: 1,
	atUs: 500,
	lamport: 40,
	sequences,
	clock: null,
	factorMilli: 1_000,
	drives: [],
	haltAtStep: -1,
	haltReason: "hung",
};

/** A seat in the middle of a window, and the node's side of its thread. */
function inWindow() {
	const memory = ThreadMemory.make({ inboxBytes: 1_024, outboxBytes: 4_096 });
	const seat = new Seat(0);
	seat.occupy(new NodeThread(1, 0, memory), boot);
	seat.startWindow();
	seat.answered = false;
	memory.ask();
	const outbox = new RingSender(memory.outbox);
	let progress: number = idle;
	const moveTo = (next: number): boolean => {
		const moved = memory.moveProgress(progress, next);
		progress = next;
		return moved;
	};
	return {
		seat,
		memory,
		moveTo,
		start(step: number, atUs: number): boolean {
			memory.mark(step, atUs, { ...sequences, message: 100 + step });
			return moveTo(step);
		},
		say(step: number, ...lamports: number[]): void {
			const records = new RecordBuffer();
			for (const lamport of lamports) records.begin(layoutOf("nodePaused"), 0, 0, lamport);
			sayRecords(outbox, step, records);
			outbox.flush();
		},
		result(): void {
			sayResult(outbox, { nextUs: 900, handlers: 1, failure: null, sequences: { ...sequences, step: 11 }, lamport: 77 });
			outbox.flush();
		},
	};
}

function lamportsOf({ words, length }: RecordBuffer): number[] {
	const stamps: number[] = [];
	for (let start = 0; start < length; start += words[start + 1] as number) {
		expect(words[start]).toBe(kindId("nodePaused"));
		stamps.push(words[start + recordLamportWord] as number);
	}
	return stamps;
}

describe("a seat whose node is given up", () => {
	test("keeps the handlers that ended and tells the one that did not", () => {
		const node = inWindow();
		node.start(11, 600);
		node.say(11, 41, 42);
		node.start(12, 700);
		expect(node.seat.giveUp("hung")).toBe(true);
		expect(lamportsOf(node.seat.records)).toEqual([41, 42]);
		expect(node.seat.result).toEqual({
			nextUs: Number.POSITIVE_INFINITY,
			handlers: 2,
			failure: { reason: "hung", atUs: 700, step: 12, detail: "" },
			sequences: { ...sequences, message: 112, step: 12 },
			lamport: 42,
		});
	});

	test("takes back the records of a handler that ended, but died while it reported", () => {
		const node = inWindow();
		node.start(11, 600);
		node.say(11, 41);
		node.start(12, 700);
		node.moveTo(reporting(12));
		node.say(12, 43);
		expect(node.seat.giveUp("outOfMemory")).toBe(true);
		expect(lamportsOf(node.seat.records)).toEqual([41]);
		expect(node.seat.result.failure).toEqual({ reason: "outOfMemory", atUs: 700, step: 12, detail: "" });
		expect(node.seat.result.lamport).toBe(41);
	});

	test("hears nothing more of it: its next move finds the seal", () => {
		const node = inWindow();
		node.start(11, 600);
		node.seat.giveUp("hung");
		expect(node.memory.progress).toBe(sealed);
		expect(node.moveTo(reporting(11))).toBe(false);
	});

	test("falls before its next handler when it died between two, at the earliest input it had", () => {
		const node = inWindow();
		node.seat.expect(480);
		node.seat.expect(520);
		node.seat.giveUp("outOfMemory");
		expect(node.seat.result.failure).toEqual({ reason: "outOfMemory", atUs: 480, step: 11, detail: "" });
		expect(node.seat.result.sequences).toEqual({ ...sequences, step: 11 });
		expect(node.seat.result.lamport).toBe(40);
	});
});

test("a seat's node that goes on after a pause falls no earlier than that, whatever came meanwhile", () => {
	const node = inWindow();
	node.seat.resume(800);
	node.seat.expect(520);
	node.seat.giveUp("outOfMemory");
	expect(node.seat.result.failure).toEqual({ reason: "outOfMemory", atUs: 800, step: 11, detail: "" });
});

test("a seat is done with a request when the node has both answered and said so", () => {
	const node = inWindow();
	node.result();
	expect(node.seat.exchange()).toBe(false);
	expect(node.seat.result).toMatchObject({ nextUs: 900, handlers: 1, lamport: 77 });
	node.memory.meet();
	expect(node.seat.exchange()).toBe(true);
});
