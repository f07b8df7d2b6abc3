/**
 * What binds a session together: every row that matters is hashed into a chain, and the seal over all
 * chains is renewed in each commit, so that no altered byte that matters goes unnoticed. It guards
 * against damage, not against forgery: who can write the file can write a seal; a forged run is found
 * by running it again.
 */
import { createHash, type Hash } from "node:crypto";

/** Hashes typed fields without ambiguity: each is written with its kind and its length. */
export class SealHash {
	readonly #hash: Hash = createHash("sha256");
	readonly #scratch = new DataView(new ArrayBuffer(9));

	/** @param purpose says what is hashed, so that one kind of row can never pass for another */
	constructor(purpose: string) {
		this.text(purpose);
	}

	/** A safe integer. */
	integer(value: number): this {
		this.#field(1, value);
		return this;
	}

	text(value: string): this {
		const bytes = Buffer.from(value, "utf8");
		this.#field(2, bytes.length);
		this.#hash.update(bytes);
		return this;
	}

	bytes(value: Uint8Array): this {
		this.#field(3, value.length);
		this.#hash.update(value);
		return this;
	}

	/** 32 bytes. Ends this hash. */
	value(): Uint8Array {
		return new Uint8Array(this.#hash.digest());
	}

	#field(kind: number, value: number): void {
		this.#scratch.setUint8(0, kind);
		this.#scratch.setBigInt64(1, BigInt(value), true);
		this.#hash.update(new Uint8Array(this.#scratch.buffer));
	}
}

export function sha256(bytes: Uint8Array): Uint8Array {
	return new Uint8Array(createHash("sha256").update(bytes).digest());
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Where every chain of a session begins: what the run is of. */
export function sealOfRoot({ header, lab, plan }: { readonly header: string; readonly lab: string; readonly plan: string }): Uint8Array {
	return new SealHash("quorate root 1").text(header).text(lab).text(plan).value();
}

export interface SealedPart {
	readonly firstOffset: number;
	readonly storedCount: number;
	readonly rawBytes: number;
	readonly checksum: Uint8Array;
}

export interface SealedBlock {
	readonly block: number;
	readonly eventCount: number;
	readonly storedCount: number;
	readonly fromUs: number;
	readonly untilUs: number;
	readonly digest: Uint8Array;
	readonly parts: readonly SealedPart[];
}

/** Next link of a branch's chain of blocks. */
export function sealOfBlock(previous: Uint8Array, branch: number, row: SealedBlock): Uint8Array {
	const hash = new SealHash("quorate block 1").bytes(previous).integer(branch).integer(row.block).integer(row.eventCount).integer(row.storedCount);
	hash.integer(row.fromUs).integer(row.untilUs).bytes(row.digest).integer(row.parts.length);
	for (const part of row.parts) hash.integer(part.firstOffset).integer(part.storedCount).integer(part.rawBytes).bytes(part.checksum);
	return hash.value();
}

export interface SealedCommand {
	readonly sequence: number;
	readonly atUs: number;
	readonly origin: string;
	readonly line: string;
}

/** Next link of a branch's chain of commands. */
export function sealOfCommand(previous: Uint8Array, branch: number, row: SealedCommand): Uint8Array {
	return new SealHash("quorate command 1").bytes(previous).integer(branch).integer(row.sequence).integer(row.atUs).text(row.origin).text(row.line).value();
}

/** A row of `branches`, as it lies in the file. */
export interface BranchRow {
	readonly branch: number;
	readonly parent: number;
	readonly forkIndex: number;
	readonly forkUs: number;
	readonly name: string;
	readonly eventCount: number;
	readonly untilUs: number;
	readonly digest: Uint8Array;
	readonly finished: number;
	readonly verdicts: string;
	readonly blockCount: number;
	readonly blockSeal: Uint8Array;
	readonly commandCount: number;
	readonly commandSeal: Uint8Array;
}

/** The seal of the whole file. */
export function sealOfSession(root: Uint8Array, branches: readonly BranchRow[], annotations: Uint8Array): Uint8Array {
	const hash = new SealHash("quorate session 1").bytes(root).integer(branches.length);
	for (const row of branches) {
		hash.integer(row.branch).integer(row.parent).integer(row.forkIndex).integer(row.forkUs).text(row.name);
		hash.integer(row.eventCount).integer(row.untilUs).bytes(row.digest).integer(row.finished).text(row.verdicts);
		hash.integer(row.blockCount).bytes(row.blockSeal).integer(row.commandCount).bytes(row.commandSeal);
	}
	return hash.bytes(annotations).value();
}
