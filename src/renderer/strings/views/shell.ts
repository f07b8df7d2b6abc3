/** What the view of a laptop's shell says. */
export const shellStrings = {
	title: "Terminal",
	explains: "What the user sees is one system; below it, the machines that served the line.",
	terminal: (laptop: string) => `Terminal of ${laptop}`,
	prompt: "$",
	knows: (words: number) => `help tells of ${words === 1 ? "1 word" : `${words} words`}`,
	placeholder: "type a line, such as help",
	line: "Line to type",
	send: "Enter",
	waiting: "no answer yet",
	nothingTyped: "Nothing was typed here yet. The system has any number of machines, and you need not know one of them.",
	xray: "X-ray: who really served it",
	pick: "Choose a line of the terminal to see which machines served it.",
	noXray: "Nothing but this machine had a hand in it.",
	looking: "looking into the log",
	machine: "Machine",
	messages: "Messages",
	inOut: (received: number, sent: number) => `${received} in, ${sent} out`,
	cpu: "CPU",
	disk: "Disk",
	diskOf: ({ diskWrites, diskSyncs, diskReads }: { readonly diskWrites: number; readonly diskSyncs: number; readonly diskReads: number }) =>
		[
			[diskWrites, "written"],
			[diskSyncs, "synced"],
			[diskReads, "read"],
		]
			.filter(([count]) => count !== 0)
			.map(([count, what]) => `${count} ${what}`)
			.join(", ") || "–",
	share: "When",
	summary: (machines: number, messages: number, writes: number) =>
		`${machines === 1 ? "1 machine" : `${machines} machines`}, ${messages === 1 ? "1 message" : `${messages} messages`}, ${writes === 1 ? "1 disk write" : `${writes} disk writes`}`,
	truncated: "There was more than could be looked at.",
	suggestions: "What can follow",
	laptops: "Laptops",
} as const;
