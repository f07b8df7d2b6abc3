/**
 * Files on their way between the user and the lab: made ones, that wait under a ticket until they are
 * fetched, and uploads, that grow until they are whole. Bounded in number and size; knows no session.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContractError } from "../../shared/contract/errors.ts";

export interface KeptFile {
	readonly ticket: string;
	readonly path: string;
	/** As the user shall see it. */
	readonly name: string;
	readonly mediaType: string;
	readonly bytes: number;
}

interface Upload {
	readonly owner: object;
	readonly name: string;
	readonly bytes: number;
	readonly path: string;
	readonly file: FileHandle;
	received: number;
	turn: Promise<unknown>;
}

/** Made files that are kept. */
export const filesMax = 64;
const keptBytesMax = 2 ** 31;
const uploadsMax = 4;

/** A name that a browser and every file system take literally. */
function safeFileName(name: string): string {
	const safe = name
		.normalize("NFC")
		.replace(/[^\p{L}\p{N} _.,()+@=-]/gu, "-")
		.replace(/^[. ]+|[. ]+$/g, "")
		.slice(0, 120);
	return safe === "" ? "file" : safe;
}

export class Files {
	readonly #incoming: () => string;
	readonly #kept = new Map<string, KeptFile>();
	readonly #uploads = new Map<string, Upload>();
	/** Uploads whose file is being made. */
	#beginning = 0;
	#folder: string | null = null;
	#count = 0;

	/** @param incoming the folder in which uploads grow: on the library's disk, so that they can be moved into it */
	constructor(incoming: () => string) {
		this.#incoming = incoming;
	}

	/** How much there is of it. */
	get held(): { readonly uploads: number; readonly files: number; readonly bytes: number } {
		let bytes = 0;
		for (const { bytes: more } of this.#kept.values()) bytes += more;
		return { uploads: this.#uploads.size + this.#beginning, files: this.#kept.size, bytes };
	}

	/** A path for a file that is about to be made. */
	newPath(): string {
		this.#folder ??= mkdtempSync(join(tmpdir(), "quorate-files-"));
		return join(this.#folder, `${++this.#count}`);
	}

	/** @param file made at a path of `newPath`; it is removed when it is forgotten */
	keep(file: Omit<KeptFile, "ticket" | "bytes">): KeptFile {
		const kept: KeptFile = { ...file, name: safeFileName(file.name), ticket: randomBytes(24).toString("base64url"), bytes: statSync(file.path).size };
		this.#kept.set(kept.ticket, kept);
		let { bytes } = this.held;
		for (const old of this.#kept.values()) {
			if (old === kept || (this.#kept.size <= filesMax && bytes <= keptBytesMax)) break;
			bytes -= old.bytes;
			this.#drop(old);
		}
		return kept;
	}

	keepBytes(bytes: Uint8Array, { name, mediaType }: { readonly name: string; readonly mediaType: string }): KeptFile {
		const path = this.newPath();
		writeFileSync(path, bytes, { mode: 0o600 });
		return this.keep({ path, name, mediaType });
	}

	/** @throws ContractError `session-not-found` */
	get(ticket: string): KeptFile {
		const kept = this.#kept.get(ticket);
		if (kept === undefined) throw new ContractError("session-not-found", "that file is no longer kept", { advice: "Make it again." });
		return kept;
	}

	// --- uploads

	/**
	 * @param owner only who began an upload goes on with it
	 * @param signal the owner has gone: nothing is begun for it
	 */
	async begin(owner: object, { name, bytes }: { readonly name: string; readonly bytes: number }, signal?: AbortSignal): Promise<string> {
		if (this.#uploads.size + this.#beginning >= uploadsMax)
			throw new ContractError("too-busy", "too many files are being received", { advice: "Wait until one of them is done." });
		const upload = `u${++this.#count}`;
		const path = join(this.#incoming(), `${process.pid}-${upload}-${randomBytes(6).toString("hex")}`);
		this.#beginning++;
		const file = await open(path, "wx", 0o600).finally(() => {
			this.#beginning--;
		});
		this.#uploads.set(upload, { owner, name, bytes, path, file, received: 0, turn: Promise.resolve() });
		if (signal?.aborted === true) {
			// Whoever went while its file was made was not found among the owners.
			await this.abort(owner, upload);
			throw new ContractError("cancelled", "the upload was called off");
		}
		return upload;
	}

	async part(owner: object, upload: string, bytes: Uint8Array): Promise<number> {
		const growing = this.#upload(owner, upload);
		if (growing.received + bytes.length > growing.bytes) {
			await this.abort(owner, upload);
			throw new ContractError("request-invalid", "the file is longer than was said", { kept: "What had come of it was thrown away." });
		}
		growing.received += bytes.length;
		const position = growing.received - bytes.length;
		growing.turn = growing.turn.then(() => growing.file.write(bytes, 0, bytes.length, position));
		await growing.turn;
		return growing.received;
	}

	/** @returns the whole file, which is the caller's now */
	async end(owner: object, upload: string): Promise<{ readonly path: string; readonly name: string }> {
		const { received, bytes, turn, file, path, name } = this.#upload(owner, upload);
		if (received !== bytes) throw new ContractError("request-invalid", `${received} bytes have come of ${bytes}`);
		this.#uploads.delete(upload);
		try {
			await turn;
			return { path, name };
		} catch (error) {
			this.discard(path); // what could not be written is not whole, whatever was counted
			throw error;
		} finally {
			await file.close();
		}
	}

	async abort(owner: object, upload: string): Promise<void> {
		const growing = this.#upload(owner, upload);
		this.#uploads.delete(upload);
		await growing.turn.catch(() => {});
		await growing.file.close().catch(() => {});
		rmSync(growing.path, { force: true });
	}

	/** Throws away an upload that came whole and turned out to be nothing. */
	discard(path: string): void {
		rmSync(path, { force: true });
	}

	/** A window has gone, and with it whatever it was sending. */
	async abandon(owner: object): Promise<void> {
		for (const [upload, growing] of [...this.#uploads]) if (growing.owner === owner) await this.abort(owner, upload);
	}

	async close(): Promise<void> {
		for (const [upload, { owner }] of [...this.#uploads]) await this.abort(owner, upload).catch(() => {});
		this.#kept.clear();
		if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
		this.#folder = null;
	}

	#upload(owner: object, upload: string): Upload {
		const growing = this.#uploads.get(upload);
		if (growing === undefined || growing.owner !== owner) throw new ContractError("request-invalid", `no upload is called ${upload}`);
		return growing;
	}

	#drop(file: KeptFile): void {
		this.#kept.delete(file.ticket);
		rmSync(file.path, { force: true });
	}
}
