/**
 * What every drive of the cluster holds, as told by the log: the kernel's side of the disks. A crash
 * takes the node's RAM with it; what is on the platter by then is decided here, from the synced writes
 * and a draw for each unsynced one. Also what the inspector shows as "on disk".
 */
import { wholeOf } from "../shared/byte-range.ts";
import { decodeRange, type PlainValue } from "../shared/codec.ts";
import { assert } from "../shared/errors.ts";
import { bodyOf, offsetOf } from "../shared/event-record.ts";
import { diskOperations } from "../shared/event-schema.ts";
import type { Plan } from "../shared/plan.ts";
import type { DriveImage } from "./executor.ts";
import { type DiskOperation, DriveFiles, tornRecord } from "./node/drive-files.ts";
import { type Philox, purposes, ratioOf } from "./random.ts";

interface PendingWrite {
	readonly diskSequence: number;
	readonly operation: DiskOperation;
	readonly path: string;
	readonly record: Uint8Array;
}

interface MirroredDrive {
	durable: DriveFiles;
	pending: PendingWrite[];
	isDead: boolean;
}

const writtenDrive = offsetOf("diskWritten", "drive");
const writtenSequence = offsetOf("diskWritten", "diskSequence");
const writtenOperation = offsetOf("diskWritten", "operation");
const syncedDrive = offsetOf("diskSynced", "drive");

export class DiskMirror {
	readonly #plan: Plan;
	readonly #philox: Philox;
	/** Drives are made when first written: ten thousand empty ones cost nothing. */
	readonly #drives: Map<number, MirroredDrive>[];

	constructor(plan: Plan, philox: Philox) {
		this.#plan = plan;
		this.#philox = philox;
		this.#drives = plan.nodes.map(() => new Map());
	}

	onWritten(node: number, words: Int32Array, start: number): void {
		const [path, record] = decodeRange(wholeOf(bodyOf(words, start))) as [string, Uint8Array];
		const operation = diskOperations[words[start + writtenOperation] as number] as DiskOperation;
		this.#drive(node, words[start + writtenDrive] as number).pending.push({
			diskSequence: words[start + writtenSequence] as number,
			operation,
			path,
			record,
		});
	}

	/** A drive does one thing after the other: whatever reached it before the sync is safe after it. */
	onSynced(node: number, words: Int32Array, start: number): void {
		const drive = this.#drive(node, words[start + syncedDrive] as number);
		for (const write of drive.pending) drive.durable.apply(write);
		drive.pending = [];
	}

	/**
	 * Decides the fate of every unsynced write: torn with the plan's ratio, else lost or kept with even
	 * odds, each on its own (a drive's cache keeps no order). Keyed by the write, so another crash
	 * earlier or later changes nothing here.
	 */
	onCrash(node: number): { readonly lost: number; readonly torn: number } {
		const tornRatio = this.#plan.nodes[node]?.disk.tornRatio ?? 0;
		let lost = 0;
		let torn = 0;
		for (const [index, drive] of this.#drives[node] as Map<number, MirroredDrive>) {
			for (const write of drive.pending) {
				this.#philox.draw(purposes.disk, (node << 12) | index, write.diskSequence, 1);
				if (ratioOf(this.#philox.w0) < tornRatio && write.operation !== "remove") {
					drive.durable.apply({ ...write, record: tornRecord });
					torn++;
				} else if (ratioOf(this.#philox.w1) < 0.5) lost++;
				else drive.durable.apply(write);
			}
			drive.pending = [];
		}
		return { lost, torn };
	}

	/** Dead drives stay dead. */
	wipe(node: number): void {
		const drives = this.#drives[node] as Map<number, MirroredDrive>;
		for (const [index, { isDead }] of drives) if (!isDead) drives.delete(index);
	}

	/** The drive dies, with all that was on it. */
	fail(node: number, index: number): void {
		const drive = this.#drive(node, index);
		drive.durable = new DriveFiles();
		drive.pending = [];
		drive.isDead = true;
	}

	isDead(node: number, index: number): boolean {
		return this.#drives[node]?.get(index)?.isDead ?? false;
	}

	/** Durable contents, one image a drive, in order. */
	images(node: number): DriveImage[] {
		const drives = this.#drives[node] as Map<number, MirroredDrive>;
		const count = this.#plan.nodes[node]?.disk.drives ?? 0;
		return Array.from({ length: count }, (_, index) => {
			const drive = drives.get(index);
			if (drive?.isDead) return { files: [], isDead: true };
			return drive?.durable.image() ?? { files: [] };
		});
	}

	/** For the inspector: files with their durable values and how many writes are not yet safe. */
	inspect(node: number): PlainValue {
		const drives = this.#drives[node] as Map<number, MirroredDrive>;
		return [...drives.keys()]
			.sort((a, b) => a - b)
			.map((index) => {
				const drive = drives.get(index) as MirroredDrive;
				const files = drive.durable
					.image()
					.files.map(({ path, records }) => ({ path, records: records.map((record) => (record.length === 0 ? "(torn)" : decodeRange(wholeOf(record)))) }));
				if (drive.isDead) return { drive: index, dead: true, files, unsynced: [] };
				return { drive: index, files, unsynced: drive.pending.map(({ operation, path }) => `${operation} ${path}`) };
			});
	}

	#drive(node: number, index: number): MirroredDrive {
		const drives = this.#drives[node];
		assert(drives !== undefined, `node ${node} exists`);
		let drive = drives.get(index);
		if (drive === undefined) {
			drive = { durable: new DriveFiles(), pending: [], isDead: false };
			drives.set(index, drive);
		}
		return drive;
	}
}
