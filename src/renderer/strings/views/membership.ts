/** What the view of membership says. */
export const membershipStrings = {
	title: "Membership",
	explains: "A row for what each node believes of the others. The top row is the truth.",
	matrix: "Who thinks what of whom",
	head: "thinks of",
	truth: "is really",
	self: "itself",
	states: { alive: "alive", suspected: "suspected", dead: "dead" } as { readonly [state: string]: string },
	opinion: (by: string, of: string, state: string, life: number, incarnation: number) =>
		`${by} holds ${of} ${state}${life > 0 ? `; last word: life ${life}, number ${incarnation}` : ", and has never heard of it"}`,
	wrong: (text: string) => `${text}; it is up`,
	allAgree: "All that are up hold each other alive",
	suspected: (count: number) => (count === 1 ? "1 suspicion" : `${count} suspicions`),
	buried: (names: readonly string[]) => `${names.join(", ")} ${names.length === 1 ? "lives and is" : "live and are"} held dead`,
	unnoticed: (name: string, by: number) => `${by === 1 ? "1 still holds" : `${by} still hold`} ${name} alive, and it is down`,
	legend: { alive: "alive", suspected: "suspected", dead: "dead", wrong: "wrong: it is up" },
} as const;
