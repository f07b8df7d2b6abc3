/**
 * The files of one drive as bytes, without time or faults: shared by the running node (which sees the
 * drive's cache) and by the kernel's mirror (which knows what would survive).
 */
import type { diskOperations } from "../../shared/event-schema.ts";
import type { DriveImage } from "../executor.ts";

export type DiskOperation = (typeof diskOperations)[number];

/** Stands for a record of which only a part reached the platter: its checksum would fail. */
export const tornRecord = new Uint8Array(0);

/** Directory entry and block overhead charged for each file. */
const fileOverheadBytes = 64;

interface DriveFile {
	appendable: boolean;
	records: Uint8Array[];
	bytes: number;
}

export class DriveFiles {
	readonly #files = new Map<string, DriveFile>();
	#usedBytes = 0;

	constructor(image?: DriveImage) {
		for (const file of image?.files ?? []) {
			for (const record of file.records) this.apply({ operation: file.appendable ? "append" : "put", path: file.path, record });
		}
	}

	get usedBytes(): number {
		return this.#usedBytes;
	}

	/** Bytes the drive would hold more (or less) after this operation. */
	growthOf(change: { readonly operation: DiskOperation; readonly path: string; readonly record: Uint8Array }): number {
		const file = this.#files.get(change.path);
		const held = file === undefined ? 0 : file.bytes + fileOverheadBytes;
		if (change.operation === "remove") return -held;
		if (change.operation === "put") return change.record.length + fileOverheadBytes - held;
		return change.record.length + (file === undefined ? fileOverheadBytes : 0);
	}

	apply(change: { readonly operation: DiskOperation; readonly path: string; readonly record: Uint8Array }): void {
		this.#usedBytes += this.growthOf(change);
		const { operation, path, record } = change;
		if (operation === "remove") {
			this.#files.delete(path);
			return;
		}
		const file = this.#files.get(path);
		if (file === undefined || operation === "put") this.#files.set(path, { appendable: operation === "append", records: [record], bytes: record.length });
		else {
			file.appendable = true;
			file.records.push(record);
			file.bytes += record.length;
		}
	}

	records(path: string): readonly Uint8Array[] | undefined {
		return this.#files.get(path)?.records;
	}

	bytesOf(path: string): number {
		return this.#files.get(path)?.bytes ?? 0;
	}

	/** Sorted by code unit. */
	list(prefix: string): string[] {
		const paths: string[] = [];
		for (const path of this.#files.keys()) if (path.startsWith(prefix)) paths.push(path);
		return paths.sort();
	}

	image(): DriveImage {
		return {
			files: this.list("").map((path) => {
				const file = this.#files.get(path) as DriveFile;
				return { path, records: file.records, appendable: file.appendable };
			}),
		};
	}
}
