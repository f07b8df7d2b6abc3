/**
 * Texts in a PNG: pieces behind its header that decoders of the picture pass over, and that readers of
 * what a file says of itself show. Knows bytes and no page.
 *
 * @source PNG (ISO/IEC 15948), 5.3 chunks and their checksum, 11.3.4 texts
 */

export interface PngText {
	/** 1 to 79 letters of Latin. */
	readonly keyword: string;
	readonly text: string;
}

const signatureBytes = 8;
/** Length, type and checksum around what a chunk holds. */
const frameBytes = 12;

const checksums = Uint32Array.from({ length: 256 }, (_, value) => {
	let sum = value;
	for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >>> 1 : (sum >>> 1) ^ 0xedb88320;
	return sum;
});

function checksumOf(bytes: Uint8Array): number {
	let sum = 0xffffffff;
	for (const byte of bytes) sum = (sum >>> 8) ^ (checksums[(sum ^ byte) & 0xff] as number);
	return ~sum >>> 0;
}

function chunk(type: "tEXt" | "iTXt", content: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(content.length + frameBytes);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, content.length);
	bytes.set(new TextEncoder().encode(type), 4);
	bytes.set(content, 8);
	view.setUint32(content.length + 8, checksumOf(bytes.subarray(4, content.length + 8)));
	return bytes;
}

/** Plain letters as a text that every reader knows; all others in the newer one, which is in UTF-8 and not compressed. */
function chunkOf({ keyword, text }: PngText): Uint8Array {
	const wanted = text.replaceAll("\0", " ");
	const isPlain = /^[\x20-\x7e\n]*$/.test(wanted);
	return chunk(isPlain ? "tEXt" : "iTXt", new TextEncoder().encode(isPlain ? `${keyword}\0${wanted}` : `${keyword}\0\0\0\0\0${wanted}`));
}

/** @param png a whole file, which begins with its header */
export function withTexts(png: Uint8Array, texts: readonly PngText[]): Uint8Array<ArrayBuffer> {
	const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
	const headEnd = signatureBytes + frameBytes + view.getUint32(signatureBytes);
	const parts = [png.subarray(0, headEnd), ...texts.map(chunkOf), png.subarray(headEnd)];
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
