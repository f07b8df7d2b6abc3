/** What is told to the user: which notices are kept, and which are over. Pure. */

export interface Telling {
	readonly tone: "note" | "warning" | "fault";
	readonly text: string;
	readonly kept: string;
	readonly advice: string;
}

export interface Notice extends Telling {
	readonly id: number;
	/** The run that it is true of while that one is shown; left out for what is true anyway. */
	readonly run?: string | undefined;
	/** Said by a dialog of what was wanted in it: shown there alone, and over with it. */
	readonly isOfDialog?: boolean | undefined;
}

/** Two lines of small letters beside all tabs of a stage that is as narrow as on a projector. */
const briefLettersMax = 84;
/** Of each sort: notes that come and go never push out what was not read yet. */
const keptMax = 4;

/** What was done, in a few words, that goes by itself; everything else stays until it was read. */
export function isBrief({ tone, text, kept, advice }: Telling): boolean {
	return tone === "note" && kept === "" && advice === "" && text.length <= briefLettersMax;
}

/** The same again takes the place of what it repeats. */
function isSame(a: Telling, b: Telling): boolean {
	return a.tone === b.tone && a.text === b.text && a.kept === b.kept && a.advice === b.advice;
}

export function withNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
	const all = [...notices.filter((other) => !isSame(other, notice)), notice];
	const surplus = all.filter((other) => isBrief(other) === isBrief(notice)).slice(0, -keptMax);
	return all.filter((other) => !surplus.includes(other));
}

export function withoutDialog(notices: readonly Notice[]): readonly Notice[] {
	const left = notices.filter(({ isOfDialog }) => isOfDialog !== true);
	return left.length === notices.length ? notices : left;
}

/** Once another run is shown, or none, nothing is true any more that was said of the one before. */
export function whileShown(notices: readonly Notice[], run: string | null): readonly Notice[] {
	const left = notices.filter((notice) => notice.run === undefined || notice.run === run);
	return left.length === notices.length ? notices : left;
}
