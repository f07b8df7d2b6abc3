/**
 * The folder in which sessions are kept: names to paths and back, and the moving of files. Knows no run
 * and reads no session. A name has been checked against the contract before it comes here; it is checked
 * again, because a path is made of it.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { copyFile, readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { ContractError } from "../../shared/contract/errors.ts";
import { sessionId } from "../../shared/contract/schema.ts";

const ending = ".quorate";
const companions = ["-wal", "-shm", "-journal", "-lock"];
const namesTried = 1_000;
const listedMax = 10_000;
const lookedAtOnce = 64;
const incomingMsMax = 86_400_000;

export interface LibraryEntry {
	readonly session: string;
	readonly bytes: number;
	readonly changedMs: number;
}

/** Where sessions go unless the user says otherwise. */
export function defaultLibraryFolder(): string {
	return process.env.QUORATE_LIBRARY ?? join(homedir(), "Quorate");
}

/** What a person should hear when the folder does not let something be done; what we know ourselves passes unchanged. */
function refusal(error: unknown, what: string, kept: string): ContractError {
	if (error instanceof ContractError) return error;
	const { code = "unknown" } = error as NodeJS.ErrnoException;
	const isFull = code === "ENOSPC" || code === "EFBIG" || code === "EDQUOT";
	return new ContractError(isFull ? "disk-full" : "not-here", `the session cannot be ${what} (${code})`, {
		kept,
		advice: isFull ? "Make room, and try again." : "Check the disk, and the rights to the folder of sessions.",
	});
}

/** The file as it is, with a journal that lies beside it. */
async function copyAsItIs(path: string, copy: string): Promise<void> {
	for (const suffix of ["-wal", ""]) if (existsSync(path + suffix)) await copyFile(path + suffix, copy + suffix);
}

export class Library {
	readonly folder: string;
	readonly #copy: (path: string, copy: string) => Promise<void>;

	/**
	 * @param folder made when it is first needed
	 * @param copy where others may have the file open, it has to know how to stay out of their way
	 */
	constructor(folder: string, copy: (path: string, copy: string) => Promise<void> = copyAsItIs) {
		this.folder = folder;
		this.#copy = copy;
	}

	/** @throws ContractError `disk-full`, `not-here` */
	makeFolder(): void {
		try {
			mkdirSync(this.folder, { recursive: true });
		} catch (error) {
			const { code = "" } = error as NodeJS.ErrnoException;
			throw new ContractError(code === "ENOSPC" ? "disk-full" : "not-here", `the folder for sessions cannot be made (${code})`, {
				kept: "Nothing was started.",
				advice: "Name another one with --library, or in QUORATE_LIBRARY.",
			});
		}
	}

	pathOf(session: string): string {
		if (!sessionId.safeParse(session).success) throw new ContractError("request-invalid", "that is no name for a session");
		return join(this.folder, `${session}${ending}`);
	}

	/** @throws ContractError `session-not-found` */
	existing(session: string): string {
		const path = this.pathOf(session);
		if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return path;
		throw new ContractError("session-not-found", `there is no session "${session}" in the library`, {
			advice: "It may have been moved or renamed; list the library again.",
		});
	}

	has(session: string): boolean {
		return existsSync(this.pathOf(session));
	}

