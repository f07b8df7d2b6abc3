/**
 * The web host: serves the built page and the contract's socket to browsers on this machine. Everything
 * else that a request may ask for is refused in one word. Knows no run; the lab service does.
 */
import { createReadStream } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import { QuorateError } from "../../shared/errors.ts";
import type { LabService } from "../lab-service/lab-service.ts";
import { Access } from "./access.ts";
import { safeHeaders } from "./headers.ts";
import { Sockets } from "./sockets.ts";
import { type PageFile, pageFiles, readPageFile } from "./static-files.ts";

export interface WebHostOptions {
	readonly service: LabService;
	/** The built page: `out/renderer`. */
	readonly pageFolder: string;
	/** 0: any that is free. */
	readonly port: number;
	/** The interface to listen on; 127.0.0.1 unless the user asked for another. */
	readonly address: string;
}

const headerBytesMax = 16_384;
const requestMsMax = 30_000;
const connectionsMax = 256;
const refusals = { 400: "Bad request", 403: "Forbidden", 404: "Not found", 405: "Method not allowed", 421: "Misdirected request", 503: "Too busy" } as const;
type Status = keyof typeof refusals;

export class WebHost {
	readonly #server: Server;
	readonly #sockets: Sockets;
	readonly #service: LabService;
	readonly #files: ReadonlyMap<string, PageFile>;
	readonly #access: Access;
	readonly #host: string;

	private constructor(server: Server, { service, pageFolder, address }: WebHostOptions) {
		const { port } = server.address() as AddressInfo;
		const name = address.includes(":") ? `[${address}]` : address;
		this.#server = server;
		this.#service = service;
		this.#files = pageFiles(pageFolder);
		this.#sockets = new Sockets(service);
		this.#host = `${name}:${port}`;
		// On the loop back, browsers and people say `localhost` as well.
		this.#access = new Access(address === "127.0.0.1" || address === "::1" ? [this.#host, `localhost:${port}`] : [this.#host], port);
		server.on("request", (request, response) => this.#serve(request, response));
		server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
	}

	/** @throws QuorateError `usage` when the port cannot be had */
	static async open(options: WebHostOptions): Promise<WebHost> {
		pageFiles(options.pageFolder); // before anything is opened
		const server = createServer({ maxHeaderSize: headerBytesMax, requestTimeout: requestMsMax, headersTimeout: requestMsMax, insecureHTTPParser: false });
		server.maxConnections = connectionsMax;
		await new Promise<void>((resolve, reject) => {
			server.once("error", (error: NodeJS.ErrnoException) => reject(refusedPort(error, options)));
			server.listen({ port: options.port, host: options.address, exclusive: true }, resolve);
		});
		return new WebHost(server, options);
	}

	/** The address to open; it works once. */
	get url(): string {
		return `http://${this.#host}/?token=${this.#access.token}`;
	}

	async close(): Promise<void> {
		this.#sockets.close();
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#serve(request: IncomingMessage, response: ServerResponse): void {
		request.resume(); // no body is wanted
		const url = addressOf(request);
		const status = this.#whyRefused(request, url);
		if (status !== null) this.#refuse(response, status);
		else if (url !== null) this.#answer(request, response, url);
	}

	#whyRefused(request: IncomingMessage, url: URL | null): Status | null {
		if (!this.#access.isOurHost(request)) return 421;
		if (request.method !== "GET" && request.method !== "HEAD") return 405;
		if (!this.#access.isOurOrigin(request, { required: false })) return 403;
		if (url === null) return 400;
		return isEntrance(url) || this.#access.isKnown(request) ? null : 403;
	}

	#answer(request: IncomingMessage, response: ServerResponse, url: URL): void {
		const ticket = /^\/files\/([A-Za-z0-9_-]{16,64})$/.exec(url.pathname)?.[1];
		const file = this.#files.get(url.pathname);
		if (isEntrance(url)) this.#exchange(request, response, url.searchParams.get("token") ?? "");
		else if (ticket !== undefined) this.#download(request, response, ticket);
		else if (file !== undefined) this.#page(request, response, file);
		else if (url.pathname === "/favicon.ico")
			response.writeHead(204, safeHeaders(this.#host)).end(); // browsers ask without being told to
		else this.#refuse(response, 404);
	}

	/** A token that was used before still lets those in who have the cookie: the address is in their history. */
	#exchange(request: IncomingMessage, response: ServerResponse, token: string): void {
		const cookie = request.method === "GET" ? this.#access.exchange(token) : null;
		if (cookie === null && !this.#access.isKnown(request)) {
			this.#refuse(response, 403);
			return;
		}
		response.writeHead(303, { ...safeHeaders(this.#host), ...(cookie === null ? {} : { "Set-Cookie": cookie }), Location: "/", "Cache-Control": "no-store" });
		response.end();
	}

	#page(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
		const body = readPageFile(file);
		response.writeHead(200, {
			...safeHeaders(String(request.headers.host)),
			"Content-Type": file.mediaType,
			"Content-Length": body.length,
			"Cache-Control": file.isHashed ? "private, max-age=31536000, immutable" : "no-store",
		});
		response.end(request.method === "HEAD" ? undefined : body);
	}

	#download(request: IncomingMessage, response: ServerResponse, ticket: string): void {
		let kept: ReturnType<LabService["files"]["get"]>;
		try {
			kept = this.#service.files.get(ticket);
		} catch {
			this.#refuse(response, 404);
			return;
		}
		response.writeHead(200, {
			...safeHeaders(this.#host),
			"Content-Type": "application/octet-stream",
			"Content-Length": kept.bytes,
			"Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(kept.name)}`,
			"Cache-Control": "no-store",
		});
		if (request.method === "HEAD") {
			response.end();
			return;
		}
		pipeline(createReadStream(kept.path, { end: Math.max(0, kept.bytes - 1) }), response, () => {}); // a reader that leaves is no fault
	}

	#upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		socket.on("error", () => socket.destroy());
		const status = this.#whyNoSocket(request);
		if (status === null) {
			this.#sockets.accept(request, socket, head);
			return;
		}
		socket.end(`HTTP/1.1 ${status} ${refusals[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
	}

	#whyNoSocket(request: IncomingMessage): Status | null {
		if (!this.#access.isOurHost(request)) return 421;
		if (!this.#access.isOurOrigin(request, { required: true })) return 403;
		if (!this.#access.isKnown(request)) return 403;
		if (addressOf(request)?.pathname !== "/lab") return 404;
		return this.#sockets.isFull ? 503 : null;
	}

	#refuse(response: ServerResponse, status: Status): void {
		const text = status === 403 ? "This address works once. Start Quorate's web host again, or use the window that is open.\n" : `${refusals[status]}\n`;
		response.writeHead(status, { ...safeHeaders(this.#host), "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" });
		response.end(text);
	}
}

/** The address that was printed, with its token. */
function isEntrance({ pathname, searchParams }: URL): boolean {
	return pathname === "/" && searchParams.has("token");
}

/** @returns null for what is no path on this host */
function addressOf({ url }: IncomingMessage): URL | null {
	if (url === undefined || !url.startsWith("/") || url.startsWith("//")) return null;
	try {
		return new URL(url, "http://host");
	} catch {
		return null; // no address at all
	}
}

function refusedPort(error: NodeJS.ErrnoException, { port, address }: WebHostOptions): QuorateError {
	const why = error.code === "EADDRINUSE" ? "is in use" : error.code === "EACCES" ? "is not for everybody" : `cannot be had (${error.code})`;
	return new QuorateError("usage", `port ${port} of ${address} ${why}`, { advice: "Choose another with --port, or leave it out for any that is free." });
}
