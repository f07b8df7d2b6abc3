/**
 * The window's end of the contract: calls as promises, pushes as callbacks, and nothing believed that
 * does not fit its schema. Knows no transport: it is given one that carries bytes. Pure.
 */
import { type CallName, type CallReply, type CallRequest, calls, contractVersion } from "./calls.ts";
import { ContractError, errorFromView } from "./errors.ts";
import { type LabFrame, problemOf, readLabFrame, type Welcome, writeFrame } from "./frames.ts";
import { type Push, type PushName, pushes } from "./pushes.ts";

/** What carries bytes between window and lab. Frames arrive whole and in order. */
export interface ByteTransport {
	send(frame: Uint8Array): void;
	onFrame(take: (frame: Uint8Array) => void): void;
	/** Called once, when nothing more can be sent or will arrive. */
	onClose(take: (reason: string) => void): void;
	close(): void;
}

/** What is used of an AbortSignal; which this room does not know. */
export interface CallSignal {
	readonly aborted: boolean;
	addEventListener(type: "abort", listener: () => void): void;
	removeEventListener(type: "abort", listener: () => void): void;
}

interface Pending {
	readonly call: CallName;
	resolve(reply: never): void;
	reject(error: ContractError): void;
}

type Listener = (content: never) => void;

export class LabClient {
	/** Resolves when the lab has answered the greeting; until then calls wait. */
	readonly welcome: Promise<Welcome>;
	readonly #transport: ByteTransport;
	readonly #pending = new Map<number, Pending>();
	readonly #listeners = new Map<PushName, Set<Listener>>();
	readonly #closeListeners = new Set<(error: ContractError) => void>();
	#welcomed: { resolve(welcome: Welcome): void; reject(error: ContractError): void } = { resolve: () => {}, reject: () => {} };
	#calls = 0;
	#closed: ContractError | null = null;

	constructor(transport: ByteTransport) {
		this.#transport = transport;
		this.welcome = new Promise((resolve, reject) => {
			this.#welcomed = { resolve, reject };
		});
		this.welcome.catch(() => {}); // whoever waits for it is told as well
		transport.onFrame((frame) => this.#take(frame));
		transport.onClose((reason) => this.#close(new ContractError("cancelled", reason)));
		transport.send(writeFrame({ kind: "hello", contractVersion }));
	}

	/**
	 * @param signal nobody wants the answer any more: the promise is over at once, and the lab is told
	 * @throws ContractError as the lab refuses, `request-invalid` for what never left, `cancelled` when it is called off or
	 *   the connection ends
	 */
	async call<Name extends CallName>(name: Name, request: CallRequest<Name>, { signal }: { readonly signal?: CallSignal } = {}): Promise<CallReply<Name>> {
		if (this.#closed !== null) throw this.#closed;
		if (signal?.aborted === true) throw calledOff(name);
		const checked = calls[name].request.safeParse(request);
		if (!checked.success) throw new ContractError("request-invalid", `${name}: ${problemOf(checked.error)}`);
		const id = ++this.#calls;
		const onAbort = (): void => this.#callOff(id);
		signal?.addEventListener("abort", onAbort);
		try {
			return await new Promise((resolve, reject) => {
				this.#pending.set(id, { call: name, resolve: resolve as Pending["resolve"], reject });
				this.#transport.send(writeFrame({ kind: "call", id, call: name, request }));
			});
		} finally {
			signal?.removeEventListener("abort", onAbort);
		}
	}

	/** @returns what ends the listening */
	on<Name extends PushName>(name: Name, listener: (content: Push<Name>) => void): () => void {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners);
		listeners.add(listener as Listener);
		return () => listeners.delete(listener as Listener);
	}

	/** Called when the connection has ended, at once if it has already. */
	onClose(listener: (error: ContractError) => void): () => void {
		if (this.#closed !== null) listener(this.#closed);
		else this.#closeListeners.add(listener);
		return () => this.#closeListeners.delete(listener);
	}

	close(): void {
		this.#transport.close();
		this.#close(new ContractError("cancelled", "the window closed the connection"));
	}

	#take(bytes: Uint8Array): void {
		if (this.#closed !== null) return;
		let frame: LabFrame;
		try {
			frame = readLabFrame(bytes);
		} catch (error) {
			this.#transport.close();
			this.#close(error instanceof ContractError ? error : new ContractError("internal", "a frame could not be read"));
			return;
		}
		switch (frame.kind) {
			case "welcome":
				this.#welcomed.resolve(frame);
				return;
			case "reply":
				this.#reply(frame.id, frame.reply);
				return;
			case "refusal":
				this.#refuse(frame.id, errorFromView(frame.error));
				return;
			case "push":
				this.#push(frame.push, frame.content);
				return;
		}
	}

	#callOff(id: number): void {
		const pending = this.#pending.get(id);
		if (pending === undefined) return;
		this.#pending.delete(id);
		this.#transport.send(writeFrame({ kind: "cancel", id }));
		pending.reject(calledOff(pending.call));
	}

	#reply(id: number, reply: unknown): void {
		const pending = this.#pending.get(id);
		if (pending === undefined) return;
		this.#pending.delete(id);
		const checked = calls[pending.call].reply.safeParse(reply);
		if (checked.success) pending.resolve(checked.data as never);
		else pending.reject(new ContractError("internal", `the lab's answer to ${pending.call} cannot be read: ${problemOf(checked.error)}`));
	}

	#refuse(id: number, error: ContractError): void {
		if (id === 0) {
			this.#welcomed.reject(error);
			return;
		}
		this.#pending.get(id)?.reject(error);
		this.#pending.delete(id);
	}

	#push(name: string, content: unknown): void {
		if (!Object.hasOwn(pushes, name)) return; // of a later lab
		const listeners = this.#listeners.get(name as PushName);
		if (listeners === undefined || listeners.size === 0) return;
		const checked = pushes[name as PushName].safeParse(content);
		if (!checked.success) return; // the next one will do
		for (const listener of listeners) listener(checked.data as never);
	}

	#close(error: ContractError): void {
		if (this.#closed !== null) return;
		this.#closed = error;
		this.#welcomed.reject(error);
		for (const pending of this.#pending.values()) pending.reject(error);
		this.#pending.clear();
		for (const listener of this.#closeListeners) listener(error);
	}
}

function calledOff(call: CallName): ContractError {
	return new ContractError("cancelled", `${call} was called off`);
}
