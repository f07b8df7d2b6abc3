/**
 * Clock synchronisation: the first member is the server (Cristian, NTP) or the master (Berkeley), the others
 * set their clocks by it. No program can move its node's wall clock; a member keeps a correction and adds it
 * to every reading, which is all that an adjustment of a clock is.
 *
 * Must not know: true time. How wrong a clock is, is judged from outside, by the invariants.
 */
import type { CallResult, Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes, PartsOf } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { readTimeConfig, type TimeConfig } from "./config.ts";
import { berkeleyMeanUs, ClockFilter, cristian, type Estimate, type Exchange, ntpSample } from "./estimates.ts";
import { type SetFact, servedFact, setFact, timeInvariants } from "./invariants.ts";

const serviceName = "time-sync";
const askMessage = "time.ask";
const adjustMessage = "time.adjust";
const periodTimer = "time.period";
const roundTripMeasure = "time.roundTripUs";
/** What a member adds to its wall clock. */
const correctionMeasure = "time.correctionUs";
/** How wrong a member says it can be. */
const boundMeasure = "time.boundUs";

const serverIndex = 0;
/** Where a bound cannot be told. */
const unknownUs = -1;

type Answer = readonly [receivedUs: number, sentUs: number];

class Clockmaker {
	readonly #ctx: NodeContext;
	readonly #config: TimeConfig;
	readonly #group: Group;
	readonly #filter: ClockFilter;
	#correctionUs = 0;
	#boundUs = unknownUs;
	readonly #tally = { asked: 0, answered: 0, adjusted: 0 };

	constructor(ctx: NodeContext, config: TimeConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#filter = new ClockFilter(config.mistake === "no-filter" ? 1 : 8);
	}

