/**
 * What a player states of the film it shows, and the promise judged by it: the film is the film, piece after
 * piece, whichever server each came from. The judge knows the film by itself (film.ts). Pure.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { contentFor, contentSum } from "../content.ts";

/** Stated whenever a piece comes into the picture. `play` counts films begun at this node, over all its boots. */
export const playedFact = "player.played";

export type PlayedFact = {
	readonly film: string;
	readonly play: string;
	readonly segment: number;
	readonly segments: number;
	readonly bytes: number;
	readonly checksum: number;
};

function trueFilm(): InvariantFold {
	/** Piece that has to come next, by node and play. */
	const expected = new Map<string, number>();
	return {
		onFact({ node, value, atUs }: Fact): string | null {
			const { film, play, segment, bytes, checksum } = value as PlayedFact;
			const place = `${node} ${play}`;
			const due = expected.get(place) ?? 0;
			expected.set(place, segment + 1);
			if (segment !== due) return `${node} showed piece ${segment} of ${film} at ${formatDurationUs(atUs)}, and piece ${due} was due`;
			if (checksum === contentSum(contentFor(film, segment, bytes))) return null;
			return `piece ${segment} of ${film}, as ${node} showed it at ${formatDurationUs(atUs)}, is not what the origin has`;
		},
	};
}

export const playerInvariants: readonly Invariant[] = [
	{
		name: "player.trueFilm",
		shows: "The film is shown piece after piece, none left out, none twice, and every piece is what the origin has.",
		facts: [playedFact],
		start: trueFilm,
	},
];
