/**
 * What an encoding may hold besides plain data, and must not: extensions (dates, sets, references,
 * shapes shared between values) and the one byte that stands for nothing. Looks at markers only, builds
 * nothing. For bytes that come from outside. Pure.
 */

/** Bytes behind the marker, for markers 0xc0 and above that are no container; -1: never, and what is told by a length. */
const fixedBytes: readonly number[] = [
	...[0, -1, 0, 0], // nil, never used, false, true
	...[-1, -1, -1], // bin
	...[-1, -1, -1], // ext
	...[4, 8], // floats
	...[1, 2, 4, 8, 1, 2, 4, 8], // integers
];

/** @returns whether there is an extension or an unused byte among the markers; what is cut short is not judged */
export function holdsForeign(bytes: Uint8Array): boolean {
	let at = 0;
	for (let left = 1; left > 0 && at < bytes.length; left--) {
		const marker = bytes[at++] as number;
		if (marker < 0x80 || marker >= 0xe0) continue;
		if (marker < 0x90) left += 2 * (marker & 0x0f);
		else if (marker < 0xa0) left += marker & 0x0f;
		else if (marker < 0xc0) at += marker & 0x1f;
		else if (marker < 0xd4) {
			if (marker === 0xc1 || (marker >= 0xc7 && marker <= 0xc9)) return true;
			at += marker >= 0xc4 && marker <= 0xc6 ? behindLength(bytes, at, marker - 0xc4) : (fixedBytes[marker - 0xc0] as number);
		} else if (marker <= 0xd8) {
			// The encoder writes a field that is left undefined as an extension of its own.
			if (marker !== 0xd4 || bytes[at] !== 0) return true;
			at += 2;
		} else if (marker <= 0xdb) at += behindLength(bytes, at, marker - 0xd9);
		else {
			const isWide = marker === 0xdd || marker === 0xdf;
			left += lengthAt(bytes, at, isWide ? 2 : 1) * (marker >= 0xde ? 2 : 1);
			at += isWide ? 4 : 2;
		}
	}
	return false;
}

/** @param size 0, 1 or 2: a length of one, two or four bytes */
function lengthAt(bytes: Uint8Array, at: number, size: number): number {
	let length = 0;
	for (let i = 0; i < 1 << size; i++) length = length * 256 + (bytes[at + i] ?? 0);
	return length;
}

function behindLength(bytes: Uint8Array, at: number, size: number): number {
	return (1 << size) + lengthAt(bytes, at, size);
}
