/**
 * Plays back what was recorded: moves the instant that is looked at as fast as the speed says, frame by frame.
 * Draws nothing.
 */
import type { RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

const maxRatio = 100;

export interface PlaybackHost {
	wantView(atUs: number): void;
	/** Everything that was recorded has been shown. */
	onEnd(): void;
}

export class Playback {
	readonly #store: Store<RunState>;
	readonly #host: PlaybackHost;
	#frame = 0;
	#lastMs = 0;

	constructor(store: Store<RunState>, host: PlaybackHost) {
		this.#store = store;
		this.#host = host;
	}

	start(): void {
		this.#store.set({ isReplaying: true });
		this.#lastMs = performance.now();
		this.#frame = requestAnimationFrame(this.#step);
	}

	stop(): void {
		this.end();
		const { isReplaying, cursorUs } = this.#store.get();
		if (isReplaying) this.#store.set({ isReplaying: false, cursorUs: Math.round(cursorUs ?? 0) });
	}

	/** No frame any more, whatever the state says. */
	end(): void {
		cancelAnimationFrame(this.#frame);
	}

	#step = (nowMs: number): void => {
		const { cursorUs, isReplaying, speed, run } = this.#store.get();
		if (!isReplaying || cursorUs === null) return;
		const ratio = speed === "max" ? maxRatio : speed;
		const nextUs = cursorUs + Math.max(0, nowMs - this.#lastMs) * 1_000 * ratio;
		this.#lastMs = nowMs;
		if (nextUs >= run.virtualUs) {
			this.stop();
			this.#host.onEnd();
			return;
		}
		this.#store.set({ cursorUs: nextUs, paceRatio: ratio });
		this.#host.wantView(Math.floor(nextUs));
		this.#frame = requestAnimationFrame(this.#step);
	};
}
