import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openWebLab, type WebLab } from "../../src/main/web/web-lab.ts";
import { contractVersion } from "../../src/shared/contract/calls.ts";
import { type LabFrame, readLabFrame, writeFrame } from "../../src/shared/contract/frames.ts";
import { windowFrameBytesMax } from "../../src/shared/contract/limits.ts";

let folder: string;
let lab: WebLab;
let base: URL;
let cookie: string;

interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** A request whose path goes out as it is written, dots and all. */
function ask(path: string, { method = "GET", headers = {} }: { readonly method?: string; readonly headers?: Record<string, string> } = {}): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const sent = httpRequest({ host: base.hostname, port: base.port, path, method, headers: { ...headers } }, (response) => {
			let body = "";
			response.setEncoding("utf8").on("data", (text) => {
				body += text;
			});
			response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
		});
		sent.on("error", reject);
		sent.end();
	});
}

const known = (headers: Record<string, string> = {}): { readonly headers: Record<string, string> } => ({ headers: { cookie, ...headers } });

/** Whether the socket opens, or the status it is refused with. */
function knock(headers: Record<string, string>, path = "/lab"): Promise<WebSocket | number> {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(`ws://${base.host}${path}`, { headers });
		socket.on("open", () => resolve(socket));
		socket.on("unexpected-response", (_, response) => {
			resolve(response.statusCode ?? 0);
			socket.terminate();
		});
		socket.on("error", (error) => (/Unexpected server response/.test(error.message) ? undefined : reject(error)));
	});
}

async function openSocket(): Promise<WebSocket> {
	const socket = await knock({ cookie, origin: `http://${base.host}` });
	if (typeof socket === "number") throw new Error(`refused with ${socket}`);
	return socket;
}

function nextFrame(socket: WebSocket): Promise<LabFrame> {
	return new Promise((resolve) => socket.once("message", (data: Buffer) => resolve(readLabFrame(data))));
}

function closed(socket: WebSocket): Promise<number> {
	return new Promise((resolve) => socket.once("close", resolve));
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "quorate-web-"));
	mkdirSync(join(folder, "page", "assets"), { recursive: true });
	writeFileSync(join(folder, "page", "index.html"), "<!doctype html><title>Quorate</title>");
	writeFileSync(join(folder, "page", "assets", "main.js"), "0;");
	writeFileSync(join(folder, "secret.txt"), "secret");
	lab = await openWebLab({ libraryFolder: join(folder, "library"), pageFolder: join(folder, "page") });
	base = new URL(lab.host.url);
	const { status, headers } = await ask(`${base.pathname}${base.search}`);
	expect(status).toBe(303);
	cookie = String(headers["set-cookie"]?.[0]).split(";")[0] ?? "";
});

