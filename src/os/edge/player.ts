/**
 * A film player on somebody's machine: `play movie` at its keyboard, or a message from another program of the same
 * machine (player-client.ts). It shows one film at a time, and states what it shows.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task, Timer } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { contentSum } from "../content.ts";
import { type PlayedFact, playedFact, playerInvariants } from "./checks.ts";
import { parseFilmPath } from "./contract.ts";
import { kilobitsPerSecond } from "./film.ts";
import { type Arrival, Playback, type PlaybackListener, playbackNames } from "./playback.ts";
import { type PlayerAnswer, playMessage, stopMessage } from "./player-client.ts";
import { Resolver } from "./resolver.ts";
import { readViewing, type Viewing } from "./viewing.ts";

const reportTimer = "player.report";
const autoTimer = "player.auto";
/** How it stands: twice a second while a film is on, and whenever it begins, stands still, goes on or ends. */
const stateFact = "player.state";
/** How a piece came; keyed by piece. */
const pieceFact = "player.piece";
/** A time the picture stood still; keyed by number. */
const stallFact = "player.stall";
/** Milliseconds that the picture has stood still, all in all. */
const stalledMeasure = "player.stalledMs";
/** Whole seconds of the film that were seen; told when it ends, however it ends. */
const playedMeasure = "player.playedSeconds";
/** Milliseconds from pressing play to the picture. */
const startMeasure = "player.startMs";

/** Kilobits that a second of the picture takes; told when it becomes poorer or richer. */
const rateMeasure = "player.kilobitsPerSecond";

interface PlayerConfig extends Viewing {
	/** A film that starts by itself; "" for none. */
	readonly autoplay: string;
	readonly autoplayAfterUs: number;
}

function configure(config: PlainValue): PlayerConfig {
	const read = new ConfigReader("player", config);
	const player: PlayerConfig = {
		...readViewing(read),
		autoplay: read.has("autoplay") ? read.text("autoplay") : "",
		autoplayAfterUs: read.durationUs("autoplayAfter", { from: "1us", to: "1h" }, "1s"),
	};
	read.end();
	return player;
}

const reportPeriodUs = 500_000;
const answers = 'the player answers "play FILM", "stop" and "status"';

class Player {
	readonly #ctx: NodeContext;
	readonly #config: PlayerConfig;
	readonly #resolver: Resolver;
	#playback: Playback | null = null;
	#film = "";
	#plays = 0;
	#pressedUs = 0;
	#report: Timer | null = null;
	#stallsTold = 0;
	/** As it was when the last stall was over. */
	#stalledBeforeUs = 0;
	#stalledToldUs = 0;
	#phaseTold = "";
	/** Of the picture; 0 before there is one. */
	#rateTold = 0;

	constructor(ctx: NodeContext, config: PlayerConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#resolver = new Resolver(ctx, config.resolver);
	}

	boot(): void {
		const { autoplay, autoplayAfterUs } = this.#config;
		if (autoplay !== "") this.#ctx.after(autoplayAfterUs, autoTimer, () => this.play(autoplay));
	}

	/** Begins a film, in the place of one that is on. */
	*play(film: string): Task<PlayerAnswer> {
		if (parseFilmPath(`/${film}/0`) === undefined) return { ok: false, text: "a film's name is letters, digits, - and _" };
		this.#playback?.stop();
		this.#plays++;
		this.#film = film;
		this.#pressedUs = this.#ctx.monoUs();
		this.#stallsTold = 0;
		this.#stalledBeforeUs = 0;
		this.#stalledToldUs = 0;
		this.#phaseTold = "";
		this.#rateTold = 0;
		const playback = new Playback(this.#ctx, { ...this.#config.playback, film, visitor: 1 }, { resolver: this.#resolver, listener: this.#listener(film) });
		this.#playback = playback;
		this.#tell();
		const began = yield* playback.begin();
		if (!began) return { ok: false, text: `${film} cannot be played: it is not there, or nobody answers` };
		const { segments, segmentUs } = playback.manifest ?? { segments: 0, segmentUs: 0 };
		return { ok: true, text: `${film} is playing, ${Math.round((segments * segmentUs) / 1_000_000)} s` };
	}

	stop(): PlayerAnswer {
		if (this.#playback === null) return { ok: false, text: "no film is playing" };
		this.#playback.stop();
		return { ok: true, text: `${this.#film} is stopped` };
	}

	#listener(film: string): PlaybackListener {
		const play = this.#play;
		return {
			phaseChanged: () => this.#tell(),
			arrived: (arrival) => this.#tellPiece(arrival),
			played: ({ segment, data, manifest }) => {
				const { segments, segmentUs } = manifest;
				this.#ctx.fact(playedFact, { film, play, segment, segments, bytes: data.length, checksum: contentSum(data) } satisfies PlayedFact);
				this.#measureRate(kilobitsPerSecond(data.length, segmentUs));
			},
		};
	}

	get #play(): string {
		return `${this.#ctx.incarnation}.${this.#plays}`;
	}

