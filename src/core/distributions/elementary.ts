/**
 * ln and exp from + - * / alone, so that a delay is the same microsecond on every machine: the
 * platform's own versions may differ in the last bit. Pure; knows nothing of what it is used for.
 */
import { assert } from "../../shared/errors.ts";

/** ln 2 in two parts: the first has trailing zeros, so whole multiples of it are exact. */
const ln2High = 0.69314718036912381649;
const ln2Low = 1.90821492927058770002e-10;
const sqrtHalf = 0.707106781186547524401;

/**
 * Natural logarithm, within 2 units in the last place or so.
 * @param x positive and finite
 */
export function naturalLog(x: number): number {
	assert(x > 0 && x < Number.POSITIVE_INFINITY, `the logarithm of ${x}`);
	let exponent = 0;
	let mantissa = x;
	for (; mantissa < sqrtHalf; exponent--) mantissa *= 2;
	for (; mantissa >= 2 * sqrtHalf; exponent++) mantissa /= 2;
	// ln m = 2 artanh s with |s| < 0.172, where thirteen terms leave less than the rounding.
	const s = (mantissa - 1) / (mantissa + 1);
	const square = s * s;
	let sum = 0;
	for (let odd = 25; odd >= 3; odd -= 2) sum = (sum + 1 / odd) * square;
	return exponent * ln2High + (exponent * ln2Low + 2 * s * (1 + sum));
}

/** e to the power x, within 2 units in the last place or so; 0 and Infinity beyond the range of a double. */
export function exponential(x: number): number {
	if (x > 709) return Number.POSITIVE_INFINITY;
	if (x < -708) return 0;
	const power = Math.round(x / (ln2High + ln2Low));
	const rest = x - power * ln2High - power * ln2Low;
	let sum = 1;
	for (let term = 16; term >= 1; term--) sum = 1 + (sum * rest) / term;
	let scale = 1;
	for (let i = 0; i < Math.abs(power); i++) scale *= 2;
	return power < 0 ? sum / scale : sum * scale;
}
