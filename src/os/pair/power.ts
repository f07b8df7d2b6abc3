/**
 * STONITH: shoot the other node in the head. A power switch, a machine of its own, cuts the power of a server on
 * behalf of another and says so only when it is done. Its hand inside the server is a board with a service of
 * its own (`bmc`), which no program there can stop: when told, it answers, and then the whole node dies at once,
 * with its RAM and everything that was not synced.
 *
 * A board that does not answer may be without power, or stand still, or be out of reach; nobody can tell. `noAnswer`
 * says what the switch makes of it: `unknown`, and nobody takes over; or `off`, which is right as long as the line
 * to the board cannot be cut and the machine cannot stand still.
 */
import type { Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { bmcService, cutPowerMessage, offMessage, powerService } from "./contract.ts";

const lastMomentTimer = "bmc.lastMoment";
/** For the answer to leave the board. */
const lastMomentUs = 1;
const confirmTimeoutUs = 300_000;

export const bmcDefinition: ServiceDefinition = {
	name: bmcService,
	summary: "The board beside a server that cuts its power when the power switch says so.",
	names: [cutPowerMessage, lastMomentTimer],
	configure(config: PlainValue): null {
		new ConfigReader(bmcService, config).end();
		return null;
	},
	start(ctx): Service {
		return {
			on: {
				[cutPowerMessage](message: Message): void {
					ctx.reply(message, true);
					// An exception that nobody catches ends a node, and all that runs on it, between two instructions.
					ctx.after(lastMomentUs, lastMomentTimer, () => {
						throw new Error(`power cut by ${message.from}`);
					});
				},
			},
			inspect: () => ({ power: "on" }),
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
		const target = this.#ctx.peers.find(({ name, services }) => name === message.body && services.includes(bmcService));
		if (message.copy > 0 || target === undefined) return;
		const answer = yield* this.#ctx.call(target.name, cutPowerMessage, null, { timeoutUs: confirmTimeoutUs });
		if (answer.ok) this.#cut.push(`${target.name} for ${message.from}`);
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
