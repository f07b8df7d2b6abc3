/**
 * Stands in for the recorder while a run repeats its past: keeps only the last link of the digest
 * chain, so that the repetition can be compared with what was recorded, and passes blocks on once the
 * fork is reached. Runs on the cluster thread.
 */
import type { LogBlock, LogSink } from "../../core/log-sink.ts";
import { QuorateError } from "../../shared/errors.ts";
import type { ForkPoint } from "./run-task.ts";

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export class ForkSink implements LogSink {
	readonly #expected: ForkPoint["expected"];
	#reached: Uint8Array | null = null;
	#target: LogSink | null = null;

	constructor({ expected }: ForkPoint) {
		this.#expected = expected;
	}

	onBlock(block: LogBlock): void {
		if (block.complete && block.block === this.#expected?.block) this.#reached = block.digest.slice();
		this.#target?.onBlock(block);
	}

	/** @throws QuorateError `verify-differs` when the past was not repeated */
	check(): void {
		if (this.#expected === null) return;
		if (this.#reached !== null && sameBytes(this.#reached, this.#expected.digest)) return;
		throw new QuorateError("verify-differs", "the run does not repeat what the session holds, so it cannot be continued from there", {
			kept: "The file was not changed.",
			advice: "It was recorded by another version, or the lab's services have changed; `quorate verify` names the first difference.",
		});
	}

	/** From now on blocks go to `target`; the open one comes whole. */
	open(target: LogSink): void {
		this.#target = target;
	}
}
