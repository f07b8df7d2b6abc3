/** Who can reach the web host: this computer alone, unless another address was asked for by name. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Running } from "../support/command-line.ts";

let folder = "";
let host: Running | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-addresses-"));
});
afterEach(async () => {
	host?.child.kill("SIGTERM");
	await host?.finished;
	rmSync(folder, { recursive: true, force: true });
});

async function serve(...flags: readonly string[]): Promise<URL> {
	host = new Running(["serve", "--no-open", "--library", join(folder, "library"), ...flags], { cwd: folder });
	let out = "";
	host.child.stdout?.on("data", (text: string) => {
		out += text;
	});
	await host.said(/token=\S+\n/);
	return new URL(out.trim());
}

function isListening(address: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: address, port }, () => {
			socket.destroy();
			resolve(true);
		});
		socket.on("error", () => resolve(false));
	});
}

/** Other addresses of this very computer: whoever listens on all of them answers there, too. */
const others = Object.values(networkInterfaces())
	.flatMap((addresses) => addresses ?? [])
	.filter(({ family, internal }) => family === "IPv4" && !internal)
	.map(({ address }) => address)
	.concat(process.platform === "linux" ? ["127.0.0.2"] : []);

test("nobody listens on another address of this computer", async () => {
	const { port, hostname } = await serve();
	expect(await isListening(hostname, Number(port))).toBe(true);
	for (const address of others) expect(await isListening(address, Number(port)), address).toBe(false);
});

test.runIf(process.platform === "linux")("an address that was asked for by its flag is the one that is served, by that name alone", async () => {
	const url = await serve("--address", "127.0.0.2");
	expect(url.hostname).toBe("127.0.0.2");
	expect((await fetch(url, { redirect: "manual" })).status).toBe(303);
	expect(await isListening("127.0.0.1", Number(url.port))).toBe(false);
});
