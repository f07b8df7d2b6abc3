/**
 * Finds the way to the lab: the door that the desktop's preload script opened, or else a WebSocket to
 * the host that served this page. Carries bytes and looks into none of them.
 */
import type { ByteTransport } from "../../shared/contract/client.ts";

/** What the preload script exposes; functions and bytes are all that crosses. */
interface DesktopBridge {
	readonly host: string;
	send(frame: Uint8Array): void;
	/** @returns what ends the listening */
	onFrame(take: (frame: Uint8Array) => void): () => void;
}

declare global {
	interface Window {
		readonly quorate?: DesktopBridge;
	}
}

/** The desktop's door lasts as long as the page: it ends when the page does, or when it is left. */
function bridgeTransport(bridge: DesktopBridge): ByteTransport {
	let stop = (): void => {};
	return {
		send: (frame) => bridge.send(frame),
		onFrame: (take) => {
			stop = bridge.onFrame(take);
		},
		onClose: () => {},
		close: () => stop(),
	};
}

/** The page's own cookie says who is asking; nothing secret is in this address. */
function socketUrl(): string {
	const url = new URL("/lab", window.location.href);
	url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
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
	return typeof bridge?.onFrame === "function" ? bridgeTransport(bridge) : new SocketTransport(socketUrl());
}
