/**
 * The flags of `quorate run` as guides write them (`--variant no-sync --at "9s crash web-4"`), read into what
 * they ask of a run, so that a line of a guide can be set up by whoever reads it. Pure.
 */
import { parseDurationUs } from "../units.ts";

/** What differs from the run as it is meant to be. */
export interface RunWishes {
	readonly variant?: string;
	readonly seed?: number;
	readonly untilUs?: number;
	/** As a person would write them. */
	readonly parameters: { readonly [name: string]: string };
	/** Commands at instants, beside the lab's own story. */
	readonly story: readonly string[];
}

const noWishes: RunWishes = { parameters: {}, story: [] };
const flagsMax = 50;

/** Words as a shell would part them; quotes hold together. */
function wordsOf(text: string): readonly string[] {
	return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? "");
}

/** @returns null where a flag asks for something else than another run (`--json`), or makes no sense */
export function readRunFlags(flags: string): RunWishes | null {
	const words = wordsOf(flags);
	if (words.length % 2 !== 0 || words.length > flagsMax) return null;
	let wishes = noWishes;
	for (let i = 0; i < words.length; i += 2) {
		const added = wished(wishes, words[i] as string, words[i + 1] as string);
		if (added === null) return null;
		wishes = added;
	}
	return wishes;
}

function wished(wishes: RunWishes, flag: string, value: string): RunWishes | null {
	switch (flag) {
		case "--variant":
			return { ...wishes, variant: value };
		case "--seed":
			return /^\d{1,15}$/.test(value) ? { ...wishes, seed: Number(value) } : null;
		case "--until":
			return untilWished(wishes, value);
		case "--at":
			return { ...wishes, story: [...wishes.story, value] };
		case "--set": {
			const [, name, text] = /^([^=]+)=(.*)$/.exec(value) ?? [];
			return name === undefined || text === undefined ? null : { ...wishes, parameters: { ...wishes.parameters, [name]: text } };
		}
		case "--executor":
			// How a run is computed changes nothing in it.
			return wishes;
		default:
			return null;
	}
}

function untilWished(wishes: RunWishes, value: string): RunWishes | null {
	try {
		return { ...wishes, untilUs: parseDurationUs(value) };
	} catch {
		return null; // no duration: nothing that could be set up
	}
}

/** The flags of a whole command line of that lab (`npm run -s quorate -- run ping --seed 7`); null for any other text. */
export function readRunLine(line: string, lab: string): RunWishes | null {
	const [, id, flags] = /(?:^|\s)quorate (?:-- )?run (\S+)(.*)$/.exec(line.trim()) ?? [];
	return id === lab ? readRunFlags(flags ?? "") : null;
}
