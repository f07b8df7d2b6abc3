/**
 * What a job can be: a program is a row of steps, each of which takes the state that the one before left
 * and really computes. A step depends on its number, the argument and that state alone, so it can be done
 * again on another machine with the same result. Pure.
 */
import type { PlainValue } from "../../core/node-api.ts";

export interface Program {
	readonly name: string;
	/** For `help`: what its argument means. */
	readonly usage: string;
	readonly argumentMin: number;
	readonly argumentMax: number;
	/** Infinity: it never ends by itself. */
	steps(argument: number): number;
	/** CPU time of a step at normal speed. */
	stepUs(step: number, argument: number): number;
	readonly initial: PlainValue;
	run(step: number, argument: number, state: PlainValue): PlainValue;
	answer(state: PlainValue, argument: number): string;
}

const candidatesPerStep = 50_000;
const candidateUs = 1;

/** How many primes there are from `from` up to, but without, `to` (a segment of the sieve of Eratosthenes). */
export function countPrimes(from: number, to: number): number {
	const start = Math.max(2, from);
	if (to <= start) return 0;
	const crossed = new Uint8Array(to - start);
	for (const prime of primesUpTo(Math.floor(Math.sqrt(to)))) {
		for (let multiple = Math.max(prime * prime, Math.ceil(start / prime) * prime); multiple < to; multiple += prime) crossed[multiple - start] = 1;
	}
	let count = 0;
	for (const mark of crossed) if (mark === 0) count++;
	return count;
}

function primesUpTo(last: number): number[] {
	const crossed = new Uint8Array(last + 1);
	const primes: number[] = [];
	for (let number = 2; number <= last; number++) {
		if (crossed[number] === 1) continue;
		primes.push(number);
		for (let multiple = number * number; multiple <= last; multiple += number) crossed[multiple] = 1;
	}
	return primes;
}

const primes: Program = {
	name: "primes",
	usage: "primes N: how many primes there are up to N",
	argumentMin: 1,
	argumentMax: 20_000_000,
	steps: (argument) => Math.ceil((argument + 1) / candidatesPerStep),
	stepUs: (step, argument) => candidateUs * Math.min(candidatesPerStep, argument + 1 - step * candidatesPerStep),
	initial: 0,
	run: (step, argument, state) => (state as number) + countPrimes(step * candidatesPerStep, Math.min(argument + 1, (step + 1) * candidatesPerStep)),
	answer: (state, argument) => `there are ${state as number} primes up to ${argument}`,
};

/** The longest chain of the Collatz rule that starts below N: work that cannot be cut into equal parts. */
function longestChain(from: number, to: number, best: readonly [start: number, length: number]): readonly [number, number] {
	let [start, longest] = best;
	for (let number = Math.max(1, from); number < to; number++) {
		let length = 1;
		for (let value = number; value !== 1; value = value % 2 === 0 ? value / 2 : 3 * value + 1) length++;
		if (length > longest) [start, longest] = [number, length];
	}
	return [start, longest];
}

const startsPerStep = 2_000;

const collatz: Program = {
	name: "collatz",
	usage: "collatz N: the longest chain of the 3n+1 rule that starts below N",
	argumentMin: 2,
	argumentMax: 1_000_000,
	steps: (argument) => Math.ceil(argument / startsPerStep),
	stepUs: () => 40_000,
	initial: [1, 1],
	run: (step, argument, state) => longestChain(step * startsPerStep, Math.min(argument, (step + 1) * startsPerStep), state as readonly [number, number]),
	answer: (state, argument) => {
		const [start, length] = state as readonly [number, number];
		return `the longest chain below ${argument} starts at ${start} and has ${length} numbers`;
	},
};

/** For classes: what becomes of a program that never ends. */
const forever: Program = {
	name: "forever",
	usage: "forever: never ends by itself",
	argumentMin: 0,
	argumentMax: 1_000_000,
	steps: () => Number.POSITIVE_INFINITY,
	stepUs: () => 50_000,
	initial: 0,
	run: (step) => step,
	answer: () => "",
};

export const programs: ReadonlyMap<string, Program> = new Map([primes, collatz, forever].map((program) => [program.name, program]));

/** Runs it here and now, from the first step to the last. */
export function answerOf({ steps, initial, run, answer }: Program, argument: number): string {
	let state = initial;
	for (let step = 0; step < steps(argument); step++) state = run(step, argument, state);
	return answer(state, argument);
}
