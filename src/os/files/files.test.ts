/** The file system as its users meet it: saved, opened, listed, deleted, replaced, refused. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { brokenIn, type FilesLab, runFiles, type Story } from "../../../test/support/files-run.ts";

const second = 1_000_000;

/** Lines are typed at their instants. */
function type(lines: Story, lab: FilesLab = {}) {
	let list: EventList | undefined;
	const story = [...lines.map(([atUs, line]) => [atUs, `ask user ${JSON.stringify(line)}`] as const), ...(lab.story ?? [])].sort(([a], [b]) => a - b);
	const run = runFiles({ untilUs: 8 * second, ...lab, story }, 5, (plan) => {
		list = new EventList(plan);
		return list;
	});
	const events = list as EventList;
	return { run, events, answers: events.of("answered", "user").map(({ body }) => String(body)) };
}

describe("a user", () => {
	test("saves, lists, opens and deletes a file", () => {
		const { answers, run } = type([
			[2 * second, "save photos/cat.jpg 24KB"],
			[3 * second, "ls"],
			[3.2 * second, "open photos/cat.jpg"],
			[3.5 * second, "whereis photos/cat.jpg"],
			[4 * second, "rm photos/cat.jpg"],
			[4.5 * second, "open photos/cat.jpg"],
			[5 * second, "ls"],
		]);
		expect(answers).toEqual([]);
		expect(brokenIn(run)).toEqual([]);
	});
});
