/** Which instants of a run are worth a picture of the cluster. Knows what was found, and reads no log. */
import type { DrawingWishes } from "./drawings.ts";
import type { FaultInstant, Story } from "./report-story.ts";
import type { ExportFilter } from "./source.ts";

/** Where a check broke first. */
export interface Breach {
	readonly check: string;
	readonly atUs: number;
	readonly text: string;
}

export interface KeyInstant {
	readonly atUs: number;
	/** What makes it one, in a few words. */
	readonly why: string;
	/** Sentences of what happened at it; empty where nothing did. */
	readonly said: string;
}

export interface Interest {
	readonly story: Pick<Story, "faultInstants" | "faultInstantsLeft">;
	/** In the order of time. */
	readonly breaches: readonly Breach[];
	readonly nodeCount: number;
	readonly filter: ExportFilter;
	readonly endUs: number;
	readonly wishes: Pick<DrawingWishes, "atUs">;
}

const faultPicturesMax = 6;
/** A picture of a large cluster is a large piece of a page. */
const largeClusterNodes = 60;
const saidCharsMax = 300;

/**
 * Before the first fault, at each fault in sight as far as there is room, where the first check broke, at the
 * instant that somebody asked for, and at the end.
 * @returns the instants, ascending, none twice, the end last; and how many instants of faults have no picture
 */
export function keyInstants({ story, breaches, nodeCount, filter, endUs, wishes }: Interest): {
	readonly instants: readonly KeyInstant[];
	readonly left: number;
} {
	const { fromUs = 0 } = filter;
	const isInSight = (atUs: number): boolean => atUs >= fromUs && atUs <= endUs;
	const numbered = story.faultInstants.map((fault, i) => ({ ...fault, name: i === 0 ? "the first fault" : `fault ${i + 1}` }));
	const faults = numbered.filter(({ atUs }) => isInSight(atUs));
	const drawn = faults.slice(0, nodeCount > largeClusterNodes ? 2 : faultPicturesMax);
	const [first] = faults;
	const [breach] = breaches;
	const found: readonly (KeyInstant | null)[] = [
		...drawn.map((fault) => ({ atUs: fault.atUs, why: `${fault.name.charAt(0).toUpperCase()}${fault.name.slice(1)}`, said: saidAt(fault) })),
		breach === undefined ? null : { atUs: breach.atUs, why: `The check ${breach.check} breaks`, said: clipped(breach.text) },
		first === undefined ? null : { atUs: first.atUs - 1, why: `Before ${first.name}`, said: "" },
		wishes.atUs === undefined ? null : { atUs: wishes.atUs, why: "The instant that was asked for", said: "" },
	];
	const instants = new Map<number, KeyInstant>();
	for (const one of found) {
		if (one === null || !isInSight(one.atUs) || one.atUs === endUs) continue;
		const there = instants.get(one.atUs);
		instants.set(one.atUs, there === undefined ? one : { ...there, said: [there.said, `${one.why}.`, one.said].filter((part) => part !== "").join(" ") });
	}
	const atEnd = faults.find(({ atUs }) => atUs === endUs);
	const sorted = [...instants.values()].sort((a, b) => a.atUs - b.atUs);
	const left = faults.length - drawn.length + story.faultInstantsLeft;
	return { instants: [...sorted, { atUs: endUs, why: "The end", said: atEnd === undefined ? "" : saidAt(atEnd) }], left };
}

const saidAt = ({ said }: FaultInstant): string => clipped(said.join(" "));

function clipped(said: string): string {
	const letters = [...said];
	return letters.length <= saidCharsMax ? said : `${letters.slice(0, saidCharsMax - 1).join("")}…`;
}
