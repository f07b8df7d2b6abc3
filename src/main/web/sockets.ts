/** Windows in a browser: one socket each, with limits on what it may send and on what may wait for it. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { windowFrameBytesMax } from "../../shared/contract/limits.ts";
import type { LabService } from "../lab-service/lab-service.ts";

const socketsMax = 32;
const aliveEveryMs = 30_000;
/** Closing codes of RFC 6455: 1008 a broken rule, 1003 a kind of data that is not taken. */
const brokenRule = 1008;
const wrongData = 1003;

export class Sockets {
	readonly #server = new WebSocketServer({ noServer: true, maxPayload: windowFrameBytesMax, perMessageDeflate: false, clientTracking: true });
	readonly #service: LabService;
	readonly #silent = new Set<WebSocket>();
	readonly #timer: NodeJS.Timeout;

	constructor(service: LabService) {
		this.#service = service;
		this.#timer = setInterval(() => this.#look(), aliveEveryMs);
		this.#timer.unref();
	}

	get isFull(): boolean {
		return this.#server.clients.size >= socketsMax;
	}

	/** The request has been looked over. */
	accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		this.#server.handleUpgrade(request, socket, head, (ws) => this.#serve(ws));
	}

	close(): void {
		clearInterval(this.#timer);
		for (const ws of this.#server.clients) ws.terminate();
		this.#server.close();
	}

	#serve(ws: WebSocket): void {
		const connection = this.#service.connect({
			send: (frame) => ws.send(frame),
			backlogBytes: () => ws.bufferedAmount,
			close: (reason) => ws.close(brokenRule, reason),
		});
		ws.on("message", (data: Buffer, isBinary: boolean) => {
			if (isBinary) connection.receive(data);
			else ws.close(wrongData, "frames are binary");
		});
		ws.on("pong", () => this.#silent.delete(ws));
		ws.on("error", () => ws.terminate()); // too large, or no frame: the window has to come again
		ws.on("close", () => {
			this.#silent.delete(ws);
			this.#service.disconnect(connection);
		});
	}

	/** A window that has not answered since the last look has gone without a word. */
	#look(): void {
		for (const ws of this.#server.clients) {
			if (this.#silent.has(ws)) ws.terminate();
			else {
				this.#silent.add(ws);
				ws.ping();
			}
		}
	}
}
