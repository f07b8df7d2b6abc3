/**
 * A library on a disk that may not be written, and on one that is pulled out in mid-run: for real, in mounts of its
 * own that only the host sees.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf } from "../support/lab-window.ts";
import { killHosts, startHost } from "../support/web-host-process.ts";

const ownMounts = ["unshare", "--user", "--map-root-user", "--mount"];
const areMountsAllowed =
	process.platform === "linux" && spawnSync("unshare", [...ownMounts.slice(1), "sh", "-ec", "mount -t tmpfs tmpfs /mnt"], { encoding: "utf8" }).status === 0;

let library = "";
beforeEach(() => {
	library = join(mkdtempSync(join(tmpdir(), "quorate-places-")), "library");
	mkdirSync(library);
});
afterEach(() => {
	killHosts();
	rmSync(join(library, ".."), { recursive: true, force: true });
});

async function wholeRun(client: LabClient, session: string): Promise<void> {
	const ended = nextPush(client, "run", ({ run }) => run.session === session && run.mode === "ended");
	await client.call("runs.start", startOf("ping", { session, untilUs: 1_000_000 }));
	await ended;
}

async function liveRun(client: LabClient, session: string): Promise<string> {
	const { run } = await client.call("runs.start", startOf("front-door", { session, speed: 1, untilUs: 600_000_000 }));
	await client.call("runs.watch", { run: run.run });
	await nextPush(client, "status", (status) => status.run.committedEvents > 1_000);
	return run.run;
}

describe.skipIf(!areMountsAllowed)("a library that may not be written", () => {
	test("is shown, looked into, verified and handed out, with what a killed run left; what would write is refused in words", async () => {
		const first = await startHost({ library });
		await wholeRun(first.client, "whole");
		await liveRun(first.client, "killed");
		first.child.kill("SIGKILL");
		await first.ended;
		const before = readdirSync(library).sort();

		const { client } = await startHost({
			library,
			within: ownMounts,
			first: 'mount --bind "$QUORATE_LIBRARY" "$QUORATE_LIBRARY"; mount -o remount,bind,ro "$QUORATE_LIBRARY"',
		});
		const { sessions } = await client.call("sessions.list", {});
		expect(sessions.map(({ session, problem, content }) => [session, problem, content?.finished]).sort()).toEqual([
			["killed", null, false],
			["whole", null, true],
		]);
		const { run } = await client.call("runs.open", { session: "killed", branch: 0, salvage: false });
		expect((await client.call("log.view", { run: run.run, atUs: 100_000 })).view.events).toBeGreaterThan(0);
		const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
		await client.call("jobs.verify", { session: "whole", branch: null });
		expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
		for (const session of ["whole", "killed"]) expect((await client.call("files.session", { session })).bytes).toBeGreaterThan(10_000);

		const cannot = { code: "session-not-found", message: expect.stringContaining("cannot be opened"), advice: "Check the path and the rights to its folder." };
		await expect(client.call("runs.start", startOf("ping"))).rejects.toMatchObject(cannot);
		await expect(client.call("notes.add", { session: "whole", branch: 0, eventIndex: 0, text: "mine" })).rejects.toMatchObject(cannot);
		const failed = nextPush(client, "run", (push) => push.run.mode === "failed");
		await client.call("runs.continue", { session: "killed", branch: 0, speed: 1, startPaused: false });
		expect((await failed).run.error).toMatchObject(cannot);
		const mayNot = {
			code: "not-here",
			message: expect.stringMatching(/cannot be .+ \(E\w+\)$/),
			kept: expect.stringContaining("It is"),
			advice: expect.stringContaining("rights"),
		};
		await expect(client.call("sessions.rename", { session: "whole", to: "other" })).rejects.toMatchObject(mayNot);
		await expect(client.call("sessions.duplicate", { session: "whole" })).rejects.toMatchObject(mayNot);
		await expect(client.call("sessions.trash", { session: "whole" })).rejects.toMatchObject(mayNot);
		expect(readdirSync(library).sort()).toEqual(before);
	});
});

describe.skipIf(!areMountsAllowed)("a disk that is pulled out while a run is recorded on it", () => {
	test("is told of at once, and the lab goes on: what is started next is recorded", async () => {
		const { client, child } = await startHost({ library, within: ownMounts, first: 'mount -t tmpfs tmpfs "$QUORATE_LIBRARY"' });
		await liveRun(client, "stick");
		const told = nextPush(client, "notice", ({ tone }) => tone === "fault");
		expect(readFileSync(`/proc/${child.pid}/mounts`, "utf8")).toContain(library);
		const { status, stderr } = spawnSync("nsenter", ["-t", String(child.pid), "--user", "--mount", "umount", "--lazy", library], { encoding: "utf8" });
		expect([status, stderr]).toEqual([0, ""]);
		expect((await told).error).toMatchObject({ code: "session-not-found", kept: expect.stringMatching(/./), advice: expect.stringMatching(/./) });
		await wholeRun(client, "afterwards");
		expect(readdirSync(library)).toContain("afterwards.quorate");
		expect(child.exitCode).toBeNull();
	});
});
