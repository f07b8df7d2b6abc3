/** What the parts that views are made of say. */
export const viewParts = {
	waiting: "Nothing stated yet",
	waitingHint: "Play, or step: this view fills as the programs state facts.",
	status: { up: "up", booting: "starting", paused: "paused", down: "down" },
	node: "Node",
	showEvent: "Show the event that stated this",
} as const;
