/**
 * The words on a film's way: what names mean, and the paths of films in the small HTTP (os/http/contract.ts).
 * Plain data; whoever serves it reads it as hostile.
 */
import type { PlainValue } from "../../shared/codec.ts";

/** `names.resolve`: asks for a name's addresses; answered with a Resolution. */
export const resolveMessage = "names.resolve";
export const nameServiceName = "name-service";

/** Addresses best first; none when the name means nothing, or when nobody is well. Good for `ttlUs`. */
export type Resolution = { readonly addresses: readonly string[]; readonly ttlUs: number };

export function isResolution(value: unknown): value is Resolution {
	if (typeof value !== "object" || value === null) return false;
	const { addresses, ttlUs } = value as { readonly [field: string]: PlainValue | undefined };
	return Array.isArray(addresses) && addresses.every((address) => typeof address === "string") && Number.isSafeInteger(ttlUs) && (ttlUs as number) >= 0;
}

/** Answered by whoever is well. */
export const healthPath = "/health";

/** `rendition`: 0 is the film as it was made, higher numbers are poorer pictures. */
export type FilmPath = { readonly film: string; readonly part: "manifest" | number; readonly rendition: number };

export const manifestPath = (film: string): string => `/${film}/manifest`;
export const segmentPath = (film: string, segment: number, rendition: number): string => `/${film}/${segment}${rendition === 0 ? "" : `/${rendition}`}`;

/** @returns undefined when it is no path of a film */
export function parseFilmPath(path: string): FilmPath | undefined {
	const match = /^\/([A-Za-z0-9_-]{1,64})\/(?:manifest|(\d{1,5})(?:\/(\d))?)$/.exec(path);
	if (match === null) return undefined;
	const [, film = "", segment, rendition = "0"] = match;
	return { film, part: segment === undefined ? "manifest" : Number(segment), rendition: Number(rendition) };
}

/** Where an answer has been and how long, farthest last (the idea of the Server-Timing field, W3C). */
export type Hop = { readonly at: string; readonly did: "hit" | "miss" | "joined" | "read"; readonly us: number };

/** An answer's content. The manifest is `data` too, encoded. */
export type FilmContent = { readonly data: Uint8Array; readonly hops: readonly Hop[] };

const hopsMax = 8;

export function isFilmContent(value: unknown): value is FilmContent {
	if (typeof value !== "object" || value === null) return false;
	const { data, hops } = value as { readonly [field: string]: unknown };
	return data instanceof Uint8Array && Array.isArray(hops) && hops.length <= hopsMax;
}
