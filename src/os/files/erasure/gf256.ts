/**
 * Arithmetic in the field of 256 elements: bytes, added by exclusive or, multiplied as polynomials modulo
 * x^8 + x^4 + x^3 + x^2 + 1, of which 2 is a generator. Exact by nature: the same on every machine. Pure.
 *
 * @source Plank, A Tutorial on Reed-Solomon Coding for Fault-Tolerance in RAID-like Systems (1997)
 */
import { assert } from "../../../shared/errors.ts";

const polynomial = 0x11d;

/** Powers of 2, twice over, so that a sum of two logarithms needs no remainder. */
const powers = new Uint8Array(510);
const logarithms = new Uint8Array(256);
for (let exponent = 0, power = 1; exponent < 255; exponent++) {
	powers[exponent] = power;
	powers[exponent + 255] = power;
	logarithms[power] = exponent;
	power <<= 1;
	if (power > 255) power ^= polynomial;
}

export function multiply(a: number, b: number): number {
	if (a === 0 || b === 0) return 0;
	return powers[(logarithms[a] as number) + (logarithms[b] as number)] as number;
}

/** The element that gives 1 when multiplied by `a`, which is not 0. */
export function inverse(a: number): number {
	assert(a !== 0, "zero has no inverse");
	return powers[255 - (logarithms[a] as number)] as number;
}

/** `to` += factor * `from`, byte by byte: the inner loop of all coding. */
export function addMultiple(to: Uint8Array, from: Uint8Array, factor: number): void {
	if (factor === 0) return;
	const products = new Uint8Array(256);
	for (let byte = 1; byte < 256; byte++) products[byte] = multiply(factor, byte);
	for (let at = 0; at < from.length; at++) to[at] = (to[at] as number) ^ (products[from[at] as number] as number);
}
