import { describe, expect, test } from "vitest";
import { byTopic, type LabTopic, labTopics } from "./topics.ts";

const lab = (id: string, topic: LabTopic | null = null, place: number | null = null) => ({ id, topic, place });
const shape = (labs: readonly ReturnType<typeof lab>[]) => byTopic(labs).map(({ topic, labs: group }) => [topic, ...group.map(({ id }) => id)]);

describe("labs by topic", () => {
	test("topics come in the chapter's order, whatever the order of the labs, and labs without one come last", () => {
		expect(shape([lab("own"), lab("ping", "the-lab-itself"), lab("budget-pdf", "one-system")])).toEqual([
			["one-system", "budget-pdf"],
			["the-lab-itself", "ping"],
			[null, "own"],
		]);
	});

	test("within a topic places decide, then names; no place comes last", () => {
		const [topic] = labTopics;
		expect(shape([lab("a", topic), lab("d", topic, 2), lab("c", topic, 2), lab("b", topic, 1)])).toEqual([[topic, "b", "c", "d", "a"]]);
	});

	test("no labs make no topics", () => {
		expect(byTopic([])).toEqual([]);
	});
});
