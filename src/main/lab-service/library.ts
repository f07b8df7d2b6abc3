/**
 * The folder in which sessions are kept: names to paths and back, and the moving of files. Knows no run
 * and reads no session. A name has been checked against the contract before it comes here; it is checked
 * again, because a path is made of it.
 */
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ContractError } from "../../shared/contract/errors.ts";
import { sessionId } from "../../shared/contract/schema.ts";

const ending = ".quorate";
const companions = ["-wal", "-shm", "-journal", "-lock"];
const namesTried = 1_000;
const listedMax = 10_000;

export interface LibraryEntry {
	readonly session: string;
	readonly bytes: number;
	readonly changedMs: number;
}

/** Where sessions go unless the user says otherwise. */
export function defaultLibraryFolder(): string {
	return process.env.QUORATE_LIBRARY ?? join(homedir(), "Quorate");
}

export class Library {
	readonly folder: string;

	/** @param folder made when it is first needed */
	constructor(folder: string) {
		this.folder = folder;
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

	/** The most recently changed first. */
	list(): readonly LibraryEntry[] {
		if (!existsSync(this.folder)) return [];
		const entries: LibraryEntry[] = [];
		for (const entry of readdirSync(this.folder, { withFileTypes: true })) {
			const session = entry.name.slice(0, -ending.length);
			if (!entry.isFile() || !entry.name.endsWith(ending) || !sessionId.safeParse(session).success) continue;
			const stat = statSync(join(this.folder, entry.name), { throwIfNoEntry: false });
			if (stat !== undefined) entries.push({ session, bytes: stat.size, changedMs: stat.mtimeMs });
		}
		return entries.sort((a, b) => b.changedMs - a.changedMs || (a.session < b.session ? -1 : 1)).slice(0, listedMax);
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

	rename(session: string, to: string): void {
		const from = this.existing(session);
		const target = this.pathOf(to);
		if (existsSync(target))
			throw new ContractError("session-exists", `there is a session "${to}" already`, { kept: "Both are as they were.", advice: "Choose another name." });
		renameSync(from, target);
		const layout = this.#layoutPath(session);
		if (existsSync(layout)) renameSync(layout, this.#layoutPath(to));
	}

	duplicate(session: string): string {
		const from = this.existing(session);
		const copy = this.freeName(`${session} copy`);
		copyFileSync(from, this.pathOf(copy), constants.COPYFILE_EXCL);
		const layout = this.#layoutPath(session);
		if (existsSync(layout)) copyFileSync(layout, this.#layoutPath(copy));
		return copy;
	}

	/** Moves a session, and whatever lies beside it, to the library's own trash. */
	trash(session: string, nowMs: number): void {
		const from = this.existing(session);
		const folder = join(this.folder, ".trash");
		mkdirSync(folder, { recursive: true });
		const target = join(folder, `${session} ${nowMs}${ending}`);
		for (const suffix of ["", ...companions]) if (existsSync(from + suffix)) renameSync(from + suffix, target + suffix);
		rmSync(this.#layoutPath(session), { force: true });
	}

	/** Takes a finished file in; it must lie on the same disk. @returns its name */
	adopt(path: string, wish: string): string {
		const name = this.freeName(wish.replace(/\.quorate$/i, ""));
		renameSync(path, this.pathOf(name));
		return name;
	}

	/** Copies a file from elsewhere in. @returns its name */
	importFile(path: string, wish: string): string {
		const name = this.freeName(wish.replace(/\.quorate$/i, ""));
		for (const suffix of ["", "-wal"]) if (existsSync(path + suffix)) copyFileSync(path + suffix, this.pathOf(name) + suffix, constants.COPYFILE_EXCL);
		return name;
	}

	/** Where uploads grow before anybody believes in them. */
	incomingFolder(): string {
		const folder = join(this.folder, ".incoming");
		mkdirSync(folder, { recursive: true });
		return folder;
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
