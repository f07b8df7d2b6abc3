/**
 * One film being watched: finds a server by name, fetches pieces ahead of time, keeps them in a buffer, and plays
 * them by its own clock. A server that does not answer costs a try; the film goes on with the piece it was at, from
 * whichever server the name means by then. What is played out is never more than what was fetched and is whole.
 *
 * Must not know: how many servers there are, or where.
 */
import type { Alarm, NodeContext, Signal, Task } from "../../core/node-api.ts";
import { decode } from "../../shared/codec.ts";
import { contentSum } from "../content.ts";
import { type HttpResponse, isHttpResponse, requestMessage } from "../http/contract.ts";
import { bufferMapOf, nextRendition } from "./adaptation.ts";
import { type FilmContent, type Hop, isFilmContent, manifestPath, segmentPath } from "./contract.ts";
import { isManifest, kilobitsPerSecond, type Manifest, renditionsOf } from "./film.ts";
import { type Resolver, resolverNames } from "./resolver.ts";
import { Silence } from "./silence.ts";

const startTimer = "player.start";
const playTimer = "player.playOut";
const againTimer = "player.again";
/** From pressing play to the first piece: a name, a way, an edge, perhaps the origin. */
const playSpan = "player.play";
/** One piece of the film, however many tries it took. */
const segmentSpan = "player.segment";

/** For the `names` of every service that plays films. */
export const playbackNames: readonly string[] = [requestMessage, ...resolverNames, startTimer, playTimer, againTimer, playSpan, segmentSpan];

export interface PlaybackOptions {
	readonly film: string;
	/** How far ahead of the picture it fetches. */
	readonly bufferUs: number;
	/** How much it has before the picture begins. */
	readonly startUs: number;
	/** Pieces fetched at a time. */
	readonly parallel: number;
	/** How long one server is waited for, unless it is known to be slow. */
	readonly tryTimeoutUs: number;
	/** Whether it asks for the name again, or stays with the server that it began with. */
	readonly failover: boolean;
	/** How long one piece is tried for before the film is given up. */
	readonly patienceUs: number;
	/** Whether it takes a poorer picture when the buffer runs low, where there is one. */
	readonly adapts: boolean;
	readonly visitor: number;
}

export type Phase = "starting" | "playing" | "stalled" | "finished" | "failed" | "stopped";

/** How a piece came. */
export interface Arrival {
	readonly segment: number;
	readonly rendition: number;
	readonly kilobitsPerSecond: number;
	readonly from: string;
	readonly tries: number;
	/** From the first try to the last byte. */
	readonly us: number;
	/** What of that the last try took. */
	readonly tryUs: number;
	readonly hops: readonly Hop[];
}

export interface PlaybackListener {
	phaseChanged(): void;
	arrived?(arrival: Arrival): void;
	played?(played: Played): void;
}

/** A piece that comes into the picture. */
export interface Played {
	readonly segment: number;
	readonly data: Uint8Array;
	readonly manifest: Manifest;
}

/** What is asked for, and whether an answer is that. */
interface Wish {
	readonly path: string;
	readonly rendition: number;
	isFine(content: FilmContent): boolean;
}

interface Got {
	readonly content: FilmContent;
	readonly rendition: number;
	readonly from: string;
	readonly tries: number;
	readonly tryUs: number;
}

const pauseUs = 100_000;

export class Playback {
	readonly #ctx: NodeContext;
	readonly #options: PlaybackOptions;
	readonly #resolver: Resolver;
	readonly #listener: PlaybackListener;
	/** What it starts belongs to no request: every later piece is a trace of its own. */
	readonly #run: Alarm;
	#manifest: Manifest | null = null;
	#phase: Phase = "starting";
	readonly #ready = new Map<number, Uint8Array>();
	/** First piece that nobody fetches yet. */
	#next = 0;
	/** Of the piece asked for last; -1 before the first. */
	#rendition = -1;
	/** Piece in the picture; -1 before the first. */
	#playing = -1;
	#playingSinceUs = 0;
	#played = 0;
	#stalls = 0;
	#stalledUs = 0;
	#stalledSinceUs = 0;
	#pinned: string | undefined;
	/** Which of the addresses of an answer is tried. */
	#turn = 0;
	/** Whom a try would go to now; undefined: to be found out. */
	#whomNow: string | undefined;
	#answerSeen = 0;
	#server = "";
	readonly #silence: Silence;
	/** Fired whenever a piece has come or has been played; then there is another. */
	#change: Signal<null>;

	constructor(ctx: NodeContext, options: PlaybackOptions, parts: { readonly resolver: Resolver; readonly listener: PlaybackListener }) {
		this.#ctx = ctx;
		this.#options = options;
		this.#resolver = parts.resolver;
		this.#listener = parts.listener;
		this.#change = ctx.signal<null>();
		this.#silence = new Silence(options.tryTimeoutUs);
		this.#run = ctx.alarm(startTimer, () => this.#goOn());
	}

