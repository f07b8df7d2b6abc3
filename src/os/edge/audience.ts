/**
 * An audience: one node that stands for many viewers, each of whom watches one film to its end. Who watches what,
 * and from when, is drawn at boot: popular films first, by the weights of the lab.
 */
import type { Inspection, NodeContext, PlainValue, Service, ServiceDefinition } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { Playback, playbackNames } from "./playback.ts";
import { Resolver } from "./resolver.ts";
import { readViewing, type Viewing } from "./viewing.ts";

const arriveTimer = "audience.arrive";
const reportTimer = "audience.report";
/** How all of them stand; once a second while it changes. */
const stateFact = "audience.state";
/** The longest that any viewer's picture stood still so far, in milliseconds. */
const stalledMeasure = "audience.stalledMs";
/** Viewers who have seen their film to the end. */
const finishedMeasure = "audience.finished";

interface AudienceConfig extends Viewing {
	readonly viewers: number;
	readonly films: readonly (readonly [film: string, weight: number])[];
	/** Nobody begins before this much time has passed since boot, */
	readonly startUs: number;
	/** and all begin within this time after it. */
	readonly arriveUs: number;
}

function configure(config: PlainValue): AudienceConfig {
	const read = new ConfigReader("audience", config);
	const films = read.weights("films");
	const audience: AudienceConfig = {
		...readViewing(read),
		viewers: read.integer("viewers", { from: 0, to: 1_000 }, 10),
		films: films.length === 0 ? [["movie", 1]] : films,
		startUs: read.durationUs("start", { from: "0us", to: "1h" }, "0us"),
		arriveUs: read.durationUs("arrive", { from: "0us", to: "1h" }, "10s"),
	};
	read.end();
	return audience;
}

const reportPeriodUs = 1_000_000;

class Audience {
	readonly #ctx: NodeContext;
	readonly #config: AudienceConfig;
	readonly #resolver: Resolver;
	readonly #playbacks: Playback[] = [];
	#stalledMaxUs = 0;
	#finished = 0;
	#told = "";

	constructor(ctx: NodeContext, config: AudienceConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#resolver = new Resolver(ctx, config.resolver);
	}

	boot(): void {
		const { viewers, startUs, arriveUs, films, playback } = this.#config;
		const { random } = this.#ctx;
		const weightSum = films.reduce((sum, [, weight]) => sum + weight, 0);
		for (let viewer = 1; viewer <= viewers; viewer++) {
			const film = filmFor(films, random.ratio() * weightSum);
			const one: Playback = new Playback(
				this.#ctx,
				{ ...playback, film, visitor: viewer },
				{ resolver: this.#resolver, listener: { phaseChanged: () => this.#phaseChanged(one) } },
			);
			this.#playbacks.push(one);
			this.#ctx.after(1 + startUs + random.below(arriveUs + 1), arriveTimer, () => one.begin());
		}
		this.#ctx.measure(stalledMeasure, 0);
		if (viewers > 0) this.#ctx.every(reportPeriodUs, reportTimer, () => this.#report());
	}

	#phaseChanged({ phase }: Playback): void {
		if (phase !== "finished") return;
		this.#finished++;
		this.#ctx.measure(finishedMeasure, this.#finished);
		if (this.#finished === this.#playbacks.length) this.#measureStalls(true);
	}

	/** Says only what is new. */
	#report(): void {
		this.#measureStalls(false);
		const state = this.#state();
		const text = Object.values(state).join(" ");
		if (text === this.#told) return;
		this.#told = text;
		this.#ctx.fact(stateFact, state);
	}

	#measureStalls(always: boolean): void {
		const longestUs = this.#playbacks.reduce((longest, { stalledUs }) => Math.max(longest, stalledUs), 0);
		if (longestUs <= this.#stalledMaxUs && !always) return;
		this.#stalledMaxUs = longestUs;
		this.#ctx.measure(stalledMeasure, Math.ceil(longestUs / 1_000));
	}

	#state(): { readonly [field: string]: number } {
		const count = (phase: string): number => this.#playbacks.filter((playback) => playback.phase === phase).length;
		return {
			viewers: this.#playbacks.length,
			playing: count("playing"),
			stalled: count("stalled"),
			finished: count("finished"),
			failed: count("failed"),
			stalls: this.#playbacks.reduce((sum, { stalls }) => sum + stalls, 0),
		};
	}

	inspect(): Inspection {
		return { ...this.#state(), stalledMaxMs: Math.ceil(this.#stalledMaxUs / 1_000) };
	}
}

function filmFor(films: AudienceConfig["films"], ticket: number): string {
	let left = ticket;
	for (const [film, weight] of films) {
		left -= weight;
		if (left < 0) return film;
	}
	return films[films.length - 1]?.[0] ?? "";
}

export const audienceDefinition: ServiceDefinition = {
	name: "audience",
	summary: "Stands for many viewers, each of whom watches a film to its end.",
	names: [...playbackNames, arriveTimer, reportTimer, stateFact, stalledMeasure, finishedMeasure],
	configure,
	start(ctx, config: AudienceConfig): Service {
		const audience = new Audience(ctx, config);
		return { boot: () => audience.boot(), inspect: () => audience.inspect() };
	},
};
