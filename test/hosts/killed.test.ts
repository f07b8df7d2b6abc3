import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { CallReply } from "../../src/shared/contract/calls.ts";
import { LabClient } from "../../src/shared/contract/client.ts";
import { rootDirectory } from "../architecture/files.ts";
import { nextPush, startOf } from "../support/lab-window.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-killed-"));
const children: ChildProcess[] = [];

afterEach(() => {
	for (const child of children) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

/** Starts the built web host and opens a window on it. */
async function host(): Promise<{ readonly client: LabClient; readonly child: ChildProcess }> {
	const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
	const child = spawn(process.execPath, [join(rootDirectory, "out/main/web.js")], {
		env: { ...env, QUORATE_LIBRARY: folder },
		stdio: ["ignore", "pipe", "ignore"],
	});
	children.push(child);
	const url = new URL(await new Promise<string>((resolve) => child.stdout?.setEncoding("utf8").once("data", (line: string) => resolve(line.trim()))));
	const { headers } = await fetch(url, { redirect: "manual" });
	const cookie = String(headers.get("set-cookie")).split(";")[0] ?? "";
	const socket = new WebSocket(`ws://${url.host}/lab`, { headers: { cookie, origin: url.origin } });
	await new Promise((resolve) => socket.once("open", resolve));
	const client = new LabClient({
		send: (frame) => socket.send(frame),
		onFrame: (take) => void socket.on("message", (data: Buffer) => take(data)),
		onClose: (take) => void socket.on("close", () => take("the lab has gone")),
		close: () => socket.terminate(),
	});
	await client.welcome;
	return { client, child };
}

test("a lab that is killed while it records is offered again, whole as far as was promised, and goes on", async () => {
	const first = await host();
	const { run } = await first.client.call("runs.start", startOf("front-door", { speed: 1, session: "lesson" }));
	await first.client.call("runs.watch", { run: run.run });
	const { run: promised } = await nextPush(first.client, "status", (status) => status.run.committedEvents > 2_000);
	const exited = new Promise((resolve) => first.child.once("exit", resolve));
	first.child.kill("SIGKILL");
	await exited;

	const { client, child } = await host();
	const { sessions }: CallReply<"sessions.list"> = await client.call("sessions.list", {});
	expect(sessions).toMatchObject([{ session: "lesson", isLive: false, problem: null, content: { finished: false } }]);
	expect(sessions[0]?.content?.events).toBeGreaterThanOrEqual(promised.committedEvents);
	const { run: continued } = await client.call("runs.continue", { session: "lesson", branch: 0, speed: "max", startPaused: false });
	const { run: ended } = await nextPush(client, "run", (push) => push.run.run === continued.run && push.run.mode !== "running");
	expect(ended).toMatchObject({ mode: "ended", finished: true, error: null, session: "lesson", branch: 0 });
	await client.call("jobs.verify", { session: "lesson", branch: null });
	const { job } = await nextPush(client, "job", (push) => push.job.state !== "running");
	expect(job.verdict).toMatchObject({ same: true });
	const left = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGINT");
	expect(await left).toBe(0);
});
