/**
 * A user of the file system: does what is typed (`save photo.jpg 48KB code`, `open`, `rm`, `ls`, `whereis`), and, if
 * the lab wants it, saves, opens and deletes files by itself, keeping in mind what they should hold.
 */
import type { Inspection, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { hint } from "../../shared/nearest.ts";
import { ConfigReader } from "../config/reader.ts";
import { FilesClient, filesClientNames } from "./client.ts";
import type { FilesResult, PlacedBlock, SaveOptions, Whereabouts } from "./contract.ts";

const thinkTimer = "files-user.think";
const savedMeasure = "files-user.savedBytes";
const openedMeasure = "files-user.openedBytes";
const words = ["save", "open", "rm", "ls", "whereis"] as const;
const sizeUnits: { readonly [unit: string]: number } = { "": 1, B: 1, KB: 1_024, MB: 1_048_576 };

interface UserConfig {
	/** Working by themselves; 0: only what is typed. */
	readonly workers: number;
	readonly files: number;
	readonly bytes: number;
	readonly thinkUs: number;
	readonly saveRatio: number;
	readonly removeRatio: number;
	readonly codeRatio: number;
	readonly patienceUs: number;
	readonly lastsUs: number;
}

function configure(config: PlainValue): UserConfig {
	const read = new ConfigReader("files-user", config);
	const user: UserConfig = {
		workers: read.integer("workers", { from: 0, to: 1_000 }, 0),
		files: read.integer("files", { from: 1, to: 10_000 }, 10),
		bytes: read.integer("bytes", { from: 0, to: 16_777_216 }, 20_000),
		thinkUs: read.durationUs("think", { from: "0us", to: "1000h" }, "100ms"),
		saveRatio: read.number("saveRatio", { from: 0, to: 1 }, 0.4),
		removeRatio: read.number("removeRatio", { from: 0, to: 1 }, 0.1),
		codeRatio: read.number("codeRatio", { from: 0, to: 1 }, 0),
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, "20s"),
		lastsUs: read.durationUs("lasts", { from: "0us", to: "100000h" }, "100000h"),
	};
	read.end();
	return user;
}

/** Stands for what somebody made: never twice alike. */
function contentFor(seed: number, bytes: number): Uint8Array {
	const content = new Uint8Array(bytes);
	let state = seed >>> 0;
	for (let at = 0; at < bytes; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		content[at] = state >>> 24;
	}
	return content;
}

function sizeOf(text: string | undefined): number | null {
	if (text === undefined) return 24_576;
	const match = /^(\d{1,9})(B|KB|MB)?$/i.exec(text);
	return match === null ? null : Number(match[1]) * (sizeUnits[(match[2] ?? "").toUpperCase()] as number);
}

function layoutOf(text: string | undefined): SaveOptions | null {
	if (text === undefined) return {};
	if (text === "code") return { code: true };
	const match = /^([1-9])x$/.exec(text);
	return match === null ? null : { replication: Number(match[1]) };
}

/** `48 KB`, or bytes when it is no whole number of KB. */
function sizeText(bytes: number): string {
	return bytes % 1_024 === 0 && bytes > 0 ? `${bytes / 1_024} KB` : `${bytes} B`;
}

function told<Value>(result: FilesResult<Value>, say: (value: Value) => string): string {
	if (result.ok) return say(result.value);
	const lost = (result.blocks ?? []).map(({ block, from, to, why }) => `\n  block ${block}, bytes ${from} to ${to}: ${why}`);
	return `${result.error}: ${result.detail}${lost.join("")}`;
}

function blockText({ block, bytes, places, gone }: PlacedBlock): string {
	const where = places.map(
		({ machine, drive, region, shard, state }) =>
			`${machine} drive ${drive} (${region}${shard > 0 ? `, shard ${shard}` : ""}${state === "live" ? "" : `, ${state}`})`,
	);
	return [`  ${block}, ${bytes} B: ${where.join(", ") || "nowhere"}`, ...gone.map((what) => `    gone: ${what}`)].join("\n");
}

class User {
	readonly #ctx: NodeContext;
	readonly #config: UserConfig;
	readonly #files: FilesClient;
	readonly #tally: { [outcome: string]: number } = {};

