/**
 * One drive as a running node sees it: operations take time, one after another; a full drive and an
 * unreadable sector are told to the program. What survives a crash is decided outside
 * (core/disk-mirror.ts), from the records written here.
 */
import { wholeOf } from "../../shared/byte-range.ts";
import { decodeRange, encode, type PlainValue } from "../../shared/codec.ts";
import type { DiskPlan } from "../../shared/plan.ts";
import type { DriveImage } from "../executor.ts";
import type { DiskResult, Drive, Task } from "../node-api.ts";
import { type Philox, purposes, ratioOf } from "../random.ts";
import { type DiskOperation, DriveFiles, tornRecord } from "./drive-files.ts";

export type DriveRecord =
	| { readonly kind: "written"; readonly diskSequence: number; readonly operation: DiskOperation; readonly path: string; readonly record: Uint8Array }
	| { readonly kind: "synced"; readonly diskSequence: number }
	| { readonly kind: "read"; readonly diskSequence: number; readonly bytes: number; readonly path: string }
	| { readonly kind: "failed"; readonly diskSequence: number; readonly reason: "full" | "readError" | "notFound" | "corrupt" | "dead"; readonly path: string };

/** What a drive needs of its node. */
export interface DrivePort {
	nowUs(): number;
	nextSequence(): number;
	/** Suspends the calling task until `atUs`; `complete` runs then, writes the record and gives the result. */
	await<Value>(atUs: number, complete: () => DiskResult<Value>): Task<DiskResult<Value>>;
	write(drive: number, record: DriveRecord): void;
}

export class RunningDrive implements Drive {
	readonly #index: number;
	readonly #node: number;
	readonly #plan: DiskPlan;
	readonly #port: DrivePort;
	readonly #philox: Philox;
	readonly #files: DriveFiles;
	#busyUntilUs = 0;
	/** Room promised to operations still on their way. */
	#reservedBytes = 0;
	#isDead: boolean;

	constructor(options: {
		readonly index: number;
		readonly node: number;
		readonly plan: DiskPlan;
		readonly image: DriveImage | undefined;
		readonly philox: Philox;
		readonly port: DrivePort;
	}) {
		this.#index = options.index;
		this.#node = options.node;
		this.#plan = options.plan;
		this.#port = options.port;
		this.#philox = options.philox;
		this.#files = new DriveFiles(options.image);
		this.#isDead = options.image?.isDead ?? false;
	}

	get capacityBytes(): number {
		return this.#plan.capacityBytes;
	}

	get isDead(): boolean {
		return this.#isDead;
	}

	usedBytes(): number {
		return this.#files.usedBytes;
	}

	list(prefix: string): readonly string[] {
		return this.#files.list(prefix);
	}

	put(path: string, value: PlainValue): Task<DiskResult> {
		return this.#change("put", path, encode(value));
	}

	append(path: string, record: PlainValue): Task<DiskResult> {
		return this.#change("append", path, encode(record));
	}

	remove(path: string): Task<DiskResult> {
		return this.#change("remove", path, tornRecord);
	}

	sync(): Task<DiskResult> {
		const diskSequence = this.#port.nextSequence();
		return this.#port.await<void>(this.#occupy(this.#plan.syncUs, 0), () => {
			if (this.#isDead) return this.#fail(diskSequence, "dead", "");
			this.#port.write(this.#index, { kind: "synced", diskSequence });
			return { ok: true, value: undefined };
		});
	}

	get(path: string): Task<DiskResult<PlainValue>> {
		return this.#read(path, (records) => {
			const last = records[records.length - 1] as Uint8Array;
			return last.length === 0 ? undefined : decodeRange(wholeOf(last));
		});
	}

	records(path: string): Task<DiskResult<readonly PlainValue[]>> {
		return this.#read(path, (records) => {
			const values: PlainValue[] = [];
			for (const record of records) {
				if (record.length === 0) break;
				values.push(decodeRange(wholeOf(record)));
			}
			return values;
		});
	}

	/** A paused node's drive stood still for this long. */
	shift(byUs: number): void {
		this.#busyUntilUs += byUs;
	}

	wipe(): void {
		for (const path of this.#files.list("")) this.#files.apply({ operation: "remove", path, record: tornRecord });
	}

	/** For good, with all that was on it; what was under way fails when it would have been done. */
	die(): void {
		this.wipe();
		this.#isDead = true;
	}

	#change(operation: DiskOperation, path: string, record: Uint8Array): Task<DiskResult> {
		const diskSequence = this.#port.nextSequence();
		const change = { operation, path, record };
		const growth = Math.max(0, this.#files.growthOf(change));
		const full = this.#files.usedBytes + this.#reservedBytes + growth > this.#plan.capacityBytes;
		if (!full) this.#reservedBytes += growth;
		return this.#port.await<void>(this.#occupy(this.#plan.writeUs, full ? 0 : record.length), () => {
			if (this.#isDead) return this.#fail(diskSequence, "dead", path);
			if (full) return this.#fail(diskSequence, "full", path);
			this.#reservedBytes -= growth;
			this.#files.apply(change);
			this.#port.write(this.#index, { kind: "written", diskSequence, operation, path, record });
			return { ok: true, value: undefined };
		});
	}

	#read<Value>(path: string, interpret: (records: readonly Uint8Array[]) => Value | undefined): Task<DiskResult<Value>> {
		const diskSequence = this.#port.nextSequence();
		const bytes = this.#files.bytesOf(path);
		return this.#port.await<Value>(this.#occupy(this.#plan.readUs, bytes), () => {
			if (this.#isDead) return this.#fail(diskSequence, "dead", path);
			const records = this.#files.records(path);
			if (records === undefined) return this.#fail(diskSequence, "notFound", path);
			if (this.#plan.readErrorRatio > 0) {
				this.#philox.draw(purposes.disk, (this.#node << 12) | this.#index, diskSequence, 0);
				if (ratioOf(this.#philox.w0) < this.#plan.readErrorRatio) return this.#fail(diskSequence, "readError", path);
			}
			const value = interpret(records);
			if (value === undefined) return this.#fail(diskSequence, "corrupt", path);
			this.#port.write(this.#index, { kind: "read", diskSequence, bytes, path });
			return { ok: true, value };
		});
	}

	#fail(diskSequence: number, reason: "full" | "readError" | "notFound" | "corrupt" | "dead", path: string): DiskResult<never> {
		this.#port.write(this.#index, { kind: "failed", diskSequence, reason, path });
		return { ok: false, error: reason };
	}

	/** Queues an operation behind those before it. @returns when it will be done */
	#occupy(fixedUs: number, bytes: number): number {
		const rate = this.#plan.bytesPerSecond;
		const transferUs = rate === 0 ? 0 : Math.ceil((bytes * 1_000_000) / rate);
		const startUs = Math.max(this.#port.nowUs(), this.#busyUntilUs);
		this.#busyUntilUs = startUs + Math.max(1, fixedUs + transferUs);
		return this.#busyUntilUs;
	}
}
