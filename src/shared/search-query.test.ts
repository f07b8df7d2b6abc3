import { describe, expect, test } from "vitest";
import { tinyPlan } from "../../test/support/tiny-plan.ts";
import { completeSearch, isMistake, matches, parseSearch, type SearchableEvent, type SearchQuery } from "./search-query.ts";

const idle = { services: [] };
const plan = tinyPlan({ nodes: { crowd: idle, "web-1": idle, "web-2": idle, "web-3": idle }, links: [{ a: "crowd", b: "web-1" }] }, new Map());

function read(line: string): SearchQuery {
	const query = parseSearch(line, plan);
	if (isMistake(query)) throw new Error(query.said);
	return query;
}

const delivered: SearchableEvent = { kind: "messageDelivered", node: 3, peer: 0, atUs: 6_000_000, text: "crowd#4 reaches web-3: http.response 503" };

describe("a search", () => {
	test("joins its terms by and", () => {
		const query = read("node=web-3 kind=message text~/50[0-9]/");
		expect(matches(query, delivered)).toBe(true);
		expect(matches(query, { ...delivered, kind: "logLine" })).toBe(false);
		expect(matches(query, { ...delivered, text: "200" })).toBe(false);
		expect(matches(query, { ...delivered, node: 2, peer: 1 })).toBe(false);
	});

	test("takes the ampersands of other tools", () => {
		expect(matches(read("node=web-3 && text=/50./"), delivered)).toBe(true);
	});

	test("finds a message by either end", () => {
		expect(matches(read("node=crowd"), delivered)).toBe(true);
	});

	test("takes globs, lists, families of kinds and instants", () => {
		expect(read("node=web-*").nodes).toEqual([1, 2, 3]);
		expect(read("node=web-1,web-2").nodes).toEqual([1, 2]);
		expect(read("kind=drop").kinds).toEqual(["messageDropped"]);
		expect(read("at>=2s at<5s")).toMatchObject({ fromUs: 2_000_000, toUs: 5_000_000 });
	});

	test("a bare word is text, dots and all, in any case", () => {
		expect(matches(read("HTTP.response"), delivered)).toBe(true);
		expect(matches(read("http.x*"), delivered)).toBe(false);
		expect(matches(read('"reaches web-3"'), delivered)).toBe(true);
	});

	test("an empty line finds everything", () => {
		expect(read("  ").isEmpty).toBe(true);
		expect(matches(read(""), delivered)).toBe(true);
	});

	test.each([
		["node=nobody", 0, /no node is called nobody/],
		["kind=zz", 0, /no kind of event/],
		["kind=drop colour=red", 10, /colour is not searched by/],
		["text~/(/", 0, /no pattern/],
		["at>=6", 0, /no instant/],
	])("%s is explained", (line, at, said) => {
		const mistake = parseSearch(line, plan);
		expect(isMistake(mistake)).toBe(true);
		expect(mistake).toMatchObject({ at, said: expect.stringMatching(said) });
	});

	test("is completed at its end", () => {
		expect(completeSearch("kind=drop node=web-", plan)).toEqual(["kind=drop node=web-1", "kind=drop node=web-2", "kind=drop node=web-3"]);
		expect(completeSearch("k", plan)).toEqual(["kind="]);
	});
});
