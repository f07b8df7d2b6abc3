/**
 * One drive of a block server: parts as two files each, `data/PART@COPY` (packets with the sums of their
 * chunks) and `meta/PART@COPY` (what the whole is). The description is written only after the data is synced, so a
 * description that survives a crash stands for data that did; and it is that of one copy, so that what is late in
 * being thrown away takes no other with it. `identity` tells an old drive from an empty one.
 *
 * Must not know: which parts are wanted, who asks.
 */
import type { DiskResult, Drive, PlainValue, Task } from "../../../core/node-api.ts";
import { crc32c } from "../checksum.ts";
import { plain } from "../records.ts";

const identityPath = "files/identity";
const metaFolder = "files/meta/";
const dataFolder = "files/data/";
/** An unreadable sector is tried again this often; one that says what there is, oftener. */
const readsMax = 8;
const metaReadsMax = 64;

export type Meta = { readonly copy: number; readonly bytes: number; readonly sum: number; readonly packets: number; readonly chunkBytes: number };
type PacketRecord = { readonly bytes: Uint8Array; readonly sums: readonly number[] };

export interface HeldCopy extends Meta {
	readonly part: string;
	readonly drive: number;
}

export type PartRead = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: "missing" | "corrupt" | "unreadable" };

/** The sums of a packet's chunks. */
export function chunkSums(bytes: Uint8Array, chunkBytes: number): number[] {
	return Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) => crc32c(bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)));
}

export function sumsMatch({ bytes, sums }: PacketRecord, chunkBytes: number): boolean {
	return sums.every((sum, index) => crc32c(bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)) === sum);
}

function nameOf(part: string, copy: number): string {
	return `${part}@${copy}`;
}

function dataPath(part: string, copy: number): string {
	return dataFolder + nameOf(part, copy);
}

function metaPath(part: string, copy: number): string {
	return metaFolder + nameOf(part, copy);
}

export class Shelf {
	readonly index: number;
	readonly #drive: Drive;
	/** Room promised to parts on their way. */
	#reservedBytes = 0;

	constructor(index: number, drive: Drive) {
		this.index = index;
		this.#drive = drive;
	}

	get capacity(): number {
		return this.#drive.capacityBytes;
	}

	get used(): number {
		return this.#drive.usedBytes() + this.#reservedBytes;
	}

	get free(): number {
		return Math.max(0, this.capacity - this.used);
	}

	reserve(bytes: number): void {
		this.#reservedBytes += bytes;
	}

	release(bytes: number): void {
		this.#reservedBytes -= bytes;
	}

	/** For good, with all that was on it. Costs nothing. */
	get isDead(): boolean {
		return this.#drive.isDead;
	}

	/** False: it is dead, another drive than it was, or was emptied. Costs nothing. */
	get isKnown(): boolean {
		return this.#drive.list(identityPath).length > 0;
	}

	/** Makes an empty drive ours. */
	*claim(): Task {
		yield* this.#drive.put(identityPath, { claimed: true });
		yield* this.#drive.sync();
	}

	/**
	 * Everything described here. A torn description, and data without one, is removed: it was never acknowledged. One
	 * that cannot be read just now may be of a good copy: it is left for the next start, and its data with it.
	 */
	*load(): Task<HeldCopy[]> {
		const found: HeldCopy[] = [];
		const kept = new Set<string>();
		for (const path of this.#drive.list(metaFolder)) {
			const meta = yield* this.#read(() => this.#drive.get(path), metaReadsMax);
			const name = path.slice(metaFolder.length);
			if (meta.ok) found.push({ ...(meta.value as Meta), part: name.slice(0, name.lastIndexOf("@")), drive: this.index });
			if (meta.ok || meta.error === "readError") kept.add(dataFolder + name);
			else yield* this.#drive.remove(path);
		}
		for (const path of this.#drive.list(dataFolder)) if (!kept.has(path)) yield* this.#drive.remove(path);
		return found;
	}

	append(part: string, copy: number, packet: PacketRecord): Task<DiskResult> {
		return this.#drive.append(dataPath(part, copy), plain(packet));
	}

	describe(part: string, meta: Meta): Task<DiskResult> {
		return this.#drive.put(metaPath(part, meta.copy), plain(meta));
	}

	sync(): Task<DiskResult> {
		return this.#drive.sync();
	}

	/** In this order, so that a crash between leaves data without a description. */
	*remove(part: string, copy: number): Task {
		yield* this.#drive.remove(metaPath(part, copy));
		yield* this.#drive.remove(dataPath(part, copy));
	}

	/** @param checksums false: gives what the drive gives */
	*read({ part, copy, bytes, chunkBytes }: HeldCopy, checksums: boolean): Task<PartRead> {
		const result = yield* this.#read(() => this.#drive.records(dataPath(part, copy)));
		if (!result.ok) return { ok: false, why: result.error === "notFound" ? "missing" : result.error === "corrupt" ? "corrupt" : "unreadable" };
		const packets = result.value as unknown as readonly PacketRecord[];
		if (checksums && !packets.every((packet) => sumsMatch(packet, chunkBytes))) return { ok: false, why: "corrupt" };
		const whole = new Uint8Array(bytes);
		let at = 0;
		for (const packet of packets) {
			const fitting = packet.bytes.subarray(0, bytes - at);
			whole.set(fitting, at);
			at += fitting.length;
		}
		return checksums && at !== bytes ? { ok: false, why: "corrupt" } : { ok: true, bytes: whole };
	}

	/** The world's doing: one bit of the data is another, and its sums are not. */
	*flipBit({ part, copy }: HeldCopy, below: (below: number) => number): Task<boolean> {
		const result = yield* this.#read(() => this.#drive.records(dataPath(part, copy)));
		if (!result.ok || result.value.length === 0) return false;
		const packets = result.value as unknown as readonly PacketRecord[];
		const unlucky = below(packets.length);
		yield* this.#drive.remove(dataPath(part, copy));
		for (const [index, { bytes, sums }] of packets.entries()) {
			const flipped = bytes.slice();
			if (index === unlucky && flipped.length > 0) {
				const at = below(flipped.length);
				flipped[at] = (flipped[at] as number) ^ (1 << below(8));
			}
			yield* this.append(part, copy, { bytes: flipped, sums });
		}
		yield* this.#drive.sync();
		return true;
	}

	/** The world's doing: another drive is in its place. */
	*empty(): Task {
		for (const path of this.#drive.list("files/")) yield* this.#drive.remove(path);
		yield* this.#drive.sync();
	}

	*#read<Value extends PlainValue | readonly PlainValue[]>(read: () => Task<DiskResult<Value>>, triesMax = readsMax): Task<DiskResult<Value>> {
		for (let tries = 1; ; tries++) {
			const result = yield* read();
			if (result.ok || result.error !== "readError" || tries === triesMax) return result;
		}
	}
}
