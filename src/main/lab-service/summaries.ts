/** What the library shows of each session, looked up once for as long as the file does not change. */
import type { CallReply } from "../../shared/contract/calls.ts";
import { type ContractErrorCode, errorViewOf } from "../../shared/contract/errors.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import type { LibraryEntry } from "./library.ts";

type SessionView = CallReply<"sessions.list">["sessions"][number];
type Found = Pick<SessionView, "content" | "problem">;

const noThumbnail: NonNullable<SessionView["content"]>["thumbnail"] = { nodes: [], links: [], untilUs: 0, counts: [], marks: [], marksOmitted: 0 };
const keptMax = 10_000;
const lasting: ReadonlySet<ContractErrorCode> = new Set(["session-damaged", "session-unsupported"]);
/** Files under examination at once: a library of thousands must not fill the reader's queue. */
const askedMax = 16;

export class Summaries {
	readonly #reader: ReaderClient;
	readonly #known = new Map<string, { readonly stamp: string; readonly found: Found }>();
	#asked = 0;
	readonly #queue: (() => void)[] = [];

	constructor(reader: ReaderClient) {
		this.#reader = reader;
	}

	/** Files that are looked into, or are about to be. */
	get looks(): number {
		return this.#asked + this.#queue.length;
	}

	async of(entry: LibraryEntry, path: string, { isLive, hasPicture }: { readonly isLive: boolean; readonly hasPicture: boolean }): Promise<SessionView> {
		const { content, problem } = await this.#of(entry, path, isLive);
		return { ...entry, isLive, content: content === null || hasPicture ? content : { ...content, thumbnail: noThumbnail }, problem };
	}

	async #of({ bytes, changedMs }: LibraryEntry, path: string, isLive: boolean): Promise<Found> {
		const stamp = `${bytes} ${changedMs}`;
		const known = this.#known.get(path);
		if (known !== undefined && known.stamp === stamp && !isLive) return known.found;
		const found = await this.#look(path);
		this.#known.delete(path);
		// What is wrong with the disk, or with the moment, may be right the next time; a file stays as it is.
		if (found.problem === null || lasting.has(found.problem.code)) this.#known.set(path, { stamp, found });
		for (const oldest of this.#known.keys()) {
			if (this.#known.size <= keptMax) break;
			this.#known.delete(oldest);
		}
		return found;
	}

	async #look(path: string): Promise<Found> {
		while (this.#asked >= askedMax) await new Promise<void>((resolve) => this.#queue.push(resolve));
		this.#asked++;
		try {
			return { content: await this.#reader.ask("summary", { path }), problem: null };
		} catch (error) {
			return { content: null, problem: errorViewOf(error) };
		} finally {
			this.#asked--;
			this.#queue.shift()?.();
		}
	}
}
