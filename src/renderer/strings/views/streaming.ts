/** What the view of streaming says. */
const seconds = (us: number): string => `${(Math.round(us / 100_000) / 10).toFixed(1)} s`;
const clock = (us: number): string => {
	const whole = Math.floor(us / 1_000_000);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
const millis = (us: number): string => (us < 10_000 ? `${(us / 1_000).toFixed(1)} ms` : `${Math.round(us / 1_000)} ms`);

export const streamingStrings = {
	title: "Streaming",
	explains: "The film piece by piece: the server that each piece came from, and its way.",
	phases: { starting: "starting", playing: "playing", stalled: "standing still", finished: "seen to the end", failed: "given up", stopped: "stopped" } as {
		readonly [phase: string]: string;
	},
	noPlayer: "Nobody has pressed play",
	noPlayerHint: "The caches below are filled by other viewers meanwhile.",
	filmOf: (player: string, film: string) => `“${film}” at ${player}, piece by piece`,
	position: (atUs: number, lengthUs: number) => `${clock(atUs)} of ${clock(lengthUs)}`,
	neverStalled: "never stood still",
	stalled: (us: number, stalls: number) => `stood still ${seconds(us)} in ${stalls === 1 ? "1 stall" : `${stalls} stalls`}`,
	from: (server: string) => `from ${server}`,
	buffer: "Buffer",
	bufferText: (us: number) => `${seconds(us)} ahead`,
	strip: "Film, piece by piece, and the server that each came from",
	stripSummary: (servers: readonly string[]) => (servers.length === 0 ? "no piece has come yet" : `pieces from ${servers.join(", ")}`),
	servedBy: (server: string, pieces: number) => `${server}: ${pieces === 1 ? "1 piece" : `${pieces} pieces`}`,
	notYet: "not fetched",
	waiting: "fetched, not seen yet",
	stallAt: (us: number) => `stood still ${seconds(us)} here`,
	picture: (kilobits: number, rendition: number) => `${kilobits} kbit/s${rendition > 0 ? ", poorer picture" : ""}`,
	cameFrom: (from: string, kilobits: number, rendition: number) =>
		`from ${from}${kilobits > 0 ? `, ${kilobits} kbit/s` : ""}${rendition > 0 ? ", poorer picture" : ""}`,
	poorer: (pieces: number) => `${pieces === 1 ? "1 piece" : `${pieces} pieces`} in a poorer picture`,
	poorerPicture: "poorer picture",
	hops: "The way of the latest, hop by hop",
	piece: (number: number) => `piece ${number}`,
	chain: (piece: number) => `Machines on the way of piece ${piece}`,
	hop: { road: "road", passed: "passed it on", hit: "had it", miss: "fetched it,", joined: "waited", read: "read it," } as {
		readonly [did: string]: string;
	},
	wayParts: { road: "road", here: "edge", origin: "origin" },
	did: { hit: "had it", miss: "fetched it", joined: "waited for it" } as { readonly [did: string]: string },
	tries: (tries: number) => `${tries} tries`,
	millis,
	caches: "Caches",
	cacheColumns: { edge: "Edge", hits: "Hits", counts: "Had · waited · fetched", room: "Full" },
	cacheLegend: { hit: "hit", joined: "waited for another's", miss: "miss: fetched" },
	unused: "unused",
	counts: ({ hits, joined, misses }: { readonly hits: number; readonly joined: number; readonly misses: number }) => `${hits} · ${joined} · ${misses}`,
	ratioText: (ratio: number) => `${Math.round(ratio * 100)} %`,
	names: "What the name means",
	well: (server: string) => `${server} is well`,
	notWell: (server: string) => `${server} is not well`,
	says: (names: string) => `says ${names}`,
	audience: "Other viewers",
	watching: (playing: number, viewers: number) => `${playing} of ${viewers} watching`,
	standing: (stalled: number) => `${stalled} standing still`,
	finished: (finished: number) => `${finished} at the end`,
	stallsOf: (stalls: number) => (stalls === 0 ? "no stall so far" : stalls === 1 ? "1 stall so far" : `${stalls} stalls so far`),
} as const;
