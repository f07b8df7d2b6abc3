/**
 * A program with one bad habit, which shows itself once, some time after the first boot: it loops for
 * ever, allocates until nothing is left, throws, or sends what is too large to send. For labs that show
 * what an operating system is for: the node goes down, the others do not notice.
 *
 * Must not know: who stops it. From inside, a watchdog cannot be seen.
 */
import type { NodeContext, PlainValue, Service, ServiceDefinition } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";

const habits = ["none", "loop", "allocate", "throw", "oversize"] as const;
type Habit = (typeof habits)[number];

interface MisbehavingConfig {
	readonly habit: Habit;
	/** After the boot, on the node's own clock. */
	readonly afterUs: number;
	/** It behaves after so many boots. */
	readonly lives: number;
	/** To whom `oversize` sends. */
	readonly peer: string;
}

const moment = "misbehaving.moment";
const oversizeMessage = "misbehaving.oversize";
const oversizeBytes = 1_100_000;
/** Numbers in one piece of what `allocate` takes. */
const pieceLength = 16_384;

function configure(config: PlainValue): MisbehavingConfig {
	const reader = new ConfigReader("misbehaving", config);
	const habit = reader.oneOf("habit", habits, "none");
	const read: MisbehavingConfig = {
		habit,
		afterUs: reader.durationUs("after", { from: "0s" }, "3s"),
		lives: reader.integer("lives", { from: 0, to: 1_000_000 }, 1),
		peer: habit === "oversize" ? reader.text("peer") : reader.text("peer", "nobody"),
	};
	reader.end();
	return read;
}

/** Does not return. The sum is there so that no compiler may leave the loop out. */
function loopForEver(): number {
	for (let sum = 1; ; sum = (sum * 3) & 0xffff) if (sum === 0) return sum;
}

/** Does not return either: the heap ends first. */
function allocateForEver(): number {
	const held: number[][] = [];
	for (;;) {
		held.push(Array.from({ length: pieceLength }, (_, index) => index + 0.5));
		if (held.length < 0) return held.length;
	}
}

function misbehave(ctx: NodeContext, { habit, peer }: MisbehavingConfig): void {
	ctx.log(`now: ${habit}`);
	switch (habit) {
		case "none":
			return;
		case "loop":
			loopForEver();
			return;
		case "allocate":
			allocateForEver();
			return;
		case "throw":
			throw new Error("this program has a bug");
		case "oversize":
			ctx.send(peer, oversizeMessage, new Uint8Array(oversizeBytes));
			return;
	}
}

export const misbehaving: ServiceDefinition = {
	name: "misbehaving",
	summary: "Has one bad habit: loops for ever, allocates until it dies, throws, or sends too much.",
	names: [moment, oversizeMessage],
	configure,
	start(ctx, config: MisbehavingConfig): Service {
		return {
			boot() {
				if (ctx.incarnation <= config.lives) ctx.after(config.afterUs, moment, () => misbehave(ctx, config));
			},
			inspect: () => ({ habit: config.habit, livesLeft: Math.max(0, config.lives - ctx.incarnation) }),
		};
	},
};
