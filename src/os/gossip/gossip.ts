/**
 * Gossip: one member hears a rumour, and every round members call each other at random until all know it.
 * No member knows the whole, none matters, and losing a tenth of all messages costs a round or two.
 */
import type { Fact, Inspection, Invariant, Message, NodeContext, Service, ServiceDefinition } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type GossipConfig, readGossipConfig } from "./config.ts";
import { expectedSpread, pushRounds } from "./formulas.ts";
import { type GossipKind, Spreader } from "./spreading.ts";

const serviceName = "gossip";
const kinds: readonly GossipKind[] = ["rumour", "question", "known"];
const messageName = (kind: GossipKind): string => `gossip.${kind}`;
const roundTimer = "gossip.round";
/** The round in which a member learned the rumour; 0 for the first. */
const learnedMeasure = "gossip.learnedInRound";
const startedFact = "gossip.started";
const learnedFact = "gossip.learned";
/** What the book expects, at the beginning. */
const expectedFact = "gossip.expected";
const everyoneLearns = "gossip.everyoneLearns";

/** Of the expected curve; everybody knows long before. */
const spreadRoundsMax = 45;

class Gossip {
	readonly #ctx: NodeContext;
	readonly #config: GossipConfig;
	readonly #group: Group;
	readonly #spreader: Spreader;
	#round = 0;
	#learnedInRound = -1;
	#sent = 0;

	constructor(ctx: NodeContext, config: GossipConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#spreader = new Spreader(config);
	}

	boot(): void {
		const ctx = this.#ctx;
		if (this.#group.me === 0 && ctx.incarnation === 1) {
			ctx.fact(startedFact, this.#group.names.length);
			const { mode, roundUs, interest } = this.#config;
			const members = this.#group.names.length;
			ctx.fact(expectedFact, { mode, roundUs, interest, members, knowing: expectedSpread(mode, members, spreadRoundsMax), pushRounds: pushRounds(members) });
			this.#learn();
		}
		const timer = ctx.every(this.#config.roundUs, roundTimer, () => {
			if (++this.#round > this.#config.rounds) timer.cancel();
			else this.#call();
		});
	}

	#call(): void {
		const kind = this.#spreader.call();
		const others = this.#group.names.filter((_, index) => index !== this.#group.me);
		if (kind !== null && others.length > 0) this.#send(this.#ctx.random.pick(others), kind);
	}

	#learn(): void {
		if (!this.#spreader.learn()) return;
		this.#learnedInRound = this.#round;
		this.#ctx.fact(learnedFact, this.#round);
		this.#ctx.measure(learnedMeasure, this.#round);
	}

	receive(kind: GossipKind, { from }: Message): void {
		if (this.#group.indexOf(from) < 0) return;
		const isNews = kind === "rumour" && !this.#spreader.knows;
		if (isNews) this.#learn();
		else {
			const answer = this.#spreader.hear(kind);
			if (answer !== null) this.#send(from, answer);
		}
	}

	#send(to: string, kind: GossipKind): void {
		this.#sent++;
		this.#ctx.send(to, messageName(kind), this.#round);
	}

	inspect(): Inspection {
		const members = this.#group.names.length;
		return {
			mode: this.#config.mode,
			round: Math.min(this.#round, this.#config.rounds),
			knows: this.#spreader.knows,
			interested: this.#spreader.isInterested,
			learnedInRound: this.#learnedInRound < 0 ? null : this.#learnedInRound,
			messagesSent: this.#sent,
			roundsInTheBook: `push: log2 N + ln N = ${Math.round(10 * pushRounds(members)) / 10}`,
		};
	}
}

const gossipInvariants: readonly Invariant[] = [
	{
		name: everyoneLearns,
		shows: "Everybody has heard the rumour before the run is over (Demers 1987).",
		facts: [startedFact, learnedFact],
		start() {
			let members = 0;
			const knowing = new Set<string>();
			return {
				onFact({ name, node, value }: Fact): null {
					if (name === startedFact) members = value as number;
					else knowing.add(node);
					return null;
				},
				end: () => (knowing.size >= members ? null : `${members - knowing.size} of ${members} never heard of it`),
			};
		},
	},
];

const bodies: MessageShapes = Object.fromEntries(kinds.map((kind) => [messageName(kind), { body: "round" }]));

export const gossipDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "A rumour that spreads by calls between members chosen at random: push, pull, or both.",
	names: [...kinds.map(messageName), roundTimer, learnedMeasure, startedFact, learnedFact, expectedFact, everyoneLearns],
	invariants: gossipInvariants,
	bodies,
	configure: readGossipConfig,
	start(ctx, config: GossipConfig): Service {
		const gossip = new Gossip(ctx, config);
		return {
			boot: () => gossip.boot(),
			on: Object.fromEntries(kinds.map((kind) => [messageName(kind), (message: Message) => gossip.receive(kind, message)])),
			inspect: () => gossip.inspect(),
		};
	},
};