	/** What the member believes the time is. */
	#timeUs(): number {
		return this.#ctx.wallUs() + this.#correctionUs;
	}

	boot(): void {
		const { algorithm, periodUs } = this.#config;
		const isServer = this.#group.me === serverIndex;
		const server = this.#group.nameOf(serverIndex);
		if (algorithm === "berkeley" && isServer) this.#ctx.every(periodUs, periodTimer, () => this.#poll());
		else if (algorithm !== "berkeley" && !isServer) this.#ctx.every(periodUs, periodTimer, () => this.#setBy(server));
	}

	/** A clock is read on arrival and again on leaving; here both are the same instant. */
	answer(message: Message): void {
		const timeUs = this.#timeUs();
		if (this.#group.me === serverIndex) this.#ctx.fact(servedFact, timeUs);
		this.#ctx.reply(message, [timeUs, timeUs]);
	}

	*#exchange(name: string): Task<Exchange | undefined> {
		const askedUs = this.#timeUs();
		const askedMonoUs = this.#ctx.monoUs();
		this.#tally.asked++;
		const result: CallResult<Answer> = yield* this.#ctx.call<Answer>(name, askMessage, null, { timeoutUs: this.#config.timeoutUs });
		if (!result.ok || !isAnswer(result.body)) return undefined;
		const [receivedUs, sentUs] = result.body;
		// By the clock that never steps: the own may have been set meanwhile.
		const roundTripUs = this.#ctx.monoUs() - askedMonoUs;
		this.#ctx.measure(roundTripMeasure, roundTripUs);
		return { askedUs, receivedUs, sentUs, answeredUs: askedUs + roundTripUs };
	}

	/** Cristian and NTP: the member asks the server. */
	*#setBy(server: string): Task {
		const correctionUs = this.#correctionUs;
		const exchange = yield* this.#exchange(server);
		if (exchange === undefined || correctionUs !== this.#correctionUs) return;
		const estimate = this.#estimate(exchange);
		if (estimate !== null) this.#set(estimate.offsetUs, estimate.boundUs, exchange.answeredUs - exchange.askedUs);
	}

	#estimate(exchange: Exchange): Estimate | null {
		const { algorithm, minDelayUs, mistake } = this.#config;
		if (algorithm === "cristian") {
			const estimate = cristian(exchange, minDelayUs);
			return mistake === "ignore-travel" ? { ...estimate, offsetUs: exchange.sentUs - exchange.answeredUs } : estimate;
		}
		// The filter compares offsets of the uncorrected clock: they do not change when it is set.
		const sample = ntpSample(exchange);
		const raw = { ...sample, offsetUs: sample.offsetUs + this.#correctionUs };
		const best = this.#filter.add(raw);
		// An older sample says nothing new, and has been acted on already.
		return best === raw ? sample : null;
	}

	/** Berkeley: the master asks everybody, takes the mean, and tells each what to add. */
	*#poll(): Task {
		const others = this.#group.names.filter((_, index) => index !== serverIndex);
		const exchanges = others.map((name) => ({ name, exchange: this.#exchange(name) }));
		const offsets: { readonly name: string; readonly offsetUs: number }[] = [];
		for (const { name, exchange } of exchanges) {
			const seen = yield* exchange;
			if (seen !== undefined) offsets.push({ name, offsetUs: ntpSample(seen).offsetUs });
		}
		const toleranceUs = this.#config.mistake === "no-tolerance" ? Number.MAX_SAFE_INTEGER : this.#config.toleranceUs;
		const meanUs = berkeleyMeanUs(
			offsets.map(({ offsetUs }) => offsetUs),
			toleranceUs,
		);
		for (const { name, offsetUs } of offsets) this.#ctx.send(name, adjustMessage, meanUs - offsetUs);
		this.#set(meanUs, unknownUs);
	}

	adjust({ body: deltaUs }: Message<number>): void {
		if (Number.isSafeInteger(deltaUs)) this.#set(deltaUs, unknownUs);
	}

	#set(deltaUs: number, boundUs: number, roundTripUs = 0): void {
		this.#tally.adjusted++;
		this.#correctionUs += deltaUs;
		this.#boundUs = boundUs;
		const { limitUs, settleUs, minDelayUs } = this.#config;
		const isSettled = this.#ctx.monoUs() >= settleUs;
		const set: SetFact = { timeUs: this.#timeUs(), boundUs, limitUs, isSettled, correctionUs: this.#correctionUs, roundTripUs, minDelayUs };
		this.#ctx.fact(setFact, set);
		this.#ctx.measure(correctionMeasure, this.#correctionUs);
		if (boundUs >= 0) this.#ctx.measure(boundMeasure, boundUs);
	}

	inspect(): Inspection {
		return {
			algorithm: this.#config.algorithm,
			role: this.#group.me === serverIndex ? "server" : "client",
			wallUs: this.#ctx.wallUs(),
			correctionUs: this.#correctionUs,
			timeUs: this.#timeUs(),
			boundUs: this.#boundUs === unknownUs ? "unknown" : this.#boundUs,
			...this.#tally,
			messagesInTheBook: this.#config.algorithm === "berkeley" ? `3(N-1) = ${3 * (this.#group.names.length - 1)} a round` : "2 a reading",
		};
	}
}

function isAnswer(body: unknown): body is Answer {
	return Array.isArray(body) && body.length === 2 && body.every((item) => Number.isSafeInteger(item));
}

const answerParts: PartsOf<Answer> = ["receivedUs", "sentUs"];
const bodies: MessageShapes = { [askMessage]: { answer: { parts: answerParts } }, [adjustMessage]: { body: "deltaUs" } };

export const timeSyncDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Sets clocks by a server's, after Cristian or as NTP does, or by the mean of all, as Berkeley UNIX did.",
	names: [
		askMessage,
		adjustMessage,
		periodTimer,
		roundTripMeasure,
		correctionMeasure,
		boundMeasure,
		setFact,
		servedFact,
		...timeInvariants.map(({ name }) => name),
	],
	invariants: timeInvariants,
	bodies,
	configure: readTimeConfig,
	start(ctx, config: TimeConfig): Service {
		const clockmaker = new Clockmaker(ctx, config);
		return {
			boot: () => clockmaker.boot(),
			on: {
				[askMessage]: (message: Message) => clockmaker.answer(message),
				[adjustMessage]: (message: Message<number>) => clockmaker.adjust(message),
			},
			inspect: () => clockmaker.inspect(),
		};
	},
};
