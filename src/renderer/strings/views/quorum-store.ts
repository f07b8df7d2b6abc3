/** What the view of the quorum store says. */
export const quorumStrings = {
	title: "Quorum",
	copies: (key: string) => `Copies of ${key}`,
	columns: { node: "Node", versions: "Versions it keeps", items: "Items", state: "" },
	version: (by: string, items: number) => `${by} · ${items}`,
	versionHint: (by: string, items: number, vector: string) => `written by ${by}; ${items} items; includes ${vector}`,
	same: "as the others",
	behind: (missing: number) => (missing === 0 ? "other versions" : missing === 1 ? "1 item behind" : `${missing} items behind`),
	siblings: (count: number) => `${count} side by side`,
	hint: (key: string, owner: string, items: number) => `${key} for ${owner}: ${items} items`,
	standIns: "Kept for others until they are back",
	equal: "All copies are equal",
	different: (keys: number) => (keys === 1 ? "1 key has copies that differ" : `${keys} keys have copies that differ`),
	lost: (items: number) => (items === 1 ? "1 item went, and nobody had seen it" : `${items} items went, and nobody had seen them`),
	losses: "Items that went",
	loss: (of: string, winner: string) => `from ${of}; ${winner} wrote what stays`,
	acknowledged: "acknowledged",
} as const;
