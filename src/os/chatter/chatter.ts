/**
 * A program that uses everything a node offers, at random: messages, calls, timers, work, disk, spans,
 * signals, messages to itself. It proves nothing about distributed systems; runs of it show that the
 * machine underneath repeats itself.
 */

import type { DiskResult, Drive, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";

export interface ChatterConfig {
	/** Mean time between acts, on the node's own clock. */
	readonly periodUs: number;
	/** Largest body. */
	readonly bytesMax: number;
	/** Longest piece of work. */
	readonly workUsMax: number;
	/** Chance that an act throws: a bug of the program, which crashes its node. */
	readonly bugRatio: number;
}

const names = ["chatter.tell", "chatter.ask", "chatter.self", "chatter.act", "chatter.nap", "chatter.alarm", "chatter.heard"] as const;

function configure(config: PlainValue): ChatterConfig {
	const reader = new ConfigReader("chatter", config);
	const read: ChatterConfig = {
		periodUs: reader.durationUs("period", { from: "1us" }, "5ms"),
		bytesMax: reader.integer("bytesMax", { from: 0, to: 2_000_000 }, 2_000),
		workUsMax: reader.durationUs("workMax", { from: "0us" }, "3ms"),
		bugRatio: reader.number("bugRatio", { from: 0, to: 1 }, 0),
	};
	reader.end();
	return read;
}

function start(ctx: NodeContext, config: ChatterConfig): Service {
	const { random } = ctx;
	const heard = new Map<string, number>();
	let acts = 0;

	const payload = (): PlainValue => {
		const bytes = random.chance(0.1) ? random.below(config.bytesMax + 1) : random.below(40);
		return { acts, from: ctx.self.name, at: ctx.wallUs(), bulk: new Uint8Array(bytes).fill(acts & 0xff), ratio: random.ratio() };
	};

	const hear = (message: Message): void => {
		heard.set(message.from, (heard.get(message.from) ?? 0) + 1);
		if (random.chance(0.2)) ctx.measure("chatter.heard", heard.get(message.from) ?? 0);
	};

	function* keep(drive: Drive): Task {
		const results: DiskResult[] = [];
		results.push(yield* drive.append("diary", [acts, ctx.monoUs()]));
		if (random.chance(0.5)) results.push(yield* drive.put(`page-${random.below(5)}`, payload()));
		if (random.chance(0.5)) results.push(yield* drive.sync());
		if (random.chance(0.1)) results.push(yield* drive.remove(`page-${random.below(5)}`));
		const failed = results.find((result) => !result.ok);
		if (failed !== undefined && !failed.ok) ctx.log(`disk: ${failed.error}`, "warn");
	}

	function* ask(peer: string): Task {
		const span = ctx.startSpan("chatter.ask");
		const result = yield* ctx.call(peer, "chatter.ask", payload(), { timeoutUs: 20_000 });
		span.finish(result.ok ? "ok" : "error", { peer });
	}

	/** Two tasks meet: one naps, the other waits for it. */
	function* meet(): Task {
		const signal = ctx.signal<number>();
		ctx.spawn(
			(function* () {
				yield* ctx.sleep(random.below(2_000), "chatter.nap");
				signal.fire(acts);
			})(),
		);
		const told = yield* signal.wait();
		ctx.log(`woken at act ${told}, now ${acts}`, "debug");
	}

	function* act(): Task {
		acts++;
		if (random.chance(config.bugRatio)) throw new Error(`bug at act ${acts}`);
		const choice = random.below(8);
		const peer = ctx.peers.length === 0 ? undefined : random.pick(ctx.peers).name;
		if (choice <= 2 && peer !== undefined) ctx.send(peer, "chatter.tell", payload());
		else if (choice <= 4 && peer !== undefined) yield* ask(peer);
		else if (choice === 5) ctx.send(ctx.self.name, "chatter.self", acts);
		else if (choice === 6) yield* meet();
		else {
			const drive = ctx.drives[0];
			if (drive !== undefined) yield* keep(drive);
		}
		const alarm = ctx.after(random.exponential(10_000), "chatter.alarm", () => ctx.log(`alarm of act ${acts}`, "debug"));
		if (random.chance(0.7)) alarm.cancel();
	}

	function* live(): Task {
		const drive = ctx.drives[0];
		if (drive !== undefined) {
			const diary = yield* drive.records("diary");
			ctx.log(`boot ${ctx.incarnation}, diary ${diary.ok ? diary.value.length : diary.error}`);
		}
		for (;;) {
			yield* ctx.sleep(1 + random.exponential(config.periodUs), "chatter.act");
			ctx.spawn(act());
		}
	}

	return {
		boot: live,
		on: {
			"chatter.tell": hear,
			"chatter.self": hear,
			*"chatter.ask"(message: Message) {
				hear(message);
				yield* ctx.compute(random.below(config.workUsMax + 1));
				ctx.reply(message, { echo: message.sequence, busy: ctx.cpu().busy });
			},
		},
		ask: (line) => `act ${acts}: ${line}`,
		inspect: () => ({ acts, heard: Object.fromEntries([...heard].sort(([a], [b]) => (a < b ? -1 : 1))) }),
	};
}

export const chatter: ServiceDefinition = {
	name: "chatter",
	summary: "Uses everything a node offers, at random, to show that runs repeat.",
	names,
	configure,
	start,
};
