/**
 * One window's end of the service: takes frames, refuses what is none, keeps to limits, and leaves out
 * states that would come too late. Knows no call by name; every byte that arrives is hostile.
 */
import { type CallName, callNames, calls, contractVersion } from "../../shared/contract/calls.ts";
import { ContractError, errorViewOf } from "../../shared/contract/errors.ts";
import { type LabFrame, problemOf, readWindowFrame, type Welcome, writeFrame } from "../../shared/contract/frames.ts";
import { labFrameBytesMax } from "../../shared/contract/limits.ts";
import type { Push, PushName } from "../../shared/contract/pushes.ts";

/** What a transport gives the service. */
export interface WindowPort {
	send(frame: Uint8Array): void;
	/** Sent and not yet taken; grows when the window does not keep up. */
	backlogBytes(): number;
	/** The window has broken the rules for good. */
	close(reason: string): void;
}

export interface ConnectionParts {
	readonly port: WindowPort;
	welcome(): Omit<Welcome, "kind" | "contractVersion">;
	/** @param signal the window does not want the answer any more, or has gone */
	handle(call: CallName, request: unknown, connection: Connection, signal: AbortSignal): Promise<unknown>;
	/** Now the window hears what it is told. */
	onGreeted(connection: Connection): void;
	nowMs(): number;
}

/** Calls under way at once. */
const callsMax = 64;
/** Frames a second, and how many may come at once. */
const framesPerSecond = 500;
const framesBurst = 1_000;
/** Refused in a row before the connection is ended: nobody means well any more. */
const refusalsMax = 100_000;
/** States are left out while more than this waits to be taken. */
const statusBacklogBytes = 1_048_576;
/** A window that takes nothing any more is let go. */
const backlogBytesMax = 268_435_456;

const known: ReadonlySet<string> = new Set(callNames);

export class Connection {
	/** Runs that this window is told about, and how often it asked for that: it may show one run twice. */
	readonly #watched = new Map<string, number>();
	readonly #parts: ConnectionParts;
	#isGreeted = false;
	#isClosed = false;
	/** Calls under way, and how each is called off. */
	readonly #open = new Map<AbortController, number>();
	#tokens = framesBurst;
	#tokensMs: number;
	#refusals = 0;

	constructor(parts: ConnectionParts) {
		this.#parts = parts;
		this.#tokensMs = parts.nowMs();
	}

	get isGreeted(): boolean {
		return this.#isGreeted;
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	get callsUnderWay(): number {
		return this.#open.size;
	}

	/** Runs that it is told about. */
	get watched(): readonly string[] {
		return [...this.#watched.keys()];
	}

	watches(run: string): boolean {
		return this.#watched.has(run);
	}

	watch(run: string): void {
		this.#watched.set(run, (this.#watched.get(run) ?? 0) + 1);
	}

	/** Undoes one `watch`. */
	unwatch(run: string): void {
		const times = (this.#watched.get(run) ?? 0) - 1;
		if (times > 0) this.#watched.set(run, times);
		else this.#watched.delete(run);
	}

	/** Nothing more will come of this window, and nothing more is sent. */
	end(): void {
		this.#isClosed = true;
		for (const call of this.#open.keys()) call.abort();
	}

	/** A frame as it came; never throws. */
	receive(bytes: Uint8Array): void {
		if (this.#isClosed) return;
		let id = 0;
		try {
			const frame = readWindowFrame(bytes);
			if (frame.kind === "hello") {
				this.#greet(frame.contractVersion);
				return;
			}
			if (frame.kind === "cancel") {
				this.#callOff(frame.id);
				return;
			}
			id = frame.id;
			if (!this.#isGreeted) throw new ContractError("request-invalid", "a call before the greeting");
			this.#pay();
			this.#call(id, frame.call, frame.request);
		} catch (error) {
			this.#refuse(id, error);
		}
	}

	push<Name extends PushName>(push: Name, content: Push<Name>): void {
		if (this.#isClosed || !this.#isGreeted) return;
		const backlog = this.#parts.port.backlogBytes();
		if (push === "status" && backlog > statusBacklogBytes) return;
		if (backlog > backlogBytesMax) {
			this.#parts.port.close("the window takes nothing any more");
			return;
		}
		this.#send({ kind: "push", push, content });
	}

	#greet(version: number): void {
		if (version !== contractVersion) {
			throw new ContractError("version-differs", `the window speaks version ${version} of the contract, the lab version ${contractVersion}`, {
				advice: "Load the window again.",
			});
		}
		this.#isGreeted = true;
		this.#send({ kind: "welcome", contractVersion, ...this.#parts.welcome() });
		this.#parts.onGreeted(this);
	}

	#pay(): void {
		const nowMs = this.#parts.nowMs();
		this.#tokens = Math.min(framesBurst, this.#tokens + ((nowMs - this.#tokensMs) / 1_000) * framesPerSecond);
		this.#tokensMs = nowMs;
		if (this.#tokens < 1 || this.#open.size >= callsMax) throw new ContractError("too-busy", "too many calls at once", { advice: "Ask again in a moment." });
		this.#tokens--;
	}

	#call(id: number, name: string, request: unknown): void {
		if (!known.has(name)) throw new ContractError("request-invalid", "there is no such call");
		const call = name as CallName;
		const checked = calls[call].request.safeParse(request);
		if (!checked.success) throw new ContractError("request-invalid", `${call}: ${problemOf(checked.error)}`);
		const controller = new AbortController();
		this.#open.set(controller, id);
		this.#parts
			.handle(call, checked.data, this, controller.signal)
			.finally(() => this.#open.delete(controller))
			.then(
				(reply) => this.#send({ kind: "reply", id, reply }),
				(error: unknown) => this.#refuse(id, error),
			);
	}

	/** Costs nothing: of calls that are not under way there is nothing to call off, and each that is was paid for. */
	#callOff(id: number): void {
		for (const [controller, open] of this.#open) if (open === id) controller.abort();
	}

	#refuse(id: number, error: unknown): void {
		const view = errorViewOf(error);
		this.#send({ kind: "refusal", id, error: view });
		this.#refusals = view.code === "request-invalid" ? this.#refusals + 1 : 0;
		if (this.#refusals > refusalsMax) this.#parts.port.close("nothing of this is the contract");
	}

	#send(frame: LabFrame): void {
		if (!this.#isClosed) this.#parts.port.send(this.#encoded(frame));
	}

	/** What cannot be told is not told, and whoever asked for it is. */
	#encoded(frame: LabFrame): Uint8Array {
		const id = frame.kind === "reply" ? frame.id : 0;
		try {
			const bytes = writeFrame(frame);
			if (bytes.length <= labFrameBytesMax) return bytes;
			const error = new ContractError("usage", "the answer is larger than a window can take", { advice: "Ask for less." });
			return writeFrame({ kind: "refusal", id, error: errorViewOf(error) });
		} catch (error) {
			return writeFrame({ kind: "refusal", id, error: errorViewOf(error) });
		}
	}
}
