/** Parts on their way to a drive: out of turn, twice, damaged, given up in the middle, and what is there after a crash. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../../test/support/event-list.ts";
import { registryOf, service, tinyPlan } from "../../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../../core/inline-executor.ts";
import { Kernel } from "../../../core/kernel.ts";
import type { NodeContext, Task } from "../../../core/node-api.ts";
import { crc32c } from "../checksum.ts";
import { facts } from "../facts.ts";
import type { Fate, WriteRequest } from "../protocol.ts";
import { Holdings } from "./holdings.ts";
import { Intake } from "./intake.ts";
import { chunkSums } from "./shelf.ts";

const part = "1-1/00/0";
const content = Uint8Array.from({ length: 3_000 }, (_, index) => index % 251);
const packetBytes = 1_000;
const chunkBytes = 256;

/** The packet of this number of the part; the last says what the whole is. */
function packet(number: number, own: Uint8Array = content.slice(number * packetBytes, (number + 1) * packetBytes)): WriteRequest {
	const last = number === 2 ? { packets: 3, bytes: content.length, sum: crc32c(content) } : null;
	return { part, packet: number, bytes: own, chunkBytes, sums: chunkSums(own, chunkBytes), last, rest: [], hopUs: 0 };
}

const whole: WriteRequest = {
	...packet(0, content),
	last: { packets: 1, bytes: content.length, sum: crc32c(content) },
};

interface Desk {
	readonly ctx: NodeContext;
	readonly holdings: Holdings;
	readonly intake: Intake;
}

/** What a program with drives and an intake logs in its first life, and what it holds in its second. */
function run(
	program: (desk: Desk) => Task,
	{ drives = 1, crashUs = 500_000, seed = 1 }: { readonly drives?: number; readonly crashUs?: number; readonly seed?: number } = {},
) {
	const desk = service("desk", ["desk.wait", ...Object.values(facts)], (ctx) => {
		let next = ctx.incarnation * 1_000;
		const holdings: Holdings = new Holdings(ctx, { sync: true, checksums: true, onHarmed: (shelf) => intake.forget(shelf) });
		const intake: Intake = new Intake({
			ctx,
			sync: true,
			checksums: true,
			nextCopy: () => next++,
			shelfFor: (bytes) => holdings.shelfFor(bytes),
			onHeld: (copy) => holdings.hold(copy),
		});
		return {
			*boot(): Task {
				yield* holdings.load();
				if (ctx.incarnation === 1) return yield* program({ ctx, holdings, intake });
				for (const copy of holdings.copies) {
					const read = yield* holdings.read(copy);
					ctx.log(JSON.stringify({ found: copy.copy, isRight: read.ok && crc32c(read.bytes) === crc32c(content) }));
				}
			},
		};
	});
	const disk = { drives, capacityBytes: 100_000, writeUs: 100, readUs: 50, syncUs: 1_000, bytesPerSecond: 0, readErrorRatio: 0, tornRatio: 0.5 };
	const story = [
		[crashUs, "crash a"],
		[crashUs + 100_000, "restart a"],
	] as const;
	const registry = registryOf(desk);
	const plan = tinyPlan({ nodes: { a: { services: ["desk"], disk } }, story, untilUs: crashUs + 500_000 }, registry);
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	const lines = list.of("logLine", "a").map(({ body }) => String(body));
	return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as { readonly [field: string]: unknown });
}

function* take({ ctx, intake }: Desk, request: WriteRequest): Task<Fate> {
	const fate = yield* intake.take(request);
	ctx.log(JSON.stringify(fate));
	return fate;
}

describe("a part", () => {
	test("is held once all packets are there, in whatever order and however often they came, and survives a crash", () => {
		const said = run(function* (desk) {
			for (const number of [1, 1, 0]) yield* take(desk, packet(number));
			yield* take(desk, packet(2));
		});
		expect(said).toEqual([{ kind: "taken" }, { kind: "taken" }, { kind: "taken" }, { kind: "held", drive: 0, copy: 1_000 }, { found: 1_000, isRight: true }]);
	});

	test("is not taken when a chunk of it is not what its sum says, nor when the whole is not", () => {
		const said = run(function* (desk) {
			const damaged = content.slice(0, packetBytes);
			damaged[7] = 1;
			yield* take(desk, { ...packet(0), bytes: damaged });
			yield* take(desk, { ...whole, last: { packets: 1, bytes: content.length, sum: 1 } });
		});
		expect(said).toEqual([{ kind: "corrupt" }, { kind: "corrupt" }]);
	});

	test("that nobody has acknowledged is not there after a crash", () => {
		const said = run(
			function* (desk) {
				yield* take(desk, whole);
			},
			{ crashUs: 1_800 },
		);
		expect(said).toEqual([]);
	});

	test("that is held is there after a crash, whenever another attempt at it was given up before", () => {
		for (let afterUs = 0; afterUs <= 4_000; afterUs += 50) {
			const said = run(function* (desk) {
				for (const number of [0, 1, 2]) desk.ctx.spawn(desk.intake.take(packet(number)));
				yield* desk.ctx.sleep(afterUs, "desk.wait");
				if (desk.holdings.copyOf(part) !== undefined) return;
				desk.intake.abandon(part);
				yield* take(desk, whole);
			});
			expect([afterUs, ...said.slice(-1)]).toEqual([afterUs, { found: expect.any(Number), isRight: true }]);
		}
	});

	test("that is on two drives after a crash is the later of the two: the earlier was thrown away for a reason", () => {
		const found = Array.from({ length: 12 }, (_, index) =>
			run(
				function* (desk) {
					const { holdings, ctx } = desk;
					yield* take(desk, whole);
					const first = holdings.copyOf(part);
					if (first === undefined) return;
					yield* ctx.drives[0]?.put("ballast", new Uint8Array(20_000)) as Task<unknown>;
					yield* holdings.shelfOf(first).flipBit(first, () => 0);
					yield* holdings.read(first);
					yield* ctx.sleep(50_000, "desk.wait");
					yield* take(desk, whole);
				},
				{ drives: 2, seed: index + 1 },
			).at(-1),
		);
		expect(found).toEqual(Array(12).fill({ found: 1_001, isRight: true }));
	});
});
