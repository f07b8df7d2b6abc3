/**
 * The shell: what a user sees of the whole system, on a laptop of the cluster. A line goes in, an
 * answer comes out; which machines served it, and which of them died meanwhile, is not to be seen.
 * Every command is a span, and all that was done for it hangs below.
 *
 * Must not know: which machines there are, where files lie.
 */
import type { NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { cartClientNames, shopDoor } from "../carts/client.ts";
import { ConfigReader } from "../config/reader.ts";
import { playerClientNames } from "../edge/player-client.ts";
import { blocksServiceName } from "../files/blocks/block-server.ts";
import { filesClientNames } from "../files/client.ts";
import { checkpointFolder } from "../jobs/checkpoints.ts";
import { JobsClient, jobsClientNames } from "../jobs/client.ts";
import { StoreClient, storeClientNames } from "../store/client.ts";
import { BlockFiles } from "./block-files.ts";
import { helpOf, helpText, parseLine } from "./command-line.ts";
import { databaseWords } from "./database-words.ts";
import { FileWords } from "./file-words.ts";
import { JobWords } from "./job-words.ts";
import { cartWord, filmWords } from "./shop-words.ts";
import { StoreFiles } from "./store-files.ts";
import { clockText } from "./texts.ts";
import { type Answer, bad, good, type Word } from "./word.ts";

/** Of all labs; a shell has those that its lab has servers for. */
const allWords = ["save", "open", "ls", "rm", "whereis", "put", "get", "run", "ps", "kill", "move", "cart", "play", "stop", "date", "history", "help"] as const;
const spanOf = (word: string): string => `shell.${word}`;
const autoTimer = "shell.typing";
/** A line and its answer, keyed by its number; and the words that can be typed. For views. */
const shellFacts = { line: "shell.line", words: "shell.words" } as const;

const historyMax = 200;
const lineShownMax = 200;
const answerShownMax = 4_096;

interface ShellConfig {
	/** How long a user waits before the shell gives up. */
	readonly patienceUs: number;
	/** How long `run` waits for the end of a job. */
	readonly jobPatienceUs: number;
	/** Lines that type themselves, one after the other. */
	readonly lines: readonly string[];
	/** Pause before each of them. */
	readonly pauseUs: number;
}

function configure(config: PlainValue): ShellConfig {
	const read = new ConfigReader("shell", config);
	const shell: ShellConfig = {
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, "10s"),
		jobPatienceUs: read.durationUs("jobPatience", { from: "1ms", to: "100h" }, "10min"),
		lines: read.has("lines") ? read.texts("lines") : [],
		pauseUs: read.durationUs("pause", { from: "1ms", to: "1h" }, "1s"),
	};
	read.end();
	return shell;
}

class Shell {
	readonly #ctx: NodeContext;
	readonly #config: ShellConfig;
	readonly #words: readonly Word[];
	readonly #history: string[] = [];
	#typed = 0;

	constructor(ctx: NodeContext, config: ShellConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#words = this.#wordsHere();
	}

	service(): Service {
		return {
			boot: () => this.#begin(),
			ask: (line) => this.#ask(line),
			inspect: () => ({ history: this.#history.slice(-20) }),
		};
	}

	/** What this lab has somebody to answer for. */
	#wordsHere(): readonly Word[] {
		const ctx = this.#ctx;
		const has = (service: string): boolean => ctx.nodes.some(({ services }) => services.includes(service));
		const { patienceUs, jobPatienceUs } = this.#config;
		const store = has("store") ? new StoreClient(ctx, { patienceUs }) : null;
		const files = store === null ? null : has(blocksServiceName) ? new BlockFiles(ctx, store, patienceUs) : new StoreFiles(ctx, store);
		const jobs = store === null ? null : new JobsClient(ctx, store);
		const door = has("cart-server") ? shopDoor(ctx) : undefined;
		return [
			...(files === null ? [] : new FileWords(files, jobs?.available ? [checkpointFolder] : []).words()),
			...(store === null ? [] : databaseWords(store)),
			...(jobs?.available ? new JobWords(jobs, jobPatienceUs).words() : []),
			...(door === undefined ? [] : [cartWord(ctx, door)]),
			...(ctx.self.services.includes("player") ? filmWords(ctx, patienceUs) : []),
			{ word: "date", usage: "", means: "the time, by this machine's clock", argumentsMax: 0, run: () => this.#date() },
			{ word: "history", usage: "", means: "what was typed here", argumentsMax: 0, run: () => this.#past() },
			{ word: "help", usage: "[WORD]", means: "this list, or more of one word", argumentsMax: 1, run: ([word]) => this.#help(word) },
		];
	}

	*#begin(): Task {
		this.#ctx.fact(shellFacts.words, { words: this.#words.map(wordFact) });
		for (const line of this.#config.lines) {
			yield* this.#ctx.sleep(this.#config.pauseUs, autoTimer);
			this.#ctx.log(`> ${line}\n${yield* this.#ask(line)}`);
		}
	}

	*#ask(line: string): Task<string> {
		const shown = line.slice(0, lineShownMax);
		const key = String(++this.#typed);
		if (this.#history.push(shown) > historyMax) this.#history.shift();
		const parsed = parseLine(line, this.#words);
		if (!parsed.ok) {
			this.#ctx.fact(shellFacts.line, { key, line: shown, answer: parsed.why, ok: false, span: 0 });
			return parsed.why;
		}
		const span = this.#ctx.startSpan(spanOf(parsed.word.word));
		this.#ctx.fact(shellFacts.line, { key, line: shown, answer: null, ok: true, span: span.sequence });
		const acted = parsed.word.run(parsed.given, parsed.options);
		const answer: Answer = "next" in acted ? yield* acted : acted;
		this.#ctx.fact(shellFacts.line, { key, line: shown, answer: answer.text.slice(0, answerShownMax), ok: answer.ok, span: span.sequence });
		span.finish(answer.ok ? "ok" : "error", { line: shown });
		return answer.text;
	}

	#date(): Answer {
		return good(`${clockText(this.#ctx.wallUs())} by this machine's clock`);
	}

	#help(name: string | undefined): Answer {
		if (name === undefined) return good(helpText(this.#words));
		const parsed = parseLine(name, this.#words);
		return parsed.ok ? good(helpOf(parsed.word)) : bad(parsed.why);
	}

	#past(): Answer {
		return good(this.#history.map((line, index) => `${index + 1}  ${line}`).join("\n"));
	}
}

/** For a window that completes what is typed. */
function wordFact({ word, usage, means, options = [] }: Word): { readonly [field: string]: PlainValue } {
	return { word, usage, means, options: options.map(({ name, values }) => ({ name, values })) };
}

export const shellDefinition: ServiceDefinition = {
	name: "shell",
	summary: "A user's view of the whole system: a command line on a laptop that names no machine.",
	names: [
		...new Set([
			...storeClientNames,
			...filesClientNames,
			...jobsClientNames,
			...cartClientNames,
			...playerClientNames,
			...allWords.map(spanOf),
			...Object.values(shellFacts),
			autoTimer,
		]),
	],
	configure,
	start: (ctx, config: ShellConfig) => new Shell(ctx, config).service(),
};