afterAll(async () => {
	await lab.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("the address that was printed", () => {
	test("listens on the loop back alone", () => {
		expect(base.hostname).toBe("127.0.0.1");
	});

	test("works once: the same token again is nothing to a stranger", async () => {
		expect((await ask(`/${base.search}`)).status).toBe(403);
		expect((await ask(`/${base.search}`, known())).status).toBe(303);
	});

	test("gives a cookie that no script and no other site can use", async () => {
		const { headers } = await ask(`/${new URL(lab.host.url).search}`);
		expect(headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
		expect(headers.location).toBe("/");
	});

	test.each([
		["an empty one", ""],
		["a short one", "x"],
		["a zero", "%00"],
		["a long one", "a".repeat(4_000)],
	])("a guessed token is refused: %s", async (_, token) => {
		const { status, headers } = await ask(`/?token=${token}`);
		expect(status).toBe(403);
		expect(headers["set-cookie"]).toBeUndefined();
	});
});

describe("a page that was not invited", () => {
	test.each(["/", "/index.html", "/assets/main.js", "/lab", "/files/aaaaaaaaaaaaaaaaaaaaaaaa"])("gets nothing at %s without the cookie", async (path) => {
		const { status, body } = await ask(path);
		expect(status).toBe(403);
		expect(body).not.toContain("<title>");
	});

	test.each(["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "[::1]:80", "."])("a name bound to this machine is not ours: %j", async (host) => {
		expect((await ask("/", known({ host }))).status).toBe(421);
		expect(await knock({ cookie, origin: `http://${base.host}`, host })).toBe(421);
	});

	test.each(["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "file://"])(
		"another origin has no socket and no files: %s",
		async (origin) => {
			expect(await knock({ cookie, origin })).toBe(403);
			expect((await ask("/", known({ origin }))).status).toBe(403);
		},
	);

	test("a socket needs an origin, the cookie and the right path", async () => {
		expect(await knock({ cookie })).toBe(403);
		expect(await knock({ origin: `http://${base.host}` })).toBe(403);
		expect(await knock({ cookie: `${cookie.slice(0, -1)}!`, origin: `http://${base.host}` })).toBe(403);
		expect(await knock({ cookie, origin: `http://${base.host}` }, "/other")).toBe(404);
	});

	test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])("%s is no method of ours", async (method) => {
		expect((await ask("/", { method, ...known() })).status).toBe(405);
	});
});

describe("files", () => {
	test("the page comes with a policy that lets nothing else in", async () => {
		const { status, headers, body } = await ask("/", known());
		expect([status, body]).toEqual([200, "<!doctype html><title>Quorate</title>"]);
		expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
		expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*/);
		expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer" });
	});

	test.each([
		"/../secret.txt",
		"/assets/../../secret.txt",
		"/%2e%2e/secret.txt",
		"/..%2fsecret.txt",
		"/assets/..%5c..%5csecret.txt",
		"//secret.txt",
		"/assets/main.js/../../../secret.txt",
		"/assets/main.js%00",
		"/assets/",
		"/constructor",
		"/__proto__",
		"http://127.0.0.1/secret.txt",
	])("no path leads out of the page: %s", async (path) => {
		const { status, body } = await ask(path, known());
		expect([400, 404]).toContain(status);
		expect(body).not.toContain("secret\n");
	});

	test("what was made can be fetched by its ticket, whole, as a download", async () => {
		const { ticket } = lab.service.files.keepBytes(new TextEncoder().encode("hello"), { name: '../ü".html', mediaType: "text/html" });
		const { status, headers, body } = await ask(`/files/${ticket}`, known());
		expect([status, body]).toEqual([200, "hello"]);
		expect(headers["content-type"]).toBe("application/octet-stream");
		expect(headers["content-disposition"]).toBe("attachment; filename*=UTF-8''-%C3%BC-.html");
		expect((await ask(`/files/${ticket.slice(1)}a`, known())).status).toBe(404);
	});

	test("a request that is no HTTP is answered and the host lives on", async () => {
		const answer = await new Promise<string>((resolve) => {
			const socket = connect(Number(base.port), base.hostname, () => socket.write("\0\x01\x02 / HTTP/9\r\n\r\n"));
			let text = "";
			socket.on("data", (data) => {
				text += data.toString("latin1");
			});
			socket.on("close", () => resolve(text));
		});
		expect(answer).toMatch(/^HTTP\/1\.1 400/);
		expect((await ask("/", known())).status).toBe(200);
	});
});

describe("the socket", () => {
	test("is the contract: a greeting is answered, and calls after it", async () => {
		const socket = await openSocket();
		const welcome = nextFrame(socket);
		socket.send(writeFrame({ kind: "hello", contractVersion }));
		expect(await welcome).toMatchObject({ kind: "welcome", host: "web", hasOpenDialog: false });
		const reply = nextFrame(socket);
		socket.send(writeFrame({ kind: "call", id: 1, call: "runs.list", request: {} }));
		expect(await reply).toEqual({ kind: "reply", id: 1, reply: { runs: [] } });
		socket.terminate();
	});

	test("a frame over the limit ends that window and no other", async () => {
		const [good, bad] = [await openSocket(), await openSocket()];
		const ended = closed(bad);
		bad.send(new Uint8Array(windowFrameBytesMax + 1));
		expect(await ended).toBe(1009);
		const refusal = nextFrame(good);
		good.send(new Uint8Array([0xc1]));
		expect(await refusal).toMatchObject({ kind: "refusal", id: 0, error: { code: "request-invalid" } });
		good.terminate();
	});

	test("text is no frame", async () => {
		const socket = await openSocket();
		const ended = closed(socket);
		socket.send("hello");
		expect(await ended).toBe(1003);
	});
});
