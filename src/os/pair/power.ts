/**
 * STONITH: shoot the other node in the head. A power switch, a machine of its own, cuts the power of a server on
 * behalf of another and says so only when it is done. Beside every server stands a board (`bmc`), a small machine
 * with a processor and a line of its own, that holds the server's power: whether the server runs, hangs or stands
 * still does not matter to it. Told to cut, it opens the relay, which takes a moment, and answers.
 *
 * Power ends at the server's end of the wire, the `power-supply`: the whole node dies within the instant, with its
 * RAM and everything that was not synced. One that stands still falls at the instant at which it would go on, before
 * it has computed anything.
 *
 * A board that does not answer may be without power itself, or out of reach; nobody can tell. `noAnswer` says what the
 * switch makes of it: `unknown`, and nobody takes over; or `off`, which is right as long as the line to the board
 * cannot be cut.
 */
import type { Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { bmcService, cutPowerMessage, offMessage, powerBodies, powerOffMessage, powerService, powerSupplyService } from "./contract.ts";

const relayTimer = "bmc.relay";
/** The wire between a board and its machine is short, but part of a network that may lose a message: it is said more than once. */
const relayPulses = 8;
const relayPulseUs = 1_000;
const confirmTimeoutUs = 300_000;

/** Boards hold the power of machines one to one, each in the order of the lab. */
function nodesWith(ctx: NodeContext, service: string): readonly string[] {
	return ctx.nodes.filter(({ services }) => services.includes(service)).map(({ name }) => name);
}

class Board {
	readonly #ctx: NodeContext;
	readonly #machine: string;
	#cuts = 0;

	constructor(ctx: NodeContext) {
		this.#ctx = ctx;
		const machine = nodesWith(ctx, powerSupplyService)[nodesWith(ctx, bmcService).indexOf(ctx.self.name)];
		if (machine === undefined) throw new Error("every board holds the power of one machine with a power-supply");
		this.#machine = machine;
	}

	*cut(message: Message): Task {
		if (message.copy > 0) return;
		this.#cuts++;
		for (let pulse = 0; pulse < relayPulses; pulse++) {
			this.#ctx.send(this.#machine, powerOffMessage, message.from);
			yield* this.#ctx.sleep(relayPulseUs, relayTimer);
		}
		this.#ctx.reply(message, true);
	}

	inspect(): { readonly machine: string; readonly cuts: number } {
		return { machine: this.#machine, cuts: this.#cuts };
	}
}

export const bmcDefinition: ServiceDefinition = {
	name: bmcService,
	summary: "The board that holds the power of one server, and cuts it when the power switch says so.",
	names: [cutPowerMessage, powerOffMessage, relayTimer],
	bodies: powerBodies,
	configure(config: PlainValue): null {
		new ConfigReader(bmcService, config).end();
		return null;
	},
	start(ctx): Service {
		const board = new Board(ctx);
		return { on: { [cutPowerMessage]: (message: Message) => board.cut(message) }, inspect: () => board.inspect() };
	},
};

export const powerSupplyDefinition: ServiceDefinition = {
	name: powerSupplyService,
	summary: "A server's end of the wire to the board that holds its power.",
	names: [powerOffMessage],
	configure(config: PlainValue): null {
		new ConfigReader(powerSupplyService, config).end();
		return null;
	},
	start(ctx): Service {
		const board = nodesWith(ctx, bmcService)[nodesWith(ctx, powerSupplyService).indexOf(ctx.self.name)];
		return {
			on: {
				[powerOffMessage](message: Message): void {
					// Nobody but its own board has a hand on the relay. An exception that nobody catches ends a node, and all that runs on it.
					if (message.from === board) throw new Error(`power cut by ${board}`);
				},
			},
			inspect: () => ({ power: "on", board: board ?? "none" }),
		};
	},
};

interface PowerConfig {
	/** What it says of a board that does not answer. */
	readonly noAnswer: "unknown" | "off";
}

class PowerSwitch {
	readonly #ctx: NodeContext;
	readonly #config: PowerConfig;
	readonly #cut: string[] = [];

	constructor(ctx: NodeContext, config: PowerConfig) {
		this.#ctx = ctx;
		this.#config = config;
	}

	*switchOff(message: Message): Task {
		const machine = nodesWith(this.#ctx, powerSupplyService).indexOf(String(message.body));
		const board = nodesWith(this.#ctx, bmcService)[machine];
		if (message.copy > 0 || machine < 0 || board === undefined) return;
		const answer = yield* this.#ctx.call(board, cutPowerMessage, null, { timeoutUs: confirmTimeoutUs });
		if (answer.ok) this.#cut.push(`${message.body} for ${message.from}`);
		this.#ctx.reply(message, answer.ok || this.#config.noAnswer === "off");
	}

	inspect(): { readonly cut: readonly string[] } {
		return { cut: this.#cut.slice(-10) };
	}
}

export const powerSwitchDefinition: ServiceDefinition = {
	name: powerService,
	summary: "Cuts the power of one server on behalf of another, and confirms it.",
	names: [offMessage, cutPowerMessage],
	configure(config: PlainValue): PowerConfig {
		const read = new ConfigReader(powerService, config);
		const power: PowerConfig = { noAnswer: read.oneOf("noAnswer", ["unknown", "off"], "unknown") };
		read.end();
		return power;
	},
	start(ctx, config: PowerConfig): Service {
		const power = new PowerSwitch(ctx, config);
		return { on: { [offMessage]: (message: Message) => power.switchOff(message) }, inspect: () => power.inspect() };
	},
};
