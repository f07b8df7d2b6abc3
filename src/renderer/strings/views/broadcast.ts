/** What the view of broadcast says. */
export const broadcastStrings = {
	title: "Broadcast",
	explains: "A column for each member: what it was given, in that order.",
	inOrder: "Nobody was given an effect before its cause",
	tooEarly: (count: number) => (count === 1 ? "1 message came before its cause" : `${count} messages came before their causes`),
	counts: (delivered: number, due: number) => `${delivered} of ${due} deliveries made`,
	order: "What each was given, the latest at the bottom",
	earlier: (count: number) => `${count} before`,
	nothing: "nothing yet",
	question: "?",
	answer: "↳",
	own: ", posted by itself",
	early: (cause: string) => `before ${cause}`,
	by: (sender: string) => `by ${sender}`,
	cost: "Deliveries a post, the mean",
	formula: "N − 1",
	legend: { question: "a question", answer: "an answer", own: "its own post", early: "given before a message that its sender had seen" },
} as const;
