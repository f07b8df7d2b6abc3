/**
 * "Did you mean web-3?": the nearest of a set of words to one that was mistyped.
 * Knows nothing of what the words name. Pure; runs anywhere.
 */

/** Longer words are not compared: the table of distances grows with the product of the lengths. */
const comparedCharsMax = 64;
const candidatesMax = 4_096;

/** Edits (insert, remove, replace, swap two neighbours) that turn one word into the other. */
function editDistance(a: string, b: string): number {
	const width = b.length + 1;
	const table = new Uint16Array((a.length + 1) * width);
	const cell = (row: number, column: number): number => table[row * width + column] as number;
	for (let row = 0; row <= a.length; row++) table[row * width] = row;
	for (let column = 0; column <= b.length; column++) table[column] = column;
	for (let row = 1; row <= a.length; row++) {
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1] ? 0 : 1;
			let least = Math.min(cell(row - 1, column) + 1, cell(row, column - 1) + 1, cell(row - 1, column - 1) + same);
			const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
			if (swapped) least = Math.min(least, cell(row - 2, column - 2) + 1);
			table[row * width + column] = least;
		}
	}
	return cell(a.length, b.length);
}

/**
 * The candidate a person most likely meant, or undefined when none is near. Of several equally near
 * the first wins, so give them in the order a reader would expect.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
	if (word.length === 0 || word.length > comparedCharsMax) return undefined;
	const wanted = word.toLowerCase();
	// One edit turns any letter into any other, so very short words must be right but for their case.
	const limit = wanted.length < 3 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
	let best: string | undefined;
	let bestDistance = limit + 1;
	for (const candidate of candidates.slice(0, candidatesMax)) {
		if (candidate.length > comparedCharsMax || Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
		const distance = editDistance(wanted, candidate.toLowerCase());
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best ?? candidates.find((candidate) => wanted.length >= 3 && candidate.toLowerCase().startsWith(wanted));
}

/** A few of the words, for a sentence that says what would have been right: `a, b, c and 4 more`. */
export function someOf(words: readonly string[], shownMax = 8): string {
	if (words.length <= shownMax) return words.join(", ");
	return `${words.slice(0, shownMax).join(", ")} and ${words.length - shownMax} more`;
}

/** `; did you mean web-3?` when something is near, else `; known are a, b, c`, else nothing. */
export function hint(word: string, candidates: readonly string[]): string {
	const near = nearest(word, candidates);
	if (near !== undefined) return `; did you mean ${near}?`;
	return candidates.length === 0 ? "" : `; there is ${someOf(candidates)}`;
}