	#tellPiece({ segment, ...arrival }: Arrival): void {
		this.#ctx.fact(pieceFact, { key: String(segment), play: this.#play, segment, ...arrival });
	}

	/** Says only what is new. */
	#measureRate(kilobits: number): void {
		if (kilobits === this.#rateTold) return;
		this.#rateTold = kilobits;
		this.#ctx.measure(rateMeasure, kilobits);
	}

	/** States how it stands, and begins or ends the steady report. */
	#tell(): void {
		const playback = this.#playback;
		if (playback === null) return;
		const { phase, manifest, positionUs, bufferedUs, stalledUs, stalls, server } = playback;
		const lengthUs = manifest === null ? 0 : manifest.segments * manifest.segmentUs;
		const { bufferUs } = this.#config.playback;
		this.#ctx.fact(stateFact, {
			film: this.#film,
			play: this.#play,
			phase,
			positionUs,
			bufferedUs,
			bufferMaxUs: bufferUs,
			lengthUs,
			stalls,
			stalledUs,
			server,
			kilobitsPerSecond: this.#rateTold,
		});
		if (phase !== this.#phaseTold) this.#onPhase(playback);
		if (stalledUs !== this.#stalledToldUs) {
			this.#stalledToldUs = stalledUs;
			this.#ctx.measure(stalledMeasure, Math.ceil(stalledUs / 1_000));
		}
	}

	#onPhase({ phase, stalls, stalledUs, positionUs }: Playback): void {
		const before = this.#phaseTold;
		this.#phaseTold = phase;
		if (phase === "playing" && before === "starting") this.#ctx.measure(startMeasure, Math.ceil((this.#ctx.monoUs() - this.#pressedUs) / 1_000));
		if (before === "stalled" && stalls > this.#stallsTold) {
			this.#stallsTold = stalls;
			this.#ctx.fact(stallFact, { key: String(stalls), play: this.#play, positionUs, us: stalledUs - this.#stalledBeforeUs });
			this.#stalledBeforeUs = stalledUs;
		}
		const isOn = phase === "starting" || phase === "playing" || phase === "stalled";
		if (isOn) this.#report ??= this.#ctx.every(reportPeriodUs, reportTimer, () => this.#tell());
		else this.#endReport(positionUs, stalledUs);
	}

	#endReport(positionUs: number, stalledUs: number): void {
		this.#report?.cancel();
		this.#report = null;
		this.#ctx.measure(playedMeasure, Math.floor(positionUs / 1_000_000));
		// Also when it never stood still, so that a check has something to see.
		this.#ctx.measure(stalledMeasure, Math.ceil(stalledUs / 1_000));
		this.#stalledToldUs = stalledUs;
	}

	*ask(line: string): Task<string> {
		const [word = "", film = ""] = line.trim().split(/\s+/);
		if (word === "play" && film !== "") return (yield* this.play(film)).text;
		if (word === "stop") return this.stop().text;
		return word === "status" ? this.#status() : answers;
	}

	#status(): string {
		const playback = this.#playback;
		if (playback === null) return "no film is playing";
		const { phase, positionUs, bufferedUs, stalls, server } = playback;
		return `${this.#film}: ${phase} at ${Math.floor(positionUs / 1_000_000)} s, ${Math.round(bufferedUs / 100_000) / 10} s ahead, stood still ${stalls} times; ${this.#rateTold} kbit/s from ${server}`;
	}

	inspect(): Inspection {
		const playback = this.#playback;
		if (playback === null) return { film: "" };
		const { phase, positionUs, bufferedUs, stalls, stalledUs, server } = playback;
		return { film: this.#film, phase, positionUs, bufferedUs, stalls, stalledUs, server, kilobitsPerSecond: this.#rateTold, namesAsked: this.#resolver.asked };
	}
}

export const playerDefinition: ServiceDefinition = {
	name: "player",
	summary: "Shows a film: finds it by name, fetches it ahead of time, and plays it by its own clock.",
	names: [
		...playbackNames,
		playMessage,
		stopMessage,
		reportTimer,
		autoTimer,
		stateFact,
		pieceFact,
		stallFact,
		playedFact,
		stalledMeasure,
		playedMeasure,
		startMeasure,
		rateMeasure,
		...playerInvariants.map(({ name }) => name),
	],
	invariants: playerInvariants,
	configure,
	start(ctx, config: PlayerConfig): Service {
		const player = new Player(ctx, config);
		return {
			boot: () => player.boot(),
			on: {
				*[playMessage](message: Message<PlainValue>): Task {
					const film = (message.body as { readonly film?: PlainValue } | null)?.film;
					if (message.copy === 0) ctx.reply(message, yield* player.play(typeof film === "string" ? film : ""));
				},
				[stopMessage](message: Message<PlainValue>) {
					if (message.copy === 0) ctx.reply(message, player.stop());
				},
			},
			ask: (line) => player.ask(line),
			inspect: () => player.inspect(),
		};
	},
};
