/** What the papers say of rounds and of whom a rumour misses. Exact arithmetic only: logarithms are sums. */

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
