/** What the papers say of rounds and of whom a rumour misses. Exact arithmetic only: logarithms are sums. */

import type { GossipMode } from "./spreading.ts";

const eulerMascheroni = 0.577_215_664_901_532_9;

/** The natural logarithm of a whole number, to six digits from 2 on: harmonic numbers approach it. */
export function lnOf(n: number): number {
	if (n <= 1) return 0;
	let sum = 0;
	for (let k = 1; k <= n; k++) sum += 1 / k;
	return sum - eulerMascheroni - 1 / (2 * n) + 1 / (12 * n * n) - 1 / (120 * n * n * n * n);
}

/**
 * Rounds until everybody knows, by push: log2 n + ln n, and a constant.
 * @source Pittel, On Spreading a Rumor (SIAM J. Applied Mathematics 1987)
 */
export function pushRounds(members: number): number {
	// ln 2, to more digits than a whole number as small as 2 would give.
	const ln2 = lnOf(1_024) / 10;
	return lnOf(members) / ln2 + lnOf(members);
}

/**
 * How many know after each round, from round 0 on, when calls go to members chosen at random and nothing is lost:
 * the mean of a large group. By push, whoever does not know is missed by each that knows with 1 - 1/(n-1); by
 * pull it stays in the dark if the one it asks is. The list ends when all but half a member know.
 * @source Demers and others (1987), section 1.3
 */
export function expectedSpread(mode: GossipMode, members: number, roundsMax: number): readonly number[] {
	const others = Math.max(1, members - 1);
	const knowing = [Math.min(1, members)];
	for (let round = 1, dark = members - 1; round <= roundsMax && dark > 0.5; round++) {
		const informed = members - dark;
		const missed = mode === "pull" ? 1 : wholePower(1 - 1 / others, informed);
		const inVain = mode === "push" ? 1 : Math.max(0, dark - 1) / others;
		dark *= missed * inVain;
		knowing.push(members - dark);
	}
	return knowing;
}

/** Between two whole powers on a straight line. */
function wholePower(base: number, exponent: number): number {
	let power = 1;
	for (let count = 1; count <= exponent; count++) power *= base;
	return power * (1 - (exponent - Math.floor(exponent)) * (1 - base));
}

/**
 * The part of the members that never hears of it when everybody loses interest after `interest` calls in
 * vain: the root of s = e^(-(k+1)(1-s)), about 20 % for k = 1 and 6 % for k = 2.
 * @source Demers and others (1987), section 1.4
 */
export function residue(interest: number): number {
	let low = 0;
	// Above this the root is 1, which always is one.
	let high = 0.5;
	for (let step = 0; step < 60; step++) {
		const middle = (low + high) / 2;
		if (middle > expOfMinus((interest + 1) * (1 - middle))) high = middle;
		else low = middle;
	}
	return low;
}

/** e^-x for 0 <= x <= 100, by its series at a small part of x, squared back. */
function expOfMinus(x: number): number {
	const halvings = 10;
	const part = x / 1_024;
	let value = 1;
	let term = 1;
	for (let k = 1; k <= 12; k++) {
		term *= -part / k;
		value += term;
	}
	for (let step = 0; step < halvings; step++) value *= value;
	return value;
}
