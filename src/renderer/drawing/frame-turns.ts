/**
 * One loop for all drawings of a window. In every frame each moves what moves; what is dear, such as a
 * whole diagram, is painted by one of them a frame, in turn, and not in the frame in which a new state of
 * the run arrived: that one has the page's own work to do. Knows nothing of what is drawn.
 */

export interface Drawing {
	/** In every frame; cheap. @returns true when a new state of the run came in since the last one */
	move(nowMs: number): boolean;
	/** Something dear is to be painted. `now` cannot wait for its turn: a hand is moving it. */
	due(): "now" | "soon" | false;
	paint(nowMs: number): void;
}

/** What calls back before the next frame is drawn. */
export interface Frames {
	request(step: (nowMs: number) => void): number;
	cancel(id: number): void;
}

export class FrameTurns {
	readonly #frames: Frames;
	readonly #drawings: Drawing[] = [];
	#frame: number | null = null;
	#next = 0;
	#hasWaited = false;

	constructor(frames: Frames) {
		this.#frames = frames;
	}

	/** @returns leaves the loop */
	join(drawing: Drawing): () => void {
		this.#drawings.push(drawing);
		if (this.#frame === null) this.#frame = this.#frames.request(this.#step);
		return () => {
			const place = this.#drawings.indexOf(drawing);
			if (place >= 0) this.#drawings.splice(place, 1);
			if (this.#drawings.length > 0 || this.#frame === null) return;
			this.#frames.cancel(this.#frame);
			this.#frame = null;
		};
	}

	#step = (nowMs: number): void => {
		this.#frame = this.#frames.request(this.#step);
		let isFresh = false;
		for (const drawing of this.#drawings) isFresh = drawing.move(nowMs) || isFresh;
		for (const drawing of this.#drawings) if (drawing.due() === "now") drawing.paint(nowMs);
		// With a new state in every frame nothing would ever be painted: one frame is waited, not more.
		this.#hasWaited = isFresh && !this.#hasWaited;
		if (!this.#hasWaited) this.#paintOne(nowMs);
	};

	#paintOne(nowMs: number): void {
		const count = this.#drawings.length;
		for (let i = 0; i < count; i++) {
			const place = (this.#next + i) % count;
			const drawing = this.#drawings[place] as Drawing;
			if (drawing.due() === false) continue;
			drawing.paint(nowMs);
			this.#next = place + 1;
			return;
		}
	}
}
