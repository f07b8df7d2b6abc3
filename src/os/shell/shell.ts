/**
 * The shell: what a user sees of the whole system, on a laptop of the cluster. A line goes in, an
 * answer comes out; which machines served it, and which of them died meanwhile, is not to be seen.
 * Every command is a span, and all that was done for it hangs below.
 *
 * Must not know: which machines there are, where files lie.
 */
import type { NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { StoreClient, storeClientNames } from "../store/client.ts";
import { helpText, parseLine, type ShellCommand } from "./command-line.ts";
import type { FileInfo, FileResult, FileService } from "./file-service.ts";
import { StoreFiles } from "./store-files.ts";

const commands = ["help", "date", "history", "save", "open", "ls", "rm", "put", "get"] as const;
const spanOf = (command: string): string => `shell.${command}`;
const autoTimer = "shell.typing";

const historyMax = 200;
const sizeDefault = 24_576;
const unavailable = "the system did not answer in time; try again";

interface ShellConfig {
	/** How long a user waits before the shell gives up. */
	readonly patienceUs: number;
	/** Lines that type themselves, one after the other. */
	readonly lines: readonly string[];
	/** Pause before each of them. */
	readonly pauseUs: number;
}

function configure(config: PlainValue): ShellConfig {
	const read = new ConfigReader("shell", config);
	const shell: ShellConfig = {
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, "10s"),
		lines: read.has("lines") ? read.texts("lines") : [],
		pauseUs: read.durationUs("pause", { from: "1ms", to: "1h" }, "1s"),
	};
	read.end();
	return shell;
}

/** `24.0 KB`, without the locale's help. */
function sizeText(bytes: number): string {
	if (bytes < 1_024) return `${bytes} B`;
	const tenths = Math.floor((bytes * 10) / 1_024);
	return `${Math.floor(tenths / 10)}.${tenths % 10} KB`;
}

function clockText(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	const two = (value: number): string => String(Math.floor(value) % 100).padStart(2, "0");
	const sign = us < 0 ? "-" : "";
	const whole = Math.abs(seconds);
	return `${sign}${two(whole / 3_600)}:${two((whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Stands for what a user has typed into the file: the same for a name and a number, and never twice alike. */
function contentFor(name: string, number: number, bytes: number): Uint8Array {
	const content = new Uint8Array(bytes);
	let state = 2_166_136_261 + number;
	for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619);
	for (let at = 0; at < bytes; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		content[at] = state >>> 24;
	}
	return content;
}

interface Answer {
	readonly ok: boolean;
	readonly text: string;
}
const good = (text: string): Answer => ({ ok: true, text });
const bad = (text: string): Answer => ({ ok: false, text });

class Shell {
	readonly #ctx: NodeContext;
	readonly #config: ShellConfig;
	readonly #store: StoreClient;
	readonly #files: FileService;
	readonly #history: string[] = [];
	#saves = 0;

	constructor(ctx: NodeContext, config: ShellConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#store = new StoreClient(ctx, { patienceUs: config.patienceUs });
		this.#files = new StoreFiles(ctx, this.#store);
	}

	service(): Service {
		return {
			boot: () => this.#typeByItself(),
			ask: (line) => this.#ask(line),
			inspect: () => ({ history: this.#history.slice(-20) }),
		};
	}

	*#typeByItself(): Task {
		for (const line of this.#config.lines) {
			yield* this.#ctx.sleep(this.#config.pauseUs, autoTimer);
			this.#ctx.log(`> ${line}\n${yield* this.#ask(line)}`);
		}
	}

	*#ask(line: string): Task<string> {
		if (this.#history.push(line.slice(0, 200)) > historyMax) this.#history.shift();
		const parsed = parseLine(line);
		if (!parsed.ok) return parsed.why;
		const span = this.#ctx.startSpan(spanOf(parsed.command.kind));
		const answer = yield* this.#do(parsed.command);
		span.finish(answer.ok ? "ok" : "error", { line: line.slice(0, 200) });
		return answer.text;
	}

	*#do(command: ShellCommand): Task<Answer> {
		switch (command.kind) {
			case "help":
				return good(helpText);
			case "date":
				return good(`${clockText(this.#ctx.wallUs())} by this machine's clock`);
			case "history":
				return good(this.#history.map((line, index) => `${index + 1}  ${line}`).join("\n"));
			case "save":
				return yield* this.#save(command.name, command.bytes ?? sizeDefault);
			case "open":
				return yield* this.#open(command.name);
			case "ls":
				return yield* this.#list(command.prefix);
			case "rm":
				return this.#told(command.name, yield* this.#files.remove(command.name), () => `${command.name} is deleted`);
			case "put": {
				const result = yield* this.#store.put(`word/${command.key}`, command.value);
				return result.ok ? good("kept") : bad(result.error === "unavailable" ? unavailable : result.detail);
			}
			case "get": {
				const result = yield* this.#store.get(`word/${command.key}`);
				if (!result.ok) return bad(result.error === "unavailable" ? unavailable : result.detail);
				return result.value === null ? bad(`there is nothing under ${command.key}`) : good(String(result.value.value));
			}
		}
	}

	*#save(name: string, bytes: number): Task<Answer> {
		if (bytes > this.#files.bytesMax) return bad(`${name} would be too large: ${sizeText(this.#files.bytesMax)} is the most for one file`);
		const result = yield* this.#files.save(name, contentFor(name, ++this.#saves, bytes));
		return this.#told(name, result, ({ checksum }) => `${name} is saved (${sizeText(bytes)}, checksum ${checksum.toString(16)})`);
	}

	*#open(name: string): Task<Answer> {
		const result = yield* this.#files.open(name);
		return this.#told(name, result, (file) => `${name}: ${sizeText(file.bytes)}, exactly as it was saved (checksum ${file.checksum.toString(16)})`);
	}

	*#list(prefix: string): Task<Answer> {
		const result = yield* this.#files.list(prefix);
		return this.#told("the list", result, ({ files, more }) => {
			const lines = files.map(({ name, bytes, savedUs }: FileInfo) => `${name}  ${sizeText(bytes)}  ${clockText(savedUs)}`);
			if (lines.length === 0) return "no files";
			return [...lines, ...(more ? [`... and more; ls PREFIX shows fewer`] : [])].join("\n");
		});
	}

	/** The sentence that a user gets. */
	#told<Value>(name: string, result: FileResult<Value>, say: (value: Value) => string): Answer {
		if (result.ok) return good(say(result.value));
		switch (result.error) {
			case "unavailable":
				return bad(unavailable);
			case "notFound":
				return bad(`there is no file called ${name}`);
			case "full":
				return bad(`there is no room left for ${name}; nothing was changed`);
			case "tooLarge":
				return bad(`${name} is too large; nothing was changed`);
			case "damaged":
				return bad(`${name} is damaged and was not opened`);
		}
	}
}

export const shellDefinition: ServiceDefinition = {
	name: "shell",
	summary: "A user's view of the whole system: a command line on a laptop that names no machine.",
	names: [...storeClientNames, ...commands.map(spanOf), autoTimer],
	configure,
	start: (ctx, config: ShellConfig) => new Shell(ctx, config).service(),
};
