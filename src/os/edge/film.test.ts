import { expect, test } from "vitest";
import { contentFor, contentSum } from "../content.ts";
import { isFilmContent, parseFilmPath } from "./contract.ts";
import { isManifest, shapeOf } from "./film.ts";

test("a film is cut into whole segments, of the bytes that its bit rate says", () => {
	expect(shapeOf({ lengthUs: 61_500_000, segmentUs: 2_000_000, bitsPerSecond: 64_000 })).toEqual({ segments: 30, segmentUs: 2_000_000, segmentBytes: 16_000 });
	expect(shapeOf({ lengthUs: 10, segmentUs: 2_000_000, bitsPerSecond: 1 })).toMatchObject({ segments: 1, segmentBytes: 1 });
});

test("no two pieces of films are alike, and a piece is always the same", () => {
	const sums = ["movie", "news"].flatMap((film) => [0, 1, 2, 3].map((segment) => contentSum(contentFor(film, segment, 100))));
	expect(new Set(sums).size).toBe(8);
	expect(contentSum(contentFor("movie", 3, 100))).toBe(sums[3]);
});

test("a checksum notices a byte", () => {
	const piece = contentFor("movie", 1, 50);
	const sum = contentSum(piece);
	piece[20] = (piece[20] as number) ^ 1;
	expect(contentSum(piece)).not.toBe(sum);
});

test.each([
	["/movie/manifest", { film: "movie", part: "manifest", rendition: 0 }],
	["/movie/17", { film: "movie", part: 17, rendition: 0 }],
	["/movie/17/2", { film: "movie", part: 17, rendition: 2 }],
	["/movie/17/x", undefined],
	["/movie/manifest/1", undefined],
	["/movie", undefined],
	["/movie/-1", undefined],
	["/movie/123456", undefined],
	["/../etc/1", undefined],
	["/a b/1", undefined],
	[`/${"x".repeat(65)}/1`, undefined],
])("the path %s means %o", (path, meant) => {
	expect(parseFilmPath(path)).toEqual(meant);
});

test.each([
	null,
	7,
	{},
	{ segments: 2, segmentUs: 1, segmentBytes: 1, checksums: [1] },
	{ segments: 1e9, segmentUs: 1, segmentBytes: 1, checksums: [] },
	{ segments: 1, segmentUs: 0, segmentBytes: 1, checksums: [1] },
	{ segments: 1, segmentUs: 1, segmentBytes: 1, checksums: ["1"] },
	{ segments: 1, segmentUs: 1, segmentBytes: 1, checksums: [1], poorer: [{ segmentBytes: 1, checksums: [] }] },
	{ segments: 1, segmentUs: 1, segmentBytes: 1, checksums: [1], poorer: 1 },
	{ segments: 1, segmentUs: 1, segmentBytes: 1, checksums: [1], poorer: Array.from({ length: 5 }, () => ({ segmentBytes: 1, checksums: [1] })) },
])("%o is no manifest", (value) => {
	expect(isManifest(value)).toBe(false);
});

test.each([null, { data: "text", hops: [] }, { data: new Uint8Array(1) }, { data: new Uint8Array(1), hops: Array.from({ length: 9 }, () => ({})) }])(
	"%o is no content of a film",
	(value) => {
		expect(isFilmContent(value)).toBe(false);
	},
);
