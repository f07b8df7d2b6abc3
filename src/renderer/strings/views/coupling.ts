/** What the view of one box or many says. */
const times = (ratio: number): string => String(Number(ratio.toPrecision(ratio < 100 ? 2 : 3)));

export const couplingStrings = {
	title: "One box or many",
	explains: "The same works by threads on one memory, and by machines with messages.",
	work: { counter: "Counter", sum: "Sum", matrix: "Product of matrices" } as { readonly [work: string]: string },
	world: { box: "one memory", many: "messages" } as { readonly [world: string]: string },
	inRun: "In this run, in its own time",
	axis: "each tick: ×1000",
	notBegun: "not begun",
	working: "at work",
	right: "right",
	wrong: (got: number, expected: number) => `${got} instead of ${expected}`,
	allRight: (done: number, all: number) => (done === all ? "Both worlds give the same answers" : `${done} of ${all} works are done, all right`),
	noneYet: "Nothing is done yet",
	someWrong: (count: number) => (count === 1 ? "1 answer is wrong" : `${count} answers are wrong`),
	slower: (ratio: number) => `by messages ${times(ratio)} times as long`,
	faster: (ratio: number) => `by messages ${times(ratio)} times as fast`,
	touches: { box: (count: number) => `${count} accesses`, many: (count: number) => `${count} messages` } as {
		readonly [world: string]: (count: number) => string;
	},
	measured: {
		title: "On this computer, measured",
		is: "Real threads, timed by this computer's own clock: never part of a run, and different each time.",
		start: "Measure this computer",
		again: "Measure again",
		cancel: "Call off",
		going: (done: number, total: number) => `Measuring, ${done} of ${total}`,
		cancelled: "The measurement was called off.",
		by: (threads: number, cores: number) => `${threads} threads, ${cores === 1 ? "1 processor" : `${cores} processors`}`,
		touch: "Touching once what all share",
		sum: (items: number) => `Adding up ${items / 1e6} million numbers`,
		matrix: (order: number) => `Multiplying ${order} × ${order}`,
		race: "Counting together",
		withAtomics: "atomic steps",
		without: "without",
		counted: (lostRatio: number) => (lostRatio === 0 ? "nothing lost" : `${Number((lostRatio * 100).toPrecision(2))} % lost`),
		noneLost: "This time the threads never met, and nothing was lost by luck. Measure again.",
		crash: "When one of them dies",
		shared: (isLockFree: boolean, waitedMs: number) =>
			isLockFree
				? "one memory: the others go on"
				: `one memory: it died with the lock, and the others wait for ever (${Math.round(waitedMs)} ms, then given up)`,
		messages: (isAnswered: boolean) => (isAnswered ? "messages: the others answer as before" : "messages: nobody answers"),
		wrong: "an answer is wrong",
	},
} as const;
