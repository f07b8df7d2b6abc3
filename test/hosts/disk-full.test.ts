/** A lab whose disk fills up while it records: files may not grow beyond a limit that the system itself keeps. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { LabClient } from "../../src/shared/contract/client.ts";
import { rootDirectory } from "../architecture/files.ts";
import { nextPush, startOf } from "../support/lab-window.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-full-"));
const children: ChildProcess[] = [];

afterEach(() => {
	for (const child of children) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

/** The built web host, and a window on it. */
async function host(kibibytesMax: number): Promise<{ readonly client: LabClient; readonly child: ChildProcess }> {
	const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
	// A shell counts in half kibibytes or in whole ones; bash has whole ones.
	const child = spawn("bash", ["-c", `ulimit -f ${kibibytesMax}; exec "$0" "$1"`, process.execPath, join(rootDirectory, "out/main/web.js")], {
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

test.runIf(process.platform === "linux")(
	"a disk that fills up ends the recording with its reason; what was committed is kept and read, and the lab goes on",
	async () => {
		const { client, child } = await host(3_072);
		const told = nextPush(client, "notice", ({ tone }) => tone === "fault");
		const ended = nextPush(client, "run", ({ run }) => run.mode === "failed");
		await client.call("runs.start", startOf("front-door", { session: "large", untilUs: 600_000_000 }));
		const { error } = await told;
		expect(error).toMatchObject({ code: "disk-full" });
		expect(error?.kept).not.toBe("");
		const { run } = await ended;
		expect(run).toMatchObject({ session: "large", error: { code: "disk-full" }, finished: false });
		expect(run.committedEvents).toBeGreaterThan(1_000);

		// Every event that was said to be in the file can be read.
		const last = { fromIndex: run.committedEvents - 10, toIndex: run.committedEvents - 1, fromUs: null, toUs: null } as const;
		const page = await client.call("log.events", { run: run.run, ...last, kinds: null, nodes: null, text: null, limit: 10, backwards: false });
		expect(page.indexes).toHaveLength(10);
		const { sessions } = await client.call("sessions.list", {});
		expect(sessions).toMatchObject([{ session: "large", isLive: false, problem: null, content: { finished: false } }]);
		await expect(client.call("sessions.duplicate", { session: "large" })).resolves.toMatchObject({ session: "large copy" });

		const whole = nextPush(client, "run", (push) => push.run.session === "small" && push.run.mode === "ended");
		await client.call("runs.start", startOf("ping", { session: "small", untilUs: 500_000 }));
		expect((await whole).run).toMatchObject({ finished: true, error: null });
		expect(child.exitCode).toBeNull();

		const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
		await client.call("jobs.verify", { session: "large", branch: null });
		expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
	},
);
