/** Contents that stand for what somebody made, and the sum by which whoever gets one knows that it is what was made. Pure. */

/** @source FNV-1a, 32 bits */
export function contentSum(content: Uint8Array): number {
	let hash = 2_166_136_261;
	for (let at = 0; at < content.length; at++) hash = Math.imul(hash ^ (content[at] as number), 16_777_619);
	return hash >>> 0;
}

/** The same for a name and a number, and different for any others. */
export function contentFor(name: string, number: number, bytes: number): Uint8Array {
	let state = 2_166_136_261 + number;
	for (let index = 0; index < name.length; index++) state = Math.imul(state ^ name.charCodeAt(index), 16_777_619);
	const content = new Uint8Array(bytes);
	for (let at = 0; at < bytes; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		content[at] = state >>> 24;
	}
	return content;
}
