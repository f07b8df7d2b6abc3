/**
 * Quantile function (inverse CDF) of the standard normal distribution. Used to build tables, never
 * per message. Pure.
 *
 * @source Wichura: Algorithm AS 241, The Percentage Points of the Normal Distribution, Applied
 * Statistics 37 (1988), routine PPND16: relative accuracy about 1 part in 10^16
 */
import { assert } from "../../shared/errors.ts";
import { naturalLog } from "./elementary.ts";

/** Numerator and denominator, highest power first. */
interface Rational {
	readonly above: readonly number[];
	readonly below: readonly number[];
}

/** For |p - 1/2| <= 0.425, in 0.425^2 - (p - 1/2)^2. */
const central: Rational = {
	above: [
		2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
		1.3314166789178437745e2, 3.387132872796366608,
	],
	below: [
		5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.871870074920579083e2,
		4.2313330701600911252e1, 1,
	],
};

/** For r = sqrt(-ln of the smaller tail) <= 5, in r - 1.6. */
const tail: Rational = {
	above: [
		7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
		4.6303378461565452959, 1.42343711074968357734,
	],
	below: [
		1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494,
		2.05319162663775882187, 1,
	],
};

/** Beyond, in r - 5. */
const farTail: Rational = {
	above: [
		2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2, 2.9656057182850489123e-1, 1.7848265399172913358,
		5.4637849111641143699, 6.6579046435011037772,
	],
	below: [
		2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 1.48753612908506148525e-2,
		1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
	],
};

function evaluate({ above, below }: Rational, x: number): number {
	let numerator = 0;
	for (const coefficient of above) numerator = numerator * x + coefficient;
	let denominator = 0;
	for (const coefficient of below) denominator = denominator * x + coefficient;
	return numerator / denominator;
}

/** @param p 0 < p < 1 */
export function normalQuantile(p: number): number {
	assert(p > 0 && p < 1, `the normal quantile at ${p}`);
	const q = p - 0.5;
	if (Math.abs(q) <= 0.425) return q * evaluate(central, 0.180625 - q * q);
	const r = Math.sqrt(-naturalLog(q < 0 ? p : 1 - p));
	const magnitude = r <= 5 ? evaluate(tail, r - 1.6) : evaluate(farTail, r - 5);
	return q < 0 ? -magnitude : magnitude;
}
