/**
 * Where films come from: one server that has them all on its drive, and takes its time over each request. The
 * drive keeps them through a crash; what it holds is written once, at the first boot.
 *
 * Must not know: that there are edges.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { encode } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { contentFor, contentSum } from "../content.ts";
import { type HttpRequest, type HttpResponse, isHttpRequest, requestMessage } from "../http/contract.ts";
import { type FilmContent, type FilmPath, healthPath, parseFilmPath, segmentPath } from "./contract.ts";
import { type FilmShape, type Manifest, type Rendition, renditionBytes, renditionsMax, segmentBytesMax, segmentsMax, shapeOf } from "./film.ts";

export const originServiceName = "origin";
const readSpan = "origin.read";

interface OriginConfig {
	readonly films: readonly string[];
	readonly shape: FilmShape;
	/** Ways to see each film; every next one has half the bit rate. */
	readonly renditions: number;
	/** CPU time of one request. */
	readonly workUs: number;
	/** Requests being worked on; beyond them, 503. */
	readonly requestsMax: number;
}

function configure(config: PlainValue): OriginConfig {
	const read = new ConfigReader(originServiceName, config);
	const films = read.texts("films", ["movie"]);
	const lengthUs = read.integer("filmSeconds", { from: 1, to: 36_000 }, 60) * 1_000_000;
	const segmentUs = read.durationUs("segment", { from: "100ms", to: "1min" }, "1s");
	const bitsPerSecond = read.integer("kilobitsPerSecond", { from: 1, to: 100_000 }, 32) * 1_000;
	const shape = shapeOf({ lengthUs, segmentUs, bitsPerSecond });
	if (shape.segments > segmentsMax) read.refuse("filmSeconds", `a film of at most ${segmentsMax} segments`);
	if (shape.segmentBytes > segmentBytesMax) read.refuse("kilobitsPerSecond", `segments of at most ${segmentBytesMax} bytes`);
	if (films.length > 100 || !films.every((film) => parseFilmPath(`/${film}/0`) !== undefined))
		read.refuse("films", "at most 100 names of letters, digits, - and _");
	const origin: OriginConfig = {
		films,
		shape,
		renditions: read.integer("renditions", { from: 1, to: renditionsMax }, 1),
		workUs: read.durationUs("work", { from: "1us", to: "1min" }, "10ms"),
		requestsMax: read.integer("requestsMax", { from: 1, to: 100_000 }, 500),
	};
	read.end();
	return origin;
}

const fileOf = (film: string, segment: number, rendition: number): string => `film${segmentPath(film, segment, rendition)}`;
const retryAfterUs = 500_000;

class Origin {
	readonly #ctx: NodeContext;
	readonly #config: OriginConfig;
	readonly #manifests: ReadonlyMap<string, Uint8Array>;
	#isReady = false;
	#working = 0;
	#tally = { served: 0, refused: 0, failed: 0, bytesOut: 0 };

	constructor(ctx: NodeContext, config: OriginConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#manifests = new Map(config.films.map((film) => [film, encode(manifestOf(film, config))]));
	}

	/** Puts on the drive what is not there yet. */
	*boot(): Task {
		const drive = this.#drive;
		const known = new Set(drive.list("film/"));
		const { films, shape, renditions } = this.#config;
		for (const film of films) {
			for (let piece = 0; piece < shape.segments * renditions; piece++) {
				const [segment, rendition] = [Math.floor(piece / renditions), piece % renditions];
				const path = fileOf(film, segment, rendition);
				if (known.has(path)) continue;
				const written = yield* drive.put(path, contentFor(film, segment, renditionBytes(shape, rendition)));
				if (!written.ok) return this.#ctx.log(`${film} does not fit on the drive: ${written.error}`, "error");
			}
		}
		yield* drive.sync();
		this.#isReady = true;
	}

	*serve(message: Message<HttpRequest>): Task {
		// The transport discards duplicates (RFC 9293 3.4).
		if (message.copy > 0) return;
		const request = message.body;
		if (!isHttpRequest(request)) return this.#ctx.reply(message, { status: 400 } satisfies HttpResponse);
		if (!this.#isReady || this.#working >= this.#config.requestsMax) {
			this.#tally.refused++;
			return this.#ctx.reply(message, { status: 503, retryAfterUs } satisfies HttpResponse);
		}
		if (request.path === healthPath) return this.#ctx.reply(message, { status: 200 } satisfies HttpResponse);
		const path = parseFilmPath(request.path);
		if (path === undefined || !this.#has(path)) return this.#ctx.reply(message, { status: 404 } satisfies HttpResponse);
		this.#working++;
		const span = this.#ctx.startSpan(readSpan);
		const startedUs = this.#ctx.monoUs();
		yield* this.#ctx.compute(this.#config.workUs);
		const data = yield* this.#read(path);
		this.#working--;
		span.finish(data === undefined ? "error" : "ok", { path: request.path });
		const us = this.#ctx.monoUs() - startedUs;
		this.#ctx.reply(message, this.#responseFor(data, us));
	}

	#responseFor(data: Uint8Array | undefined, us: number): HttpResponse {
		if (data === undefined) {
			this.#tally.failed++;
			return { status: 500 };
		}
		this.#tally.served++;
		this.#tally.bytesOut += data.length;
		return { status: 200, content: { data, hops: [{ at: this.#ctx.self.name, did: "read", us }] } satisfies FilmContent };
	}

	#has({ film, part, rendition }: FilmPath): boolean {
		const { shape, renditions } = this.#config;
		return this.#manifests.has(film) && (part === "manifest" || (part < shape.segments && rendition < renditions));
	}

	*#read({ film, part, rendition }: FilmPath): Task<Uint8Array | undefined> {
		if (part === "manifest") return this.#manifests.get(film);
		const result = yield* this.#drive.get(fileOf(film, part, rendition));
		return result.ok && result.value instanceof Uint8Array ? result.value : undefined;
	}

	get #drive() {
		const [drive] = this.#ctx.drives;
		if (drive === undefined) throw new Error("origin: this node has no drive to keep films on");
		return drive;
	}

	inspect(): Inspection {
		return {
			films: this.#config.films,
			...this.#config.shape,
			renditions: this.#config.renditions,
			ready: this.#isReady,
			working: this.#working,
			...this.#tally,
		};
	}
}

function manifestOf(film: string, { shape, renditions }: Pick<OriginConfig, "shape" | "renditions">): Manifest {
	const [asMade, ...poorer] = Array.from({ length: renditions }, (_, rendition): Rendition => {
		const segmentBytes = renditionBytes(shape, rendition);
		return { segmentBytes, checksums: Array.from({ length: shape.segments }, (_, segment) => contentSum(contentFor(film, segment, segmentBytes))) };
	});
	return { ...shape, ...(asMade as Rendition), poorer };
}

export const originDefinition: ServiceDefinition = {
	name: originServiceName,
	summary: "Has every film on its drive, and serves them to whoever asks, one piece after the other.",
	names: [requestMessage, readSpan],
	configure,
	start(ctx, config: OriginConfig): Service {
		const origin = new Origin(ctx, config);
		return {
			boot: () => origin.boot(),
			on: { [requestMessage]: (message: Message<HttpRequest>) => origin.serve(message) },
			inspect: () => origin.inspect(),
		};
	},
};
