import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import type { LinkView } from "../projection/snapshot.ts";
import { commonDelay, linkTexts } from "./link-words.ts";

const linksOf = (count: number, floorUs = 1_000, lossRatio = 0): Plan["links"] =>
	Array.from({ length: count }, () => ({ forward: { floorUs, lossRatio } })) as unknown as Plan["links"];
const viewOf = (...changes: string[]): LinkView => ({ changes }) as unknown as LinkView;

test("a link says what it takes and what it loses", () => {
	expect(linkTexts({ links: linksOf(1, 20_000) })).toEqual(["20 ms"]);
	expect(linkTexts({ links: linksOf(1, 20_000, 0.05) })).toEqual(["20 ms · loses 5 %"]);
});

test("what a command has changed is said as it is now", () => {
	expect(linkTexts({ links: linksOf(1) }, [viewOf("floorUs 30000", "lossRatio forward 0.5")])).toEqual(["30 ms · loses 50 %"]);
});

test("what most links take is said once, and not on each; what differs is", () => {
	const links = [...linksOf(20), ...linksOf(1, 50_000)];
	expect(commonDelay({ links })).toBe("1 ms");
	expect(linkTexts({ links }).filter((text) => text !== "")).toEqual(["50 ms"]);
	const views = links.map((_, i) => (i === 3 ? viewOf("floorUs 2000") : viewOf()));
	expect(linkTexts({ links }, views)[3]).toBe("2 ms");
});

test("so many links that they would hide the drawing are not written on, unless a command changed one", () => {
	const links = linksOf(200, 1_000);
	const views = links.map((_, i) => (i === 7 ? viewOf("lossRatio 0.1") : viewOf()));
	expect(linkTexts({ links }, views).flatMap((text, i) => (text === "" ? [] : [`${i} ${text}`]))).toEqual(["7 1 ms · loses 10 %"]);
});
