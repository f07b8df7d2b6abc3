/**
 * Whose hands a session's file is in: a writer has it for itself, a file that gets another name or goes is read by
 * nobody. Windows go on asking about it meanwhile; a reader that had it open would keep its writer out.
 */
import { ContractError } from "../../shared/contract/errors.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import type { Library } from "./library.ts";

export interface FileHandsParts {
	readonly library: Library;
	/** Answers windows. */
	readonly reader: ReaderClient;
	/** Looks into files for the lab itself, and holds none. */
	readonly librarian: ReaderClient;
	isRecording(session: string): boolean;
}

export class FileHands {
	readonly #parts: FileHandsParts;

	constructor(parts: FileHandsParts) {
		this.#parts = parts;
	}

	/** Does what takes the file in hand; what windows ask about it meanwhile waits until that is done. */
	handedOver<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
		return this.#parts.reader.without(path, work);
	}

	/**
	 * Nobody writes the file and nobody reads it; it is one file, unless it is not worth the name.
	 * @throws ContractError `session-locked` while a run of ours writes it
	 */
	async quiet(session: string, care: "one file" | "as it is" = "one file"): Promise<void> {
		const { library, reader, librarian, isRecording } = this.#parts;
		if (isRecording(session))
			throw new ContractError("session-locked", "this session is being recorded", { kept: "It goes on.", advice: "End its run first; nothing of it is lost." });
		const path = library.existing(session);
		await reader.ask("forget", { path });
		if (care === "one file" && library.hasJournal(session)) await librarian.ask("settle", { path });
	}

	/** What the system's trash takes is one file, that can be opened again; a damaged one goes with all that lies beside it. */
	async trashOutside(session: string, trashFile: (path: string) => Promise<void>): Promise<void> {
		const { library, librarian } = this.#parts;
		if (library.hasJournal(session)) await librarian.ask("settle", { path: library.existing(session) }).catch(() => {});
		for (const file of library.filesOf(session)) await trashFile(file);
		library.dropLayout(session);
	}
}
