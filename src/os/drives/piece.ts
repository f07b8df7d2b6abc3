/**
 * What a unit weighs on its way. A unit is hundreds of gigabytes and travels as a few messages of a few thousand
 * bytes: one byte of a message stands for `megabytesPerByte` of the unit, and a lab scales the bandwidth of its links
 * by the same number. Pure.
 */

export interface UnitWeight {
	readonly unitGigabytes: number;
	readonly pieces: number;
	readonly megabytesPerByte: number;
}

/** So much of a message is there anyhow: the header on the wire, and what surrounds the data in the body. */
const envelopeBytes = 64 + 13;
/** A message may have a mebibyte. */
export const pieceBytesMax = 1_000_000;

/** The weight of a piece on the wire, with everything around it. */
export function pieceBytes({ unitGigabytes, pieces, megabytesPerByte }: UnitWeight): number {
	return Math.ceil((unitGigabytes * 1_000) / pieces / megabytesPerByte);
}

/** As many bytes as make the message that carries them as heavy as a piece is. */
export function pieceData(weight: UnitWeight): Uint8Array {
	return new Uint8Array(Math.max(0, pieceBytes(weight) - envelopeBytes));
}
