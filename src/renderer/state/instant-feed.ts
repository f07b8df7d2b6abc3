/**
 * What is shown of a run, and whatever hangs on the instant it is shown at: states the lab tells, states that are asked of the
 * log, what lists are told of them, who leads and who is suspected. One question at a time; of those that come meanwhile
 * the last is asked, and at once when the answer is long in coming. Draws nothing.
 */
import type { LabClient } from "../../shared/contract/client.ts";
import { standingNames, standingOf } from "../../shared/projection/standing.ts";
import { BoardFeed } from "./board-feed.ts";
import type { InstantView } from "./contract-types.ts";
import { ListPace } from "./list-pace.ts";
import { isPlaying, type RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

/** An answer that takes longer is waited for with a word. */
const busySaidMs = 350;

export interface InstantParts {
	readonly client: LabClient;
	readonly store: Store<RunState>;
	fail(error: unknown): void;
}

export class InstantFeed {
	readonly #parts: InstantParts;
	readonly #standing: BoardFeed;
	readonly #lists: ListPace;
	#wantedUs: number | null = null;
	/** The question that is out. */
	#asked: AbortController | null = null;
	/** Its answer takes so long that a word is said about it. */
	#isSlow = false;
	#isClosed = false;

	constructor(parts: InstantParts) {
		const { client, store } = parts;
		const { plan, run } = store.get();
		this.#parts = parts;
		this.#lists = new ListPace((listed) => store.set({ listed }));
		this.#standing = new BoardFeed({
			client,
			run: run.run,
			names: standingNames(plan),
			onBoard: (entries) => store.set({ standing: standingOf(plan, entries, store.get().shown?.view.nodes ?? []) }),
		});
	}

	close(): void {
		this.#isClosed = true;
		this.#asked?.abort();
		this.#standing.close();
		this.#lists.close();
	}

	/** @param told what else has changed: every change asks all parts of the page whether it is one for them */
	show(shown: InstantView, told: Partial<RunState> = {}): void {
		const { store } = this.#parts;
		store.set({ ...told, shown, shownMs: performance.now() });
		this.#lists.offer(shown, !isPlaying(store.get()));
		const { cursorUs } = store.get();
		this.#standing.want(cursorUs === null ? { atUs: null, version: shown.view.events } : { atUs: shown.view.virtualUs, version: 0 });
	}

	/** Everything as it was at an instant, when the log has answered. */
	want(atUs: number): void {
		this.#wantedUs = atUs;
		if (this.#asked === null) void this.#ask();
		// Quick answers are shown on the way to where the user goes; nobody waits for a slow one of where he was.
		else if (this.#isSlow) this.#asked.abort();
	}

	async #ask(): Promise<void> {
		const { client, store, fail } = this.#parts;
		while (this.#wantedUs !== null && !this.#isClosed) {
			const atUs = this.#wantedUs;
			this.#wantedUs = null;
			const asked = new AbortController();
			this.#asked = asked;
			this.#isSlow = false;
			const saying = setTimeout(() => {
				this.#isSlow = true;
				store.set({ busy: store.get().busy ?? "reading" });
			}, busySaidMs);
			const view = await client.call("log.view", { run: store.get().run.run, atUs }, { signal: asked.signal }).catch((error: unknown) => {
				if (!asked.signal.aborted) fail(error);
			});
			clearTimeout(saying);
			if (store.get().busy === "reading") store.set({ busy: null });
			if (view !== undefined && store.get().cursorUs !== null) this.show(view);
		}
		this.#asked = null;
	}
}
