/** Every service that has a view of its own, and a lab with an instant that is telling in it. */
export interface ToldView {
	/** The view's file, without its ending. */
	readonly view: string;
	/** Its tab. */
	readonly tab: string;
	readonly lab: string;
	readonly variant?: string;
	readonly until: string;
	/** What nobody could show who was not fed. */
	readonly sees: readonly RegExp[];
	/** Things that are drawn, and how many at least. */
	readonly draws: readonly [selector: string, least: number];
}

/** Read off the runs as they are with seed 1; numbers that a service may well change are left open. */
export const toldViews: readonly ToldView[] = [
	{
		view: "broadcast",
		tab: "Broadcast",
		lab: "causal-broadcast",
		variant: "plain",
		until: "3s",
		sees: [/\d+ messages came before their causes/, /node-\d #\d+/],
		draws: [".broadcast-message", 20],
	},
	{
		view: "carts",
		tab: "Carts",
		lab: "shopping-cart",
		variant: "in-memory",
		until: "8s",
		sees: [/\d+ things? lost from \d+ carts?/, /\d+ carts gone with its memory/, /lost: \w+/],
		draws: [".carts-cell.is-there", 12],
	},
	{ view: "clocks", tab: "Clocks", lab: "clock-sync", until: "8s", sees: [/Every bound is kept/, /12:00:08\.\d{3}/, /± \d/], draws: [".clocks-face", 4] },
	{
		view: "commit",
		tab: "Commit",
		lab: "two-phase-commit",
		until: "2300ms",
		sees: [/promises? blocked, .* so far: coordinator is down/, /4 \(N − 1\)/],
		draws: [".commit-cell", 12],
	},
	{
		view: "coupling",
		tab: "One box or many",
		lab: "one-box-or-many",
		until: "4s",
		sees: [/Both worlds give the same answers/, /by messages [\d.]+ times as long/, /\d+ accesses/, /never part of a run/],
		draws: [".log-fill", 6],
	},
	{
		view: "deadlock",
		tab: "Deadlock",
		lab: "deadlock",
		variant: "nobody-looks",
		until: "5s",
		sees: [/Ring: node-\d → node-\d/, /stuck [\d.]+ s/],
		draws: [".deadlock-edge.is-ring", 2],
	},
	{
		view: "drives",
		tab: "Drives",
		lab: "ten-thousand-drives",
		until: "6d",
		sees: [/day 6 of 6/, /3 copies, drives chosen at random/, /Drives\s*10000/],
		draws: [".uplot canvas", 4],
	},
	{
		view: "elections",
		tab: "Election",
		lab: "elections",
		until: "4600ms",
		sees: [/node-4 leads: 4 of 4 that are up follow it/, /n² − n − 1/, /as in the book/],
		draws: [".view-grid tbody tr", 5],
	},
	{
		view: "files",
		tab: "Files",
		lab: "three-copies",
		until: "22s",
		sees: [/\d blocks lack copies/, /photo\.jpg/, /ireland-3/, /2 of 3/],
		draws: ["button.files-chip", 12],
	},
	{ view: "gossip", tab: "Gossip", lab: "gossip", until: "600ms", sees: [/All 32 have heard it, the last in round \d/], draws: [".gossip-cell", 32] },
	{
		view: "jobs",
		tab: "Jobs",
		lab: "server-on-fire",
		until: "14s",
		sees: [/1 job runs/, /taken over/, /saved at step \d+/, /machine-\d went on for machine-\d, from step \d+/],
		draws: [".jobs-stretch:not(.is-key)", 1],
	},
	{
		view: "membership",
		tab: "Membership",
		lab: "failure-detectors",
		until: "4600ms",
		sees: [/\d suspicions/, /is really/],
		draws: ["button.members-cell.is-suspected", 4],
	},
	{ view: "mutual-exclusion", tab: "Exclusion", lab: "mutual-exclusion", until: "4s", sees: [/\d+ entries so far/], draws: [".view-grid tbody tr", 3] },
	{
		view: "pair",
		tab: "Pair",
		lab: "split-brain",
		variant: "naive-pair",
		until: "12s",
		sees: [/Both serve at once/, /\d+ records belong to two/, /promised, lost/],
		draws: [".pair-was", 3],
	},
	{
		view: "quorum-store",
		tab: "Quorum",
		lab: "leaderless",
		until: "16s",
		sees: [/copies that differ/, /Copies of cart-1/, /behind/],
		draws: [".quorum-version", 6],
	},
	{
		view: "raft",
		tab: "Raft",
		lab: "leader-election",
		until: "4100ms",
		sees: [/server-\d leads, term \d/, /4 of 5 servers up/, /voted for server-\d/],
		draws: [".raft-cell.is-committed", 20],
	},
	{
		view: "shell",
		tab: "Terminal",
		lab: "budget-pdf",
		until: "11s",
		sees: [/save budget\.pdf 24KB/, /exactly as it was saved/, /\d machines, \d+ messages/],
		draws: [".xray-when", 2],
	},
	{ view: "snapshot", tab: "Bank", lab: "bank-snapshot", until: "2600ms", sees: [/All \d snapshots show all of it/, /= 5 000/], draws: [".bank-piece", 5] },
	{
		view: "streaming",
		tab: "Streaming",
		lab: "movie-night",
		until: "26s",
		sees: [/playing/, /never stood still/, /chicago-door: \d+ pieces/, /chicago-door is not well/, /read it, \d+ ms/],
		draws: [".streaming-cell.is-seen", 10],
	},
];
