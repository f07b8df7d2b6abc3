/**
 * Users of the file system who work by themselves: they save, open and delete files of a folder, over each other's
 * heads. What a person types goes to a shell.
 */
import type { NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type Pace, readPace } from "../config/pace.ts";
import { ConfigReader } from "../config/reader.ts";
import { contentFor } from "../content.ts";
import { FilesClient, filesClientNames } from "./client.ts";
import type { FilesResult } from "./contract.ts";

const thinkTimer = "files-user.think";
const savedMeasure = "files-user.savedBytes";
const openedMeasure = "files-user.openedBytes";
const drawnMax = 4_294_967_295;

interface UserConfig extends Pace {
	readonly workers: number;
	/** Names that there are. */
	readonly files: number;
	/** The largest. */
	readonly bytes: number;
	readonly saveRatio: number;
	readonly removeRatio: number;
	readonly codeRatio: number;
}

function configure(config: PlainValue): UserConfig {
	const read = new ConfigReader("files-user", config);
	const user: UserConfig = {
		workers: read.integer("workers", { from: 1, to: 1_000 }, 1),
		files: read.integer("files", { from: 1, to: 10_000 }, 10),
		bytes: read.integer("bytes", { from: 0, to: 16_777_216 }, 20_000),
		saveRatio: read.number("saveRatio", { from: 0, to: 1 }, 0.4),
		removeRatio: read.number("removeRatio", { from: 0, to: 1 }, 0.1),
		codeRatio: read.number("codeRatio", { from: 0, to: 1 }, 0),
		...readPace(read, { think: "100ms", patience: "20s" }),
	};
	read.end();
	return user;
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
		return { boot: () => this.#boot(), inspect: () => ({ ...this.#tally }) };
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
		const content = contentFor(path, random.below(drawnMax), bytes === 0 ? 0 : 1 + random.below(bytes));
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
}

export const filesUserDefinition: ServiceDefinition = {
	name: "files-user",
	summary: "Users of the file system who save, open and delete files by themselves.",
	names: [...filesClientNames, thinkTimer, savedMeasure, openedMeasure],
	configure,
	start: (ctx, config: UserConfig) => new User(ctx, config).service(),
};
