import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSession } from "../../src/main/store/reader.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

async function wholeRun(session: string): Promise<string> {
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended");
	await client.call("runs.start", startOf("ping", { session, untilUs: 1_000_000 }));
	return (await ended).run.run;
}

const viewOf = (run: string) => client.call("log.view", { run, atUs: 500_000 });

describe("files that change under the lab", () => {
	test("a session that is removed is refused by name, and the others go on", async () => {
		const [gone, kept] = [await wholeRun("gone"), await wholeRun("kept")];
		rmSync(lab.service.library.pathOf("gone"));
		await expect(viewOf(gone)).rejects.toMatchObject({ code: "session-not-found" });
		expect((await viewOf(kept)).view.events).toBeGreaterThan(0);
		expect((await client.call("sessions.list", {})).sessions.map(({ session }) => session)).toEqual(["kept"]);
	});

	test("a session that is replaced by something else is refused, listed with its problem, and left alone", async () => {
		const run = await wholeRun("swapped");
		const path = lab.service.library.pathOf("swapped");
		renameSync(path, `${path}.away`);
		writeFileSync(path, "not a session at all");
		await expect(viewOf(run)).rejects.toMatchObject({ code: "session-damaged" });
		expect((await client.call("sessions.list", {})).sessions).toMatchObject([{ session: "swapped", content: null, problem: { code: "session-damaged" } }]);
		expect(existsSync(path)).toBe(true);
	});

	test.runIf(process.platform !== "win32")("a file that is taken away from a run that writes it is told of, and the run can be kept in another", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { speed: 1, session: "taken", untilUs: 600_000_000 }));
		await client.call("runs.watch", { run: run.run });
		const told = nextPush(client, "notice", (notice) => notice.run === run.run);
		await nextPush(client, "status", (status) => status.run.committedEvents > 100);
		const path = lab.service.library.pathOf("taken");
		// The file is known by now: it was looked at with the first states.
		renameSync(path, `${path}.away`);
		expect(await told).toMatchObject({ tone: "fault", error: { code: "session-not-found" } });
		const { run: fork } = await client.call("runs.fork", {
			run: run.run,
			atUs: 100_000,
			commands: [],
			untilUs: null,
			separate: true,
			speed: 1,
			startPaused: true,
		});
		expect(fork.session).toBe("taken fork");
		const { run: old } = await client.call("runs.stop", { run: run.run });
		expect(old).toMatchObject({ mode: "ended", finished: false });
		await expect(viewOf(run.run)).rejects.toMatchObject({ code: "session-not-found" });
	});

	test.runIf(process.platform !== "win32").each<[string, (path: string) => void]>([
		["removed", (path) => rmSync(path)],
		[
			"replaced by another session",
			(path) => {
				renameSync(path, `${path}.away`);
				copyFileSync(lab.service.library.pathOf("other"), path);
			},
		],
		[
			"replaced by something that is none",
			(path) => {
				renameSync(path, `${path}.away`);
				writeFileSync(path, "not a session at all");
			},
		],
	])("a file that is %s under a run that writes it is told of once, the run goes on, and what lies there is left alone", async (_, act) => {
		await wholeRun("other");
		const { run } = await client.call("runs.start", startOf("front-door", { speed: 1, session: "taken", untilUs: 600_000_000 }));
		await client.call("runs.watch", { run: run.run });
		const notices: (string | undefined)[] = [];
		client.on("notice", ({ error }) => void notices.push(error?.code));
		await nextPush(client, "status", (status) => status.run.committedEvents > 100);
		const path = lab.service.library.pathOf("taken");
		const told = nextPush(client, "notice", (notice) => notice.run === run.run);
		act(path);
		const left = existsSync(path) ? readFileSync(path) : null;
		await told;
		const { run: before } = await nextPush(client, "status");
		await nextPush(client, "status", (status) => status.run.events > before.events && status.run.mode === "running");
		await client.call("runs.stop", { run: run.run });
		expect(notices).toEqual(["session-not-found"]);
		await expect(viewOf(run.run)).rejects.toMatchObject({ code: left?.length === 20 ? "session-damaged" : "session-not-found" });
		expect(existsSync(path) ? readFileSync(path) : null).toEqual(left);
	});

	test("another session in the place of one is not taken for it, by a run that was open, nor by one that goes on", async () => {
		const library = lab.service.library;
		const [first, second] = [await wholeRun("first"), await wholeRun("second")];
		await viewOf(first);
		const { run: live } = await client.call("runs.start", startOf("ping", { startPaused: true, session: "live" }));
		for (const name of ["first", "live"]) rmSync(library.pathOf(name));
		for (const name of ["first", "live", "c1", "c2", "c3", "c4", "c5", "c6"]) copyFileSync(library.pathOf("second"), library.pathOf(name));
		// The reader still holds the file that was there; with others to hold it lets go, and finds the other one.
		for (let i = 1; i <= 6; i++) await viewOf((await client.call("runs.open", { session: `c${i}`, branch: 0, salvage: false })).run.run);
		for (const run of [first, live.run]) await expect(viewOf(run)).rejects.toMatchObject({ code: "session-not-found" });
		expect((await viewOf(second)).view.events).toBeGreaterThan(0);
		const { run: opened } = await client.call("runs.open", { session: "first", branch: 0, salvage: false });
		expect(opened.run).not.toBe(first);
		expect((await viewOf(opened.run)).view.events).toBeGreaterThan(0);
	});

	test("a session that is renamed is looked at under its new name by the runs that were open", async () => {
		const run = await wholeRun("before");
		const told = nextPush(client, "run", (push) => push.run.session === "after");
		await client.call("sessions.rename", { session: "before", to: "after" });
		expect((await told).run.run).toBe(run);
		expect((await viewOf(run)).view.events).toBeGreaterThan(0);
		expect((await client.call("runs.open", { session: "after", branch: 0, salvage: false })).run.run).toBe(run);
	});

	test("what was handed out is the session as it was then, in a file of its own, whatever becomes of the other", async () => {
		await wholeRun("lent");
		const { ticket, bytes } = await client.call("files.session", { session: "lent" });
		const { path } = lab.service.files.get(ticket);
		await client.call("notes.add", { session: "lent", branch: 0, eventIndex: 0, text: "written later" });
		rmSync(lab.service.library.pathOf("lent"));
		expect(statSync(path).size).toBe(bytes);
		const session = openSession(path);
		expect([[...session.notes()], session.damage, session.head().finished]).toEqual([[], null, true]);
		session.close();
	});

	test("a library that cannot be made is told of, and nothing is started", async () => {
		const file = join(lab.folder, "a-file");
		writeFileSync(file, "");
		const other = testLab(join(file, "library"));
		const window = other.window();
		await window.welcome;
		await expect(window.call("runs.start", startOf("ping"))).rejects.toMatchObject({ code: "not-here", kept: "Nothing was started." });
		expect((await window.call("runs.list", {})).runs).toEqual([]);
		await other.service.close();
	});
});

describe("windows that come and go", () => {
	test("a page that is loaded again in mid-run finds it where it is, and hears of it again", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { speed: 1, untilUs: 60_000_000 }));
		await client.call("runs.watch", { run: run.run });
		const before = await nextPush(client, "status");
		client.close();
		const again = lab.window();
		await again.welcome;
		await again.call("runs.watch", { run: run.run });
		const after = await nextPush(again, "status", ({ now }) => now.view.virtualUs > before.now.view.virtualUs);
		expect(after.run).toMatchObject({ run: run.run, mode: "running" });
	});

	test("an upload dies with its window, and nobody else can go on with it", async () => {
		const { upload } = await client.call("uploads.begin", { name: "a.quorate", bytes: 10 });
		const other = lab.window();
		await other.welcome;
		await expect(other.call("uploads.part", { upload, part: new Uint8Array(1) })).rejects.toMatchObject({ code: "request-invalid" });
		await expect(client.call("uploads.part", { upload, part: new Uint8Array(11) })).rejects.toMatchObject({ code: "request-invalid" });
		await expect(client.call("uploads.end", { upload })).rejects.toMatchObject({ code: "request-invalid" });
	});
});