	constructor(ctx: NodeContext, config: UserConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#files = new FilesClient(ctx, { patienceUs: config.patienceUs });
	}

	service(): Service {
		return { boot: () => this.#boot(), ask: (line) => this.#ask(line), inspect: (): Inspection => ({ ...this.#tally }) };
	}

	#boot(): void {
		for (let worker = 0; worker < this.#config.workers; worker++) this.#ctx.spawn(this.#work());
	}

	*#work(): Task {
		const { random } = this.#ctx;
		const { thinkUs, lastsUs, files } = this.#config;
		for (;;) {
			yield* this.#ctx.sleep(1 + random.exponential(thinkUs), thinkTimer);
			if (this.#ctx.monoUs() >= lastsUs) return;
			const path = `folder/file-${random.below(files)}`;
			const choice = random.ratio();
			if (choice < this.#config.saveRatio) yield* this.#saveSome(path);
			else if (choice < this.#config.saveRatio + this.#config.removeRatio) this.#count("remove", yield* this.#files.remove(path));
			else yield* this.#openSome(path);
		}
	}

	*#saveSome(path: string): Task {
		const { random } = this.#ctx;
		const { bytes, codeRatio } = this.#config;
		const content = contentFor(random.below(4_294_967_295), bytes === 0 ? 0 : 1 + random.below(bytes));
		const result = yield* this.#files.save(path, content, random.chance(codeRatio) ? { code: true } : {});
		this.#count("save", result);
		if (result.ok) this.#ctx.measure(savedMeasure, content.length);
	}

	*#openSome(path: string): Task {
		const result = yield* this.#files.open(path);
		this.#count("open", result);
		if (result.ok) this.#ctx.measure(openedMeasure, result.value.bytes);
	}

	#count(what: string, result: FilesResult<unknown>): void {
		const outcome = `${what} ${result.ok ? "ok" : result.error}`;
		this.#tally[outcome] = (this.#tally[outcome] ?? 0) + 1;
	}

	*#ask(line: string): Task<string> {
		const [word = "", first = "", ...rest] = line.trim().split(/\s+/);
		switch (word) {
			case "save":
				return yield* this.#save(first, rest[0], rest[1]);
			case "open":
				return told(
					yield* this.#files.open(first),
					({ bytes, checksum }) => `${first}: ${sizeText(bytes)}, exactly as it was saved (checksum ${checksum.toString(16)})`,
				);
			case "rm":
				return told(yield* this.#files.remove(first), () => `${first} is deleted`);
			case "ls":
				return told(yield* this.#files.list(first), ({ files, more }) => {
					const lines = files.map(({ name, bytes }) => `${name}  ${sizeText(bytes)}`);
					return [...lines, ...(more ? ["... and more"] : [])].join("\n") || "no files";
				});
			case "whereis":
				return told(yield* this.#files.whereis(first), ({ blocks, bytes }: Whereabouts) =>
					[`${first}, ${sizeText(bytes)}`, ...blocks.map(blockText)].join("\n"),
				);
			default:
				return `no command is called ${JSON.stringify(word.slice(0, 40))}${hint(word.slice(0, 40), words)}`;
		}
	}

	*#save(path: string, size: string | undefined, layout: string | undefined): Task<string> {
		const bytes = sizeOf(size);
		const options = layoutOf(layout);
		if (bytes === null || bytes > 16_777_216) return "a size is a number and B, KB or MB, such as 40KB, and 16MB at most";
		if (options === null) return "after the size comes how it is kept: code, or copies such as 3x";
		const result = yield* this.#files.save(path, contentFor(this.#ctx.random.below(4_294_967_295), bytes), options);
		return told(
			result,
			({ standing, wanted, checksum }) => `${path} is saved (${sizeText(bytes)}, ${standing} of ${wanted} copies stand, checksum ${checksum.toString(16)})`,
		);
	}
}

export const filesUserDefinition: ServiceDefinition = {
	name: "files-user",
	summary: "A user of the file system: does what is typed, or saves, opens and deletes files by itself.",
	names: [...filesClientNames, thinkTimer, savedMeasure, openedMeasure],
	configure,
	start: (ctx, config: UserConfig) => new User(ctx, config).service(),
};
