/**
 * What the view of streaming draws, read out of what players, edges, name servers and audiences state. Only the
 * film that a player shows now: pieces and stalls of an earlier one are left out. Pure.
 */
import type { PlainValue } from "../../shared/codec.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { listIn, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const streamingFacts = ["player.state", "player.piece", "player.stall", "edge.cache", "names.server", "audience.state"] as const;

export interface Piece {
	readonly segment: number;
	readonly from: string;
	readonly tries: number;
	/** All that the try which succeeded took. */
	readonly tryUs: number;
	/** The edge that answered, what it did, and how long it and the origin behind it took; "" and 0 where there was none. */
	readonly edge: string;
	readonly did: string;
	readonly edgeUs: number;
	readonly originUs: number;
	/** Who had it at last; "" where the edge had it. */
	readonly origin: string;
	/** How good its picture is: 0 is the best that there is. */
	readonly rendition: number;
	/** Of its picture; 0: not told. */
	readonly kilobitsPerSecond: number;
	readonly index: number;
}

/** A machine on a piece's way, and the time that is its own: without what the next ones took. */
export interface Hop {
	readonly at: string;
	readonly did: string;
	/** Null: the road and what was waited for on it. */
	readonly ownUs: number | null;
}

export interface Stall {
	/** Event that stated it. */
	readonly index: number;
	readonly positionUs: number;
	readonly us: number;
}

export interface PlayerState {
	readonly node: number;
	readonly name: string;
	readonly film: string;
	readonly phase: string;
	readonly positionUs: number;
	readonly bufferedUs: number;
	readonly bufferMaxUs: number;
	readonly lengthUs: number;
	readonly stalls: number;
	readonly stalledUs: number;
	readonly server: string;
	readonly index: number;
	/** In the order of the film. */
	readonly pieces: readonly Piece[];
	readonly stallsAt: readonly Stall[];
	/** Servers, in the order in which they were first used. */
	readonly servers: readonly string[];
}

export interface CacheState {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	readonly policy: string;
	readonly bytes: number;
	readonly capacityBytes: number;
	readonly hits: number;
	readonly joined: number;
	readonly misses: number;
	/** Requests that did not go to the origin; null: none came. */
	readonly ratio: number | null;
	readonly index: number;
}

export interface NamedServer {
	readonly server: string;
	/** Name servers that say so, by verdict. */
	readonly well: readonly string[];
	readonly notWell: readonly string[];
	/** Events that stated it. */
	readonly wellIndexes: readonly number[];
	readonly notWellIndexes: readonly number[];
}

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

function entriesOf({ board, nameOf }: Parts, name: (typeof streamingFacts)[number]): readonly BoardEntry[] {
	return board.filter((entry) => nameOf(entry) === name);
}

export function playersOf(parts: Parts): readonly PlayerState[] {
	const pieces = entriesOf(parts, "player.piece");
	const stalls = entriesOf(parts, "player.stall");
	return entriesOf(parts, "player.state")
		.map((state) => playerOf(state, { pieces, stalls, name: parts.plan.nodes[state.node]?.name ?? "" }))
		.sort((a, b) => a.node - b.node);
}

interface Stated {
	readonly pieces: readonly BoardEntry[];
	readonly stalls: readonly BoardEntry[];
	readonly name: string;
}

function playerOf({ node, value, index }: BoardEntry, stated: Stated): PlayerState {
	const play = textIn(value, "play");
	const isOfThis = (entry: BoardEntry): boolean => entry.node === node && textIn(entry.value, "play") === play;
	const pieces = stated.pieces
		.filter(isOfThis)
		.map(pieceOf)
		.sort((a, b) => a.segment - b.segment);
	return {
		node,
		name: stated.name,
		film: textIn(value, "film"),
		phase: textIn(value, "phase"),
		positionUs: numberIn(value, "positionUs"),
		bufferedUs: numberIn(value, "bufferedUs"),
		bufferMaxUs: numberIn(value, "bufferMaxUs"),
		lengthUs: numberIn(value, "lengthUs"),
		stalls: numberIn(value, "stalls"),
		stalledUs: numberIn(value, "stalledUs"),
		server: textIn(value, "server"),
		index,
		pieces,
		stallsAt: stated.stalls
			.filter(isOfThis)
			.map((stall) => ({ index: stall.index, positionUs: numberIn(stall.value, "positionUs"), us: numberIn(stall.value, "us") })),
		servers: [...new Set(pieces.map(({ from }) => from))],
	};
}