	get phase(): Phase {
		return this.#phase;
	}

	get manifest(): Manifest | null {
		return this.#manifest;
	}

	/** The server that answered last. */
	get server(): string {
		return this.#server;
	}

	get stalls(): number {
		return this.#stalls;
	}

	/** Time the picture stood still since it first moved, the present stall included. */
	get stalledUs(): number {
		return this.#stalledUs + (this.#phase === "stalled" ? this.#ctx.monoUs() - this.#stalledSinceUs : 0);
	}

	/** Time of the film that has been seen. */
	get positionUs(): number {
		const segmentUs = this.#manifest?.segmentUs ?? 0;
		const within = this.#phase === "playing" ? Math.min(segmentUs, this.#ctx.monoUs() - this.#playingSinceUs) : 0;
		return this.#played * segmentUs + within;
	}

	/** Time of the film, from the picture on, that is there without a gap. */
	get bufferedUs(): number {
		if (this.#manifest === null) return 0;
		const { segmentUs } = this.#manifest;
		const within = this.#phase === "playing" ? segmentUs - Math.min(segmentUs, this.#ctx.monoUs() - this.#playingSinceUs) : 0;
		return within + this.#readyInRow() * segmentUs;
	}

	get #isOver(): boolean {
		return this.#phase === "finished" || this.#phase === "failed" || this.#phase === "stopped";
	}

