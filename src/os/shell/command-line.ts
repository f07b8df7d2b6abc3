/** What a user may type at a laptop: words, quotes, a table of commands. Pure. */
import { hint } from "../../shared/nearest.ts";

export type ShellCommand =
	| { readonly kind: "help" | "date" | "history" }
	| { readonly kind: "save"; readonly name: string; readonly bytes: number | undefined }
	| { readonly kind: "open" | "rm"; readonly name: string }
	| { readonly kind: "ls"; readonly prefix: string }
	| { readonly kind: "put"; readonly key: string; readonly value: string }
	| { readonly kind: "get"; readonly key: string };

export type Parsed = { readonly ok: true; readonly command: ShellCommand } | { readonly ok: false; readonly why: string };

export const lineLengthMax = 4_096;
export const nameLengthMax = 255;
const sizeUnits: { readonly [unit: string]: number } = { "": 1, B: 1, KB: 1_024, MB: 1_048_576 };

export const helpText = [
	"save FILE [SIZE]   keep a file, such as save budget.pdf 40KB",
	"open FILE          read it back",
	"ls [PREFIX]        what there is",
	"rm FILE            delete it",
	"put KEY VALUE      keep a word in the database",
	"get KEY            read it back",
	"date               the time, by this machine's clock",
	"history            what was typed here",
].join("\n");

const words = ["save", "open", "ls", "rm", "put", "get", "date", "history", "help"] as const;

function isFine(character: string): boolean {
	const code = character.charCodeAt(0);
	return code >= 0x20 && code !== 0x7f;
}

/** @returns the words of a line, `"two words"` being one; undefined when a quote is left open */
function split(line: string): string[] | undefined {
	const found: string[] = [];
	const pattern = /"([^"]*)"|([^\s"]+)/g;
	if ((line.split('"').length - 1) % 2 === 1) return undefined;
	for (const match of line.matchAll(pattern)) found.push(match[1] ?? match[2] ?? "");
	return found;
}

/** @returns what is wrong with a file's name, or null */
export function whyNotName(name: string): string | null {
	if (name === "") return "a file needs a name";
	if (name.length > nameLengthMax) return `the name has ${name.length} characters; ${nameLengthMax} are the most`;
	if (name.includes("/")) return "there are no folders here: a name has no slash";
	return [...name].every(isFine) ? null : "the name has a character that cannot be seen";
}

function parseSize(text: string): number | undefined {
	const match = /^(\d{1,12})(B|KB|MB)?$/i.exec(text);
	return match === null ? undefined : Number(match[1]) * (sizeUnits[(match[2] ?? "").toUpperCase()] as number);
}

function refuse(why: string): Parsed {
	return { ok: false, why };
}

function withName(name: string | undefined, usage: string, make: (name: string) => Parsed): Parsed {
	if (name === undefined) return refuse(`which file? ${usage}`);
	const why = whyNotName(name);
	return why === null ? make(name) : refuse(why);
}

export function parseLine(line: string): Parsed {
	if (line.length > lineLengthMax) return refuse(`the line is too long: ${lineLengthMax} characters are the most`);
	const parts = split(line);
	if (parts === undefined) return refuse("a quote is left open");
	const [word, first, second, ...rest] = parts;
	if (word === undefined) return refuse("type help to see what can be done");
	if (rest.length > 0) return refuse(`too many words after ${word}; a name with spaces goes in quotes`);
	switch (word) {
		case "help":
		case "date":
		case "history":
			return { ok: true, command: { kind: word } };
		case "ls":
			return { ok: true, command: { kind: "ls", prefix: first ?? "" } };
		case "open":
		case "rm":
			return withName(first, `${word} FILE`, (name) => ({ ok: true, command: { kind: word, name } }));
		case "save":
			return withName(first, "save FILE", (name) => {
				const bytes = second === undefined ? undefined : parseSize(second);
				return second !== undefined && bytes === undefined
					? refuse("a size is a number and B, KB or MB, such as 40KB")
					: { ok: true, command: { kind: "save", name, bytes } };
			});
		case "put":
			return first === undefined || second === undefined ? refuse("put KEY VALUE") : { ok: true, command: { kind: "put", key: first, value: second } };
		case "get":
			return first === undefined ? refuse("get KEY") : { ok: true, command: { kind: "get", key: first } };
		default:
			return refuse(`no command is called "${word.slice(0, 40)}"${hint(word.slice(0, 40), words)}`);
	}
}