	/** The program that wrote it was killed before it could fold its journal in. */
	hasJournal(session: string): boolean {
		return (statSync(`${this.pathOf(session)}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
	}

	/** The most recently changed first. Thousands of files are looked at some at a time, while others are served. */
	async list(): Promise<readonly LibraryEntry[]> {
		const found = await readdir(this.folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return []; // made when it is first needed
			throw new ContractError("not-here", `the folder of sessions cannot be read (${error.code ?? "unknown"})`, { kept: "Nothing was changed." });
		});
		const sessions = found.flatMap((entry) => {
			const session = entry.name.slice(0, -ending.length);
			return entry.isFile() && entry.name.endsWith(ending) && sessionId.safeParse(session).success ? [session] : [];
		});
		const entries: LibraryEntry[] = [];
		for (let from = 0; from < sessions.length; from += lookedAtOnce) {
			const looked = await Promise.all(sessions.slice(from, from + lookedAtOnce).map((session) => this.entry(session)));
			for (const entry of looked) if (entry !== null) entries.push(entry);
		}
		return entries.sort((a, b) => b.changedMs - a.changedMs || (a.session < b.session ? -1 : 1)).slice(0, listedMax);
	}

	/** Null: it is not there any more. */
	async entry(session: string): Promise<LibraryEntry | null> {
		try {
			const { size, mtimeMs } = await stat(this.pathOf(session));
			return { session, bytes: size, changedMs: mtimeMs };
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
			throw error;
		}
	}

	/** Whether a path leads to a session of the library, and to which. */
	nameOf(path: string): string | null {
		const session = basename(path).slice(0, -ending.length);
		const isName = path.endsWith(ending) && sessionId.safeParse(session).success;
		return isName && this.pathOf(session) === path && this.has(session) ? session : null;
	}

	/** A name that is free: `wish`, or `wish 2` and so on. What is no name becomes one. */
	freeName(wish: string): string {
		const cleaned = wish
			.normalize("NFC")
			.replace(/[^\p{L}\p{N} _.,()+@=-]/gu, "-")
			.replace(/^[^\p{L}\p{N}_]+/u, "")
			.slice(0, 90)
			.replace(/[. ]+$/, "");
		const stem = sessionId.safeParse(cleaned).success ? cleaned : "session";
		this.makeFolder();
		for (let number = 1; number <= namesTried; number++) {
			const name = number === 1 ? stem : `${stem} ${number}`;
			if (!this.has(name)) return name;
		}
		throw new ContractError("session-exists", `there are ${namesTried} sessions called "${stem}" already`, { advice: "Rename some of them." });
	}

	/** @throws ContractError `session-not-found`, `session-exists` */
	requireRenamable(session: string, to: string): void {
		this.existing(session);
		if (!existsSync(this.pathOf(to))) return;
		throw new ContractError("session-exists", `there is a session "${to}" already`, { kept: "Both are as they were.", advice: "Choose another name." });
	}

	/** How a session is arranged goes with it. */
	moveLayout(session: string, to: string): void {
		const layout = this.#layoutPath(session);
		if (existsSync(layout)) renameSync(layout, this.#layoutPath(to));
	}

	rename(session: string, to: string): void {
		this.requireRenamable(session, to);
		try {
			renameSync(this.pathOf(session), this.pathOf(to));
			this.moveLayout(session, to);
		} catch (error) {
			throw refusal(error, "renamed", "It is as it was.");
		}
	}

	async duplicate(session: string): Promise<string> {
		const copy = await this.importFile(this.existing(session), `${session} copy`);
		const layout = this.readLayout(session);
		if (layout !== null) this.writeLayout(copy, layout);
		return copy;
	}

	/** A session's file, and whatever lies beside it because the program that wrote it was killed. */
	filesOf(session: string): readonly string[] {
		const path = this.existing(session);
		return ["", ...companions].map((suffix) => path + suffix).filter((file) => existsSync(file));
	}

	/** Moves a session, and whatever lies beside it, to the library's own trash. */
	trash(session: string, nowMs: number): void {
		const from = this.existing(session);
		const folder = join(this.folder, ".trash");
		try {
			mkdirSync(folder, { recursive: true });
			const target = join(folder, `${session} ${nowMs}${ending}`);
			for (const file of this.filesOf(session)) renameSync(file, target + file.slice(from.length));
			this.dropLayout(session);
		} catch (error) {
			throw refusal(error, "thrown away", "It is where it was.");
		}
	}

	/** The next session of this name is not arranged like the last. */
	dropLayout(session: string): void {
		rmSync(this.#layoutPath(session), { force: true });
	}

	/** Takes a finished file in; it must lie on the same disk. @returns its name */
	adopt(path: string, wish: string): string {
		const name = this.freeName(wish.replace(/\.quorate$/i, ""));
		renameSync(path, this.pathOf(name));
		return name;
	}

	/**
	 * Copies a file from elsewhere in; it is a session of the library when all of it is there. @returns its name
	 * @throws ContractError `disk-full`, `not-here`
	 */
	async importFile(path: string, wish: string): Promise<string> {
		const suffixes = ["-wal", ""];
		let copy = "";
		try {
			copy = join(this.incomingFolder(), `${process.pid}-copy-${randomBytes(6).toString("hex")}`);
			await this.#copy(path, copy);
			const name = this.freeName(wish.replace(/\.quorate$/i, ""));
			for (const suffix of suffixes) if (existsSync(copy + suffix)) renameSync(copy + suffix, this.pathOf(name) + suffix);
			return name;
		} catch (error) {
			if (copy !== "") for (const suffix of suffixes) rmSync(copy + suffix, { force: true });
			throw refusal(error, "copied", "It is as it was, and nothing of the copy was kept.");
		}
	}

	/** Where uploads grow before anybody believes in them. */
	incomingFolder(): string {
		const folder = join(this.folder, ".incoming");
		mkdirSync(folder, { recursive: true });
		return folder;
	}

	/** Throws away what uploads and copies of a program that was killed have left, when it is a day old. */
	async sweepIncoming(nowMs: number): Promise<void> {
		const folder = join(this.folder, ".incoming");
		for (const name of await readdir(folder).catch(() => [])) {
			const path = join(folder, name);
			const found = await stat(path).catch(() => null);
			if (found?.isFile() === true && nowMs - found.mtimeMs > incomingMsMax) await rm(path, { force: true }).catch(() => {}); // next time, then
		}
	}

	readLayout(session: string): string | null {
		const path = this.#layoutPath(session);
		return existsSync(path) && statSync(path).size <= 4_194_304 ? readFileSync(path, "utf8") : null;
	}

	writeLayout(session: string, text: string): void {
		this.existing(session);
		mkdirSync(join(this.folder, ".layouts"), { recursive: true });
		writeFileSync(this.#layoutPath(session), text);
	}

	#layoutPath(session: string): string {
		this.pathOf(session); // refuses what is no name
		return join(this.folder, ".layouts", `${session}.json`);
	}
}
