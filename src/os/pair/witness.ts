/**
 * The third machine: it serves nobody and keeps no data, and has one vote, and one lease to give. What it has said
 * once holds through its own crashes: a vote is on its drive; a lease is waited out before there is another.
 *
 * @source Gray and Cheriton, Leases (SOSP 1989), section 2: after a crash the longest lease is waited out
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { leaseMessage, renewMessage, voteMessage, witnessService } from "./contract.ts";
import { Voter } from "./votes.ts";

/** - `forgets`: neither votes nor leases survive a crash. */
const mistakes = ["none", "forgets"] as const;

interface WitnessConfig {
	readonly leaseUs: number;
	/** A leader heard from so recently gets no rival. */
	readonly leaderUs: number;
	readonly mistake: (typeof mistakes)[number];
}

function configure(config: PlainValue): WitnessConfig {
	const read = new ConfigReader(witnessService, config);
	const witness: WitnessConfig = {
		leaseUs: read.durationUs("lease", { from: "1ms", to: "1h" }, "1s"),
		leaderUs: read.durationUs("leader", { from: "0us", to: "1h" }, "700ms"),
		mistake: read.oneOf("mistake", mistakes, "none"),
	};
	read.end();
	return witness;
}

class Witness {
	readonly #ctx: NodeContext;
	readonly #config: WitnessConfig;
	readonly voter: Voter;
	#holder = "";
	/** On its own clock. */
	#untilUs: number;

	constructor(ctx: NodeContext, config: WitnessConfig) {
		this.#ctx = ctx;
		this.#config = config;
		const remembers = config.mistake !== "forgets";
		this.voter = new Voter(ctx, { leaderUs: config.leaderUs, remembers });
		// To whom it had lent it before a crash it does not know, but how long at most.
		this.#untilUs = remembers && ctx.incarnation > 1 ? ctx.monoUs() + config.leaseUs : 0;
	}

	/** Answers for how long the asker may lead, or 0. */
	lend(message: Message): void {
		if (message.copy > 0) return;
		const nowUs = this.#ctx.monoUs();
		const isFree = nowUs >= this.#untilUs || this.#holder === message.from;
		if (isFree) {
			this.#holder = message.from;
			this.#untilUs = nowUs + this.#config.leaseUs;
		}
		this.#ctx.reply(message, isFree ? this.#config.leaseUs : 0);
	}

	inspect(): Inspection {
		const leftUs = Math.max(0, this.#untilUs - this.#ctx.monoUs());
		return { vote: this.voter.inspect(), leaseOf: leftUs > 0 ? this.#holder : "nobody", leaseLeftUs: leftUs };
	}
}

export const witnessDefinition: ServiceDefinition = {
	name: witnessService,
	summary: "The third vote of a pair, and the lender of its lease.",
	names: [voteMessage, renewMessage, leaseMessage],
	configure,
	start(ctx, config: WitnessConfig): Service {
		const witness = new Witness(ctx, config);
		return {
			boot: () => witness.voter.load(),
			on: {
				[voteMessage]: (message: Message) => witness.voter.asked(message),
				[renewMessage]: (message: Message) => witness.voter.renewed(message),
				[leaseMessage]: (message: Message) => witness.lend(message),
			},
			inspect: () => witness.inspect(),
		};
	},
};
