/** What the library shows of each session, looked up once for as long as the file does not change. */
import type { CallReply } from "../../shared/contract/calls.ts";
import { errorViewOf } from "../../shared/contract/errors.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import type { LibraryEntry } from "./library.ts";

type SessionView = CallReply<"sessions.list">["sessions"][number];
type Found = Pick<SessionView, "content" | "problem">;

const keptMax = 10_000;
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

	async of(entry: LibraryEntry, path: string, isLive: boolean): Promise<SessionView> {
		const { session, bytes, changedMs } = entry;
		const stamp = `${bytes} ${changedMs}`;
		const known = this.#known.get(path);
		if (known !== undefined && known.stamp === stamp && !isLive) return { session, bytes, changedMs, isLive, ...known.found };
		const found = await this.#look(path);
		this.#known.delete(path);
		this.#known.set(path, { stamp, found });
		for (const oldest of this.#known.keys()) {
			if (this.#known.size <= keptMax) break;
			this.#known.delete(oldest);
		}
		return { session, bytes, changedMs, isLive, ...found };
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
