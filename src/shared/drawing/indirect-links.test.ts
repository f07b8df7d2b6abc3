import { describe, expect, test } from "vitest";
import { indirectLinks, type PassedMessage } from "./indirect-links.ts";

const message = (from: number, to: number, sentIndex: number, endIndex: number): PassedMessage => ({
	from,
	to,
	sentIndex,
	endIndex,
	fate: endIndex < 0 ? "underWay" : "delivered",
});
const linksWithout = (hidden: readonly number[], messages: readonly PassedMessage[]): readonly string[] =>
	indirectLinks(messages, (node) => !hidden.includes(node)).map(({ first, last }) => `${first.from}@${first.sentIndex} ${last.to}@${last.endIndex}`);

describe("with a lane hidden", () => {
	const throughTwo = [message(0, 1, 0, 3), message(1, 2, 5, 8)];

	test("what it passed on is one link from where it is seen to where it is seen", () => {
		expect(linksWithout([1], throughTwo)).toEqual(["0@0 2@8"]);
		expect(linksWithout([], throughTwo)).toEqual([]);
	});

	test("what it had sent before it heard of something passes nothing on", () => {
		expect(linksWithout([1], [message(0, 1, 0, 6), message(1, 2, 5, 8)])).toEqual([]);
	});

	test("a way through several hidden lanes is one link", () => {
		expect(linksWithout([1, 2], [message(0, 1, 0, 1), message(1, 2, 2, 3), message(2, 3, 4, 5)])).toEqual(["0@0 3@5"]);
	});

	test("only the latest of a node counts, and the same is told to a lane once", () => {
		const chatty = [message(0, 1, 0, 1), message(0, 1, 2, 3), message(1, 2, 4, 5), message(1, 2, 6, 7)];
		expect(linksWithout([1], chatty)).toEqual(["0@2 2@5"]);
	});

	test("an answer to oneself, and what was lost, are no links", () => {
		expect(linksWithout([1], [message(0, 1, 0, 1), message(1, 0, 2, 3)])).toEqual([]);
		expect(linksWithout([1], [message(0, 1, 0, -1), message(1, 2, 2, 3)])).toEqual([]);
		const lost = { ...message(0, 1, 0, 1), fate: "lost" };
		expect(linksWithout([1], [lost, message(1, 2, 2, 3)])).toEqual([]);
		expect(linksWithout([1], [message(0, 1, 0, 1), { ...message(1, 2, 2, 3), fate: "lost" }])).toEqual([]);
	});
});
