/** What an export tells of an instant names events by their places in the run, whatever part of it was stored. */
import { afterAll, expect, test } from "vitest";
import { instantOf } from "../../src/main/export/instants.ts";
import { kindId } from "../../src/shared/event-record.ts";
import { Folder, quorate } from "../support/command-line.ts";
import { withSession } from "../support/exported.ts";

const folder = new Folder();
afterAll(() => folder.remove());

test("of a session that kept only a part of the events, faults are told by their own places in the log", async () => {
	const path = folder.file("short.quorate");
	const story = ["--at", "1s crash web-3", "--at", "2s restart web-3"];
	await quorate(["run", "front-door", "--executor", "inline", "--until", "3s", "--detail", "summary", ...story, "--save", path]);
	await withSession(path, async (session) => {
		const crash = [...session.events({})].find(({ words, start }) => words[start] === kindId("nodeCrashed"));
		const gathered = instantOf(session, { atUs: 3_000_000 });
		let step = gathered.next();
		while (step.done !== true) step = gathered.next();
		expect(crash?.index).toBeGreaterThan(1_000);
		expect(step.value.view.faults.find(({ kind }) => kind === "nodeCrashed")?.index).toBe(crash?.index);
	});
});