	/** Fetches what is needed to begin; the film then plays by itself. @returns whether it began */
	*begin(): Task<boolean> {
		const { film } = this.#options;
		const span = this.#ctx.startSpan(playSpan);
		const wish: Wish = { path: manifestPath(film), rendition: 0, isFine: ({ data }) => isManifest(decodedOrNull(data)) };
		const got = yield* this.#get(() => wish);
		const manifest = got === undefined ? null : (decodedOrNull(got.content.data) as Manifest);
		this.#manifest = manifest;
		if (manifest !== null) yield* this.#fetch(this.#next++);
		span.finish(this.#ready.size > 0 ? "ok" : "error", { film, from: this.#server });
		if (this.#ready.size === 0) this.#end("failed");
		else if (!this.#isOver) this.#run.set(1);
		return this.#ready.size > 0;
	}

	stop(): void {
		if (!this.#isOver) this.#end("stopped");
	}

	#goOn(): void {
		for (let fetcher = 0; fetcher < this.#options.parallel; fetcher++) this.#ctx.spawn(this.#fetchAhead());
		this.#ctx.spawn(this.#playOut());
	}

	*#fetchAhead(): Task {
		const { segments } = this.#manifest as Manifest;
		while (!this.#isOver && this.#next < segments) {
			if (this.#next - this.#playing > this.#aheadMax) yield* this.#change.wait();
			else if (!(yield* this.#fetchWithin(this.#next++))) return this.#isOver ? undefined : this.#end("failed");
		}
	}

	/** Pieces that the buffer holds beside the one in the picture. */
	get #aheadMax(): number {
		return Math.max(1, Math.ceil(this.#options.bufferUs / (this.#manifest as Manifest).segmentUs));
	}

	*#fetchWithin(segment: number): Task<boolean> {
		const span = this.#ctx.startSpan(segmentSpan);
		const came = yield* this.#fetch(segment);
		span.finish(came ? "ok" : "error", { segment, from: this.#server });
		return came;
	}

	/** @returns whether the piece is there, whole */
	*#fetch(segment: number): Task<boolean> {
		const { segmentUs } = this.#manifest as Manifest;
		const startedUs = this.#ctx.monoUs();
		const got = yield* this.#get((tries) => this.#wishFor(segment, tries));
		if (got === undefined) return false;
		const { content, from, tries, tryUs, rendition } = got;
		this.#ready.set(segment, content.data);
		const rate = kilobitsPerSecond(content.data.length, segmentUs);
		this.#listener.arrived?.({ segment, rendition, kilobitsPerSecond: rate, from, tries, tryUs, us: this.#ctx.monoUs() - startedUs, hops: content.hops });
		this.#changed();
		return true;
	}

	/** Decided anew for every try, which has cost the buffer what it took; after a failure nothing is risked. */
	#wishFor(segment: number, tries: number): Wish {
		const { film, adapts, bufferUs } = this.#options;
		const renditions = renditionsOf(this.#manifest as Manifest);
		const rates = renditions.map(({ segmentBytes }) => segmentBytes);
		const bufferedUs = tries > 1 ? 0 : this.bufferedUs;
		const rendition = adapts ? nextRendition(rates, this.#rendition, bufferedUs, bufferMapOf(bufferUs)) : 0;
		this.#rendition = rendition;
		const checksum = renditions[rendition]?.checksums[segment];
		return { path: segmentPath(film, segment, rendition), rendition, isFine: ({ data }) => contentSum(data) === checksum };
	}

	/** Asks until it gets what is accepted, or the film is over, or patience is. */
	*#get(wished: (tries: number) => Wish): Task<Got | undefined> {
		const { patienceUs, visitor } = this.#options;
		const deadlineUs = this.#ctx.monoUs() + patienceUs;
		for (let tries = 1; !this.#isOver && this.#ctx.monoUs() < deadlineUs; tries++) {
			if (tries > 1) yield* this.#ctx.sleep(pauseUs, againTimer);
			const server = yield* this.#whom();
			if (server === undefined) continue;
			const startedUs = this.#ctx.monoUs();
			const { path, rendition, isFine } = wished(tries);
			const result = yield* this.#ctx.call<HttpResponse>(server, requestMessage, { visitor, path }, { timeoutUs: this.#silence.timeoutUs(server) });
			const response = result.ok && isHttpResponse(result.body) ? result.body : undefined;
			if (response?.status === 200 && isFilmContent(response.content) && isFine(response.content)) {
				this.#server = server;
				this.#silence.answered(server, this.#ctx.monoUs() - startedUs);
				return { content: response.content, rendition, from: server, tries, tryUs: this.#ctx.monoUs() - startedUs };
			}
			if (response?.status === 404) return undefined;
			this.#moveOnFrom(server, !result.ok);
		}
		return undefined;
	}

	/** The server to ask. A new answer of the name is begun with its best; a failure moves on to its next. */
	*#whom(): Task<string | undefined> {
		if (!this.#options.failover && this.#pinned !== undefined) return this.#pinned;
		const addresses = yield* this.#resolver.addresses();
		if (this.#resolver.answers !== this.#answerSeen) {
			this.#answerSeen = this.#resolver.answers;
			this.#turn = 0;
		}
		const address = addresses[this.#turn % Math.max(1, addresses.length)];
		this.#pinned ??= address;
		this.#whomNow = address;
		return address;
	}

	/** Two fetchers may be failed by one server, and that is one reason to leave it. */
	#moveOnFrom(server: string, wasSilent: boolean): void {
		if (server !== this.#whomNow) return;
		if (wasSilent) this.#silence.fell(server);
		this.#turn++;
		this.#whomNow = undefined;
	}

	*#playOut(): Task {
		const { segments, segmentUs } = this.#manifest as Manifest;
		const needed = Math.min(segments, this.#aheadMax, Math.max(1, Math.ceil(this.#options.startUs / segmentUs)));
		while (!this.#isOver && this.#readyInRow() < needed) yield* this.#change.wait();
		for (let segment = 0; segment < segments && !this.#isOver; segment++) {
			if (!this.#ready.has(segment)) yield* this.#stall(segment);
			if (this.#isOver) return;
			this.#show(segment);
			yield* this.#ctx.sleep(segmentUs, playTimer);
			if (!this.#isOver) this.#played++;
			this.#playingSinceUs = this.#ctx.monoUs();
		}
		if (!this.#isOver) this.#end("finished");
	}

	#show(segment: number): void {
		const data = this.#ready.get(segment) as Uint8Array;
		this.#ready.delete(segment);
		this.#playing = segment;
		this.#playingSinceUs = this.#ctx.monoUs();
		if (this.#phase !== "playing") this.#enter("playing");
		this.#listener.played?.({ segment, data, manifest: this.#manifest as Manifest });
		this.#changed();
	}

	*#stall(segment: number): Task {
		this.#stalls++;
		this.#stalledSinceUs = this.#ctx.monoUs();
		this.#enter("stalled");
		while (!this.#isOver && !this.#ready.has(segment)) yield* this.#change.wait();
		if (this.#phase === "stalled") this.#stalledUs += this.#ctx.monoUs() - this.#stalledSinceUs;
	}

	#readyInRow(): number {
		let count = 0;
		while (this.#ready.has(this.#playing + 1 + count)) count++;
		return count;
	}

	#end(phase: "finished" | "failed" | "stopped"): void {
		this.#stalledUs = this.stalledUs;
		this.#enter(phase);
		this.#changed();
	}

	#enter(phase: Phase): void {
		this.#phase = phase;
		this.#listener.phaseChanged();
	}

	#changed(): void {
		const change = this.#change;
		this.#change = this.#ctx.signal<null>();
		change.fire(null);
	}
}

/** What a server sent may be anything. */
function decodedOrNull(data: Uint8Array): unknown {
	try {
		return decode(data);
	} catch {
		return null; // no encoding at all: as good as no manifest
	}
}
