/** The words about files: save, open, ls, rm, whereis. */
import type { Task } from "../../core/node-api.ts";
import { contentFor } from "../content.ts";
import type { SaveOptions } from "../files/contract.ts";
import { notASize, parseSize, sizeText } from "../sizes.ts";
import { nameLengthMax, whyNotName } from "./command-line.ts";
import type { FileInfo, FileResult, FileService } from "./file-service.ts";
import { layoutOptions, parseLayout } from "./layout.ts";
import { clockText } from "./texts.ts";
import { type Answer, bad, good, type Options, unavailable, type Word } from "./word.ts";

const sizeDefault = 24_576;
const whyNotKnown =
	"and you never had to know: its name is enough. Whoever asks by name is led to the nearest copy that is right;\nwhen machines die, copies are made elsewhere and that list changes, and the name stays";

export class FileWords {
	readonly #files: FileService;
	readonly #ownFolders: readonly string[];
	#saves = 0;

	/** @param ownFolders the system's own, ending in a slash: users put nothing there and delete nothing */
	constructor(files: FileService, ownFolders: readonly string[] = []) {
		this.#files = files;
		this.#ownFolders = ownFolders;
	}

	words(): readonly Word[] {
		return [
			{
				word: "save",
				usage: "FILE [SIZE]",
				means: "keep a file, such as save budget.pdf 40KB",
				argumentsMax: 2,
				options: this.#files.layouts ? layoutOptions : [],
				run: (given, options) => this.#save(given, options),
			},
			{ word: "open", usage: "FILE", means: "read it back", argumentsMax: 1, run: (given) => this.#named("open", given, (name) => this.#open(name)) },
			{ word: "ls", usage: "[PREFIX]", means: "what there is", argumentsMax: 1, run: ([prefix = ""]) => this.#list(prefix.slice(0, nameLengthMax)) },
			{
				word: "rm",
				usage: "FILE",
				means: "delete it",
				argumentsMax: 1,
				run: (given) => this.#named("rm", given, (name) => this.#changed(name, this.#remove(name))),
			},
			{
				word: "whereis",
				usage: "FILE",
				means: "which machines and drives hold it just now",
				argumentsMax: 1,
				run: (given) => this.#named("whereis", given, (name) => this.#whereis(name)),
			},
		];
	}

	#named(word: string, [name]: readonly string[], run: (name: string) => Answer | Task<Answer>): Answer | Task<Answer> {
		if (name === undefined) return bad(`which file? ${word} FILE`);
		const why = whyNotName(name, this.#files.folders);
		return why === null ? run(name) : bad(why);
	}

	/** @param task not begun yet */
	#changed(name: string, task: Task<Answer>): Answer | Task<Answer> {
		const folder = this.#ownFolders.find((own) => name.startsWith(own));
		return folder === undefined ? task : bad(`the folder ${folder} is the system's own; choose another`);
	}

	#save(given: readonly string[], options: Options): Answer | Task<Answer> {
		const size = given[1];
		const bytes = size === undefined ? sizeDefault : parseSize(size);
		if (bytes === undefined) return bad(notASize);
		const parsed = parseLayout(options);
		if (!parsed.ok) return bad(parsed.why);
		return this.#named("save", given, (name) => this.#changed(name, this.#keep(name, bytes, parsed.layout)));
	}

	*#keep(name: string, bytes: number, layout: SaveOptions): Task<Answer> {
		if (bytes > this.#files.bytesMax) return bad(`${name} would be too large: ${sizeText(this.#files.bytesMax)} is the most for one file`);
		const result = yield* this.#files.save(name, contentFor(name, ++this.#saves, bytes), layout);
		return told(
			name,
			result,
			({ checksum, kept }) => `${name} is saved (${[sizeText(bytes), ...(kept === "" ? [] : [kept])].join(", ")}, checksum ${checksum.toString(16)})`,
		);
	}

	*#open(name: string): Task<Answer> {
		const result = yield* this.#files.open(name);
		return told(name, result, (file) => `${name}: ${sizeText(file.bytes)}, exactly as it was saved (checksum ${file.checksum.toString(16)})`);
	}

	*#remove(name: string): Task<Answer> {
		return told(name, yield* this.#files.remove(name), () => `${name} is deleted`);
	}

	*#whereis(name: string): Task<Answer> {
		const result = yield* this.#files.whereis(name);
		return told(name, result, (places) => [`${name} lies`, ...places.map((place) => `  ${place}`), whyNotKnown].join("\n"));
	}

	*#list(prefix: string): Task<Answer> {
		const result = yield* this.#files.list(prefix);
		return told("the list", result, ({ files, more }) => {
			const lines = files.map(({ name, bytes, savedUs }: FileInfo) => `${name}  ${sizeText(bytes)}  ${clockText(savedUs)}`);
			if (lines.length === 0) return "no files";
			return [...lines, ...(more ? ["... and more; ls PREFIX shows fewer"] : [])].join("\n");
		});
	}
}

/** The sentence that a user gets. */
function told<Value>(name: string, result: FileResult<Value>, say: (value: Value) => string): Answer {
	if (result.ok) return good(say(result.value));
	switch (result.error) {
		case "unavailable":
			return bad(result.detail ?? unavailable);
		case "notFound":
			return bad(`there is no file called ${name}`);
		case "full":
			return bad(`there is no room left for ${name}; nothing was changed`);
		case "tooLarge":
			return bad(`${name} is too large; nothing was changed`);
		case "damaged":
			return bad(`${name} is damaged and was not opened`);
		case "refused":
			return bad(result.detail ?? `${name}: that cannot be done`);
	}
}
