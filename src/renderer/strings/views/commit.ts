/** What the view of atomic commitment says. */
export const commitStrings = {
	title: "Commit",
	explains: "A row for each transaction: its cells must all end the same way.",
	protocols: { "two-phase": "two phases", "three-phase": "three phases", paxos: "Paxos Commit" } as { readonly [protocol: string]: string },
	blocked: (count: number, coordinator: string, duration: string) =>
		`${count === 1 ? "1 promise" : `${count} promises`} blocked, ${duration} so far: ${coordinator} is down`,
	torn: (numbers: readonly number[]) => `Torn: ${numbers.map((number) => `T${number}`).join(", ")} committed by one, aborted by another`,
	fine: "All or nothing, so far",
	counts: (committed: number, aborted: number) => `${committed} committed, ${aborted} aborted`,
	transactions: "Transactions, latest first",
	transaction: "No.",
	number: (number: number) => `T${number}`,
	states: {
		none: "–",
		asking: "asking",
		votedYes: "prepared",
		votedNo: "voted no",
		precommitted: "precommitted",
		commit: "committed",
		abort: "aborted",
	},
	doubt: (state: string, duration: string) => `${state}, in doubt ${duration}`,
	blockedNow: "blocked",
	messages: (number: number) => `Messages of T${number}`,
	formulas: { "two-phase": "4 (N − 1)", "three-phase": "6 (N − 1)", paxos: "N (F+3) − 2 + N − 1" } as { readonly [protocol: string]: string },
} as const;
