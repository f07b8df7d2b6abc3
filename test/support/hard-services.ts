/**
 * Programs that are hard on the thread that runs them: they loop, hoard, throw, say too much at once,
 * or hang where nobody expects it. For tests of the executors; each does its worst at a chosen tick.
 */
import type { Message, NodeContext, PlainValue, Service } from "../../src/core/node-api.ts";
import { registryOf, service } from "./tiny-plan.ts";

const tickUs = 1_000;

function loopForEver(): void {
	for (let turn = 1; turn !== 0; turn = (turn + 2) | 1);
}

function hoardForEver(): void {
	const hoard: number[][] = [];
	for (;;) hoard.push(Array.from({ length: 1_000 }, (_, index) => index + 0.5));
}

/** Logs every tick, and a draw in a handler before it; at tick `at` of its first life it does its worst. */
function faulty(worst: () => void): (ctx: NodeContext, at: number) => Service {
	return (ctx, at) => {
		let tick = 0;
		return {
			boot() {
				if (at === 0 && ctx.incarnation === 1) worst();
				ctx.every(tickUs, "hard.tick", () => ctx.log(`drew ${ctx.random.below(1_000)}`, "debug"));
				ctx.every(tickUs, "hard.tick", () => {
					tick++;
					ctx.log(`tick ${tick}`);
					if (tick === at && ctx.incarnation === 1) worst();
				});
			},
			inspect: () => ({ tick }),
		};
	};
}

/** Says a lot before it hangs, in handlers of its own. */
const talker = service("talker", ["hard.tick"], (ctx: NodeContext, lines: number) => ({
	boot() {
		ctx.every(tickUs, "hard.tick", () => {
			for (let line = 0; line < lines; line++) ctx.log(`line ${line} at ${ctx.monoUs()} ${"and so on ".repeat(20)}`);
		});
		ctx.after(tickUs * 10 + 500, "hard.tick", () => {
			if (ctx.incarnation === 1) loopForEver();
		});
	},
}));

/** Sends a mebibyte to everybody at each tick; the others say what they got. */
const shouter = service("shouter", ["hard.tick", "hard.shout"], (ctx: NodeContext, bytes: number) => ({
	boot() {
		ctx.every(tickUs * 10, "hard.tick", () => {
			const body = new Uint8Array(bytes).fill(ctx.random.below(256));
			for (const { name } of ctx.peers) ctx.send(name, "hard.shout", body);
		});
	},
	on: {
		"hard.shout": (message: Message<Uint8Array>) => {
			let sum = 0;
			for (const byte of message.body) sum = (sum + byte) | 0;
			ctx.log(`${message.body.length} bytes, sum ${sum}, from ${message.from}`);
		},
	},
}));

/** Keeps a counter in RAM and one on disk; tells both at each tick. */
const twoMemories = service("twoMemories", ["hard.tick"], (ctx: NodeContext) => {
	let inRam = 0;
	return {
		boot() {
			ctx.every(tickUs * 5, "hard.tick", function* () {
				inRam++;
				const drive = ctx.drives[0];
				if (drive === undefined) return;
				const before = yield* drive.get("count");
				const onDisk = before.ok ? Number(before.value) : 0;
				yield* drive.put("count", onDisk + 1);
				yield* drive.sync();
				ctx.log(`ram ${inRam}, disk ${onDisk + 1}`);
			});
		},
		inspect: () => ({ inRam }),
	};
});

/** Well-behaved but for its inspection, which hangs or throws as told. */
const shy = service("shy", ["hard.tick"], (ctx: NodeContext, how: string) => ({
	boot() {
		ctx.every(tickUs, "hard.tick", () => ctx.log("tick"));
	},
	inspect: () => {
		if (how === "hang") loopForEver();
		if (how === "throw") throw new Error("do not look");
		return { how } as { readonly [field: string]: PlainValue };
	},
}));

/** Goes on after a while that is too long for the watchdog. */
const slow = service("slow", ["hard.tick"], (ctx: NodeContext, wallMs: number) => ({
	boot() {
		ctx.after(tickUs * 3, "hard.tick", () => {
			const untilMs = performance.now() + wallMs;
			while (performance.now() < untilMs);
			ctx.log("late");
		});
		ctx.every(tickUs, "hard.tick", () => ctx.log("tick"));
	},
}));

/** Does what no program can that is held to the rules of its room. */
const quitter = service("quitter", ["hard.tick"], (ctx: NodeContext) => ({
	boot() {
		ctx.after(tickUs, "hard.tick", () => process.exit(3));
	},
}));

export const hardRegistry = registryOf(
	service("looper", ["hard.tick"], faulty(loopForEver)),
	service("hoarder", ["hard.tick"], faulty(hoardForEver)),
	service(
		"thrower",
		["hard.tick"],
		faulty(() => {
			throw new Error("as planned");
		}),
	),
	service(
		"ticker",
		["hard.tick"],
		faulty(() => undefined),
	),
	talker,
	shouter,
	twoMemories,
	shy,
	slow,
	quitter,
);
