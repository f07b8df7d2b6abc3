/**
 * Finds the way to the lab: the door that the desktop's preload script opened, or else a WebSocket to
 * the host that served this page. Carries bytes and looks into none of them.
 */
import type { ByteTransport } from "../../shared/contract/client.ts";

/** What the preload script exposes; functions and bytes are all that crosses. */
export interface DesktopBridge {
	readonly host: string;
	send(frame: Uint8Array): void;
	onFrame(take: (frame: Uint8Array) => void): void;
	onClose(take: (reason: string) => void): void;
	close(): void;
}

declare global {
	interface Window {
		readonly quorate?: DesktopBridge;
	}
}

/** Path of the host's socket; the token travels as a cookie-free query, as in the page's own address. */
const socketPath = "/socket";

function socketUrl(): string {
	const url = new URL(socketPath, window.location.href);
	url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
	const token = new URLSearchParams(window.location.search).get("token");
	if (token !== null) url.searchParams.set("token", token);
	return url.href;
}

/** Frames that are sent before the socket is open wait for it. */
class SocketTransport implements ByteTransport {
	readonly #socket: WebSocket;
	readonly #waiting: Uint8Array[] = [];

	constructor(url: string) {
		this.#socket = new WebSocket(url);
		this.#socket.binaryType = "arraybuffer";
		this.#socket.addEventListener("open", () => {
			for (const frame of this.#waiting.splice(0)) this.#socket.send(frame as Uint8Array<ArrayBuffer>);
		});
	}

	send(frame: Uint8Array): void {
		if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame as Uint8Array<ArrayBuffer>);
		else if (this.#socket.readyState === WebSocket.CONNECTING) this.#waiting.push(frame);
	}

	onFrame(take: (frame: Uint8Array) => void): void {
		this.#socket.addEventListener("message", ({ data }) => {
			if (data instanceof ArrayBuffer) take(new Uint8Array(data));
		});
	}

	onClose(take: (reason: string) => void): void {
		this.#socket.addEventListener("close", ({ reason }) => take(reason === "" ? "the connection to the lab has ended" : reason), { once: true });
	}

	close(): void {
		this.#socket.close();
	}
}

export function connectToLab(): ByteTransport {
	const bridge = window.quorate;
	return typeof bridge?.send === "function" ? bridge : new SocketTransport(socketUrl());
}
