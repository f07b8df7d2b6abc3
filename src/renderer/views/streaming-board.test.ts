/** What the view of streaming draws, read out of what players, edges and name servers stated. */
import { expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { audiencesOf, cachesOf, hopsOf, namedServersOf, playersOf, streamingFacts } from "./streaming-board.ts";

const idle = { services: ["player"] };
const plan = {
	...tinyPlan({ nodes: { laptop: idle, edge: idle, "names-1": idle, "names-2": idle }, links: [] }, new Map([["player", {} as never]])),
	names: [...streamingFacts],
};
let index = 0;
const says = (node: number, name: (typeof streamingFacts)[number], value: BoardEntry["value"], key = ""): BoardEntry => ({
	node,
	name: streamingFacts.indexOf(name),
	key,
	index: index++,
	atUs: 0,
	value,
});
const parts = (board: readonly BoardEntry[], down = -1) => ({
	plan,
	board,
	statusOf: (node: number) => (node === down ? ("down" as const) : ("up" as const)),
	nameOf: ({ name }: BoardEntry) => plan.names[name] ?? "",
});
const piece = (segment: number, play: string, from: string, hops: BoardEntry["value"]) =>
	says(0, "player.piece", { segment, play, from, tries: 1, tryUs: 30_000, hops }, String(segment));

test("a player shows the pieces and stalls of its present film only, in the order of the film", () => {
	const state = says(0, "player.state", { film: "movie", play: "1.2", phase: "playing", positionUs: 2_000_000, lengthUs: 60_000_000, stalls: 1 });
	const stalls = [says(0, "player.stall", { play: "1.1", positionUs: 1, us: 5 }, "1"), says(0, "player.stall", { play: "1.2", positionUs: 9, us: 7 }, "2")];
	const hops = [
		{ at: "edge", did: "miss", us: 20_000 },
		{ at: "origin", did: "read", us: 12_000 },
	];
	const pieces = [piece(1, "1.2", "b", [{ at: "edge", did: "hit", us: 500 }]), piece(0, "1.2", "a", hops), piece(7, "1.1", "z", [])];
	const [player] = playersOf(parts([...stalls, ...pieces, state]));
	expect(player).toMatchObject({ name: "laptop", film: "movie", servers: ["a", "b"], stallsAt: [{ positionUs: 9, us: 7 }] });
	expect(player?.pieces).toMatchObject([
		{ segment: 0, edge: "edge", did: "miss", edgeUs: 20_000, originUs: 12_000 },
		{ segment: 1, edge: "edge", did: "hit", edgeUs: 500, originUs: 0 },
	]);
});

test("a piece's way goes by the door and the edge to whoever had it, and each has the time that is its own", () => {
	const common = { segment: 0, from: "door", tries: 1, did: "miss", tryUs: 173_000, rendition: 0, kilobitsPerSecond: 0, index: 0 };
	const ways = [
		hopsOf({ ...common, edge: "edge", edgeUs: 28_000, originUs: 12_000, origin: "origin" }, "laptop"),
		hopsOf({ ...common, from: "edge", edge: "edge", did: "hit", edgeUs: 500, originUs: 0, origin: "" }, "laptop"),
		hopsOf({ ...common, from: "origin", edge: "", did: "", edgeUs: 0, originUs: 12_000, origin: "origin" }, "laptop"),
	];
	expect(ways.map((hops) => hops.map(({ at, ownUs }) => `${at} ${ownUs}`))).toEqual([
		["laptop 145000", "door null", "edge 16000", "origin 12000"],
		["laptop 172500", "edge 500"],
		["laptop 161000", "origin 12000"],
	]);
});

test("a cache's ratio counts those who waited for another's fetch as hits, and is none before anybody came", () => {
	expect(cachesOf(parts([says(1, "edge.cache", { policy: "lru", hits: 5, joined: 1, misses: 2 })]))).toMatchObject([{ name: "edge", ratio: 0.75 }]);
	expect(cachesOf(parts([says(1, "edge.cache", { hits: 0 })]))).toMatchObject([{ ratio: null }]);
});

test("a piece says how good its picture is, where that was told", () => {
	const state = says(0, "player.state", { film: "movie", play: "1" });
	const poor = says(0, "player.piece", { segment: 0, play: "1", from: "a", rendition: 2, kilobitsPerSecond: 64 }, "0");
	expect(playersOf(parts([poor, piece(1, "1", "a", []), state]))[0]?.pieces).toMatchObject([
		{ rendition: 2, kilobitsPerSecond: 64 },
		{ rendition: 0, kilobitsPerSecond: 0 },
	]);
});

test("name servers may disagree, and one that is down says nothing", () => {
	const board = [says(2, "names.server", { state: "up" }, "door"), says(3, "names.server", { state: "down" }, "door")];
	expect(namedServersOf(parts(board))).toMatchObject([
		{ server: "door", well: ["names-1"], wellIndexes: [board[0]?.index], notWell: ["names-2"], notWellIndexes: [board[1]?.index] },
	]);
	expect(namedServersOf(parts(board, 2))).toMatchObject([{ server: "door", well: [], notWell: ["names-2"] }]);
});

test("what is of another kind than expected is taken for nothing", () => {
	const board = [says(0, "player.state", 7), piece(0, "", "", { not: "a list" }), says(1, "edge.cache", null), says(0, "audience.state", [])];
	expect(playersOf(parts(board))[0]).toMatchObject({ film: "", pieces: [{ edge: "", did: "" }] });
	expect(cachesOf(parts(board))[0]).toMatchObject({ hits: 0, ratio: null });
	expect(audiencesOf(parts(board))[0]).toMatchObject({ viewers: 0 });
});
