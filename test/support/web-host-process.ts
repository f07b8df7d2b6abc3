/** The built web host as a process of its own, which can be killed or starved, and windows on it that need no browser. For tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { WebSocket } from "ws";
import { LabClient } from "../../src/shared/contract/client.ts";
import { rootDirectory } from "../architecture/files.ts";

/** A window on a web host, by the address that it has printed: the address works once. */
export async function clientAt(address: string): Promise<LabClient> {
	const url = new URL(address);
	const { headers } = await fetch(url, { redirect: "manual" });
	const cookie = String(headers.get("set-cookie")).split(";")[0] ?? "";
	const socket = new WebSocket(`ws://${url.host}/lab`, { headers: { cookie, origin: url.origin } });
	await new Promise((resolve, reject) => {
		socket.once("open", resolve);
		socket.once("error", reject);
	});
	const client = new LabClient({
		send: (frame) => socket.send(frame),
		onFrame: (take) => void socket.on("message", (data: Buffer) => take(data)),
		onClose: (take) => void socket.on("close", () => take("the lab has gone")),
		close: () => socket.terminate(),
	});
	await client.welcome;
	return client;
}

export interface HostProcess {
	readonly client: LabClient;
	readonly child: ChildProcess;
	/** Its exit code; null when a signal has ended it. */
	readonly ended: Promise<number | null>;
}

export interface HostOptions {
	readonly library: string;
	/** Words of a shell that are run first, in the place that the host then lives in: limits, mounts. */
	readonly first?: string;
	/** A program and its words, before the shell: `unshare --mount`. */
	readonly within?: readonly string[];
}

const running: ChildProcess[] = [];

/** Starts the built web host, with a window on it. */
export async function startHost({ library, first = "", within = [] }: HostOptions): Promise<HostProcess> {
	const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
	const [program = "", ...words] = [...within, "bash", "-ec", `${first}\nexec "$0" "$1"`, process.execPath, join(rootDirectory, "out/main/web.js")];
	const child = spawn(program, words, { env: { ...env, QUORATE_LIBRARY: library }, stdio: ["ignore", "pipe", "ignore"] });
	running.push(child);
	const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
	const address = new Promise<string>((resolve) => child.stdout?.setEncoding("utf8").once("data", (line: string) => resolve(line.trim())));
	const gone = ended.then((code) => Promise.reject(new Error(`the host ended with ${code} before it said where it is`)));
	gone.catch(() => {}); // most end long after
	return { client: await clientAt(await Promise.race([address, gone])), child, ended };
}

/** Whatever a test has left. */
export function killHosts(): void {
	for (const child of running.splice(0)) child.kill("SIGKILL");
}