function pieceOf({ value, index }: BoardEntry): Piece {
	const [edge, origin] = listIn(value, "hops");
	const isOrigin = (hop: PlainValue | undefined): boolean => textIn(hop, "did") === "read";
	return {
		segment: numberIn(value, "segment"),
		from: textIn(value, "from"),
		tries: numberIn(value, "tries"),
		tryUs: numberIn(value, "tryUs"),
		edge: isOrigin(edge) ? "" : textIn(edge, "at"),
		did: isOrigin(edge) ? "" : textIn(edge, "did"),
		edgeUs: isOrigin(edge) ? 0 : numberIn(edge, "us"),
		originUs: isOrigin(edge) ? numberIn(edge, "us") : numberIn(origin, "us"),
		origin: textIn(isOrigin(edge) ? edge : origin, "at"),
		rendition: numberIn(value, "rendition"),
		kilobitsPerSecond: numberIn(value, "kilobitsPerSecond"),
		index,
	};
}

/** From the player to the one that had the piece, as far as they have told. */
export function hopsOf({ from, edge, did, tryUs, edgeUs, originUs, origin }: Piece, player: string): readonly Hop[] {
	const door = from === edge || from === origin ? [] : [{ at: from, did: "passed", ownUs: null }];
	return [
		{ at: player, did: "road", ownUs: Math.max(0, tryUs - Math.max(edgeUs, originUs)) },
		...door,
		...(edge === "" ? [] : [{ at: edge, did, ownUs: Math.max(0, edgeUs - originUs) }]),
		...(origin === "" ? [] : [{ at: origin, did: "read", ownUs: originUs }]),
	];
}

export function cachesOf(parts: Parts): readonly CacheState[] {
	return entriesOf(parts, "edge.cache")
		.map(({ node, value, index }) => {
			const [hits, joined, misses] = [numberIn(value, "hits"), numberIn(value, "joined"), numberIn(value, "misses")];
			const all = hits + joined + misses;
			const common = { node, name: parts.plan.nodes[node]?.name ?? "", status: parts.statusOf(node), policy: textIn(value, "policy"), index };
			const room = { bytes: numberIn(value, "bytes"), capacityBytes: numberIn(value, "capacityBytes") };
			return { ...common, ...room, hits, joined, misses, ratio: all === 0 ? null : (hits + joined) / all };
		})
		.sort((a, b) => a.node - b.node);
}

export function namedServersOf(parts: Parts): readonly NamedServer[] {
	const stated = entriesOf(parts, "names.server").filter(({ node }) => parts.statusOf(node) === "up");
	const servers = [...new Set(stated.map(({ key }) => key))].sort();
	const whoSays = (server: string, isWell: boolean): readonly BoardEntry[] =>
		stated.filter(({ key, value }) => key === server && (textIn(value, "state") === "up") === isWell);
	const namesOf = (entries: readonly BoardEntry[]): readonly string[] => entries.map(({ node }) => parts.plan.nodes[node]?.name ?? "");
	const indexesOf = (entries: readonly BoardEntry[]): readonly number[] => entries.map(({ index }) => index);
	return servers.map((server) => {
		const [well, notWell] = [whoSays(server, true), whoSays(server, false)];
		return { server, well: namesOf(well), notWell: namesOf(notWell), wellIndexes: indexesOf(well), notWellIndexes: indexesOf(notWell) };
	});
}

export interface AudienceState {
	readonly name: string;
	readonly viewers: number;
	readonly playing: number;
	readonly stalled: number;
	readonly finished: number;
	readonly stalls: number;
	readonly index: number;
}

export function audiencesOf(parts: Parts): readonly AudienceState[] {
	return entriesOf(parts, "audience.state").map(({ node, value, index }) => ({
		name: parts.plan.nodes[node]?.name ?? "",
		viewers: numberIn(value, "viewers"),
		playing: numberIn(value, "playing"),
		stalled: numberIn(value, "stalled"),
		finished: numberIn(value, "finished"),
		stalls: numberIn(value, "stalls"),
		index,
	}));
}
