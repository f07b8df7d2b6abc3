/** What labs are sorted by: the headings of the chapter, in the order in which a class meets them. Pure. */

export const labTopics = ["one-system", "sharing-load", "keeping-copies", "who-decides", "time-and-order", "working-together", "the-lab-itself"] as const;
export type LabTopic = (typeof labTopics)[number];

interface Placed {
	readonly id: string;
	readonly topic: LabTopic | null;
	/** Within the topic; null comes last. */
	readonly place: number | null;
}

/** Labs by topic, in the order of the chapter; those that name none come last, under null. Topics without labs are left out. */
export function byTopic<Lab extends Placed>(labs: readonly Lab[]): readonly { readonly topic: LabTopic | null; readonly labs: readonly Lab[] }[] {
	return [...labTopics, null]
		.map((topic) => ({ topic, labs: labs.filter((lab) => lab.topic === topic).sort(inPlace) }))
		.filter((group) => group.labs.length > 0);
}

function inPlace(a: Placed, b: Placed): number {
	const places = (a.place ?? Number.MAX_SAFE_INTEGER) - (b.place ?? Number.MAX_SAFE_INTEGER);
	if (places !== 0) return places;
	return a.id < b.id ? -1 : 1;
}
