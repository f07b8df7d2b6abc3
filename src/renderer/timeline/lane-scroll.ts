/**
 * Lanes of the diagram where there are more of them than height: how far they are scrolled, which one is where, and
 * what lies beyond. Knows the run's lanes and no canvas.
 */
import { type LaneLayout, lanesBeyond, layOutLanes } from "../../shared/drawing/lanes.ts";
import type { RunController } from "../state/run-controller.ts";

export interface LaneRoom {
	/** Of the whole diagram. */
	readonly heightPx: number;
	/** Where the first lane begins. */
	readonly topPx: number;
}

const pageRatio = 0.8;

export class LaneScroll {
	readonly #run: RunController;
	readonly #room: () => LaneRoom;
	readonly #onScroll: () => void;
	#scrollPx = 0;
	#revealed: number | undefined;

	constructor(run: RunController, room: () => LaneRoom, onScroll: () => void) {
		this.#run = run;
		this.#room = room;
		this.#onScroll = onScroll;
	}

	get #laid(): LaneLayout {
		return layOutLanes(this.#run.state.lanes, this.#room());
	}

	/** Lanes where they are drawn. */
	get layout(): LaneLayout {
		const laid = this.#laid;
		const scrollPx = this.#scrollPx;
		return {
			...laid,
			yOf: (node) => {
				const y = laid.yOf(node);
				return y === undefined ? undefined : y - scrollPx;
			},
			nodeAt: (yPx) => laid.nodeAt(yPx + scrollPx),
		};
	}

	get topPx(): number {
		return this.#room().topPx;
	}

	/** How high the part of the lanes is that is seen at once. */
	get #viewPx(): number {
		const { heightPx, topPx } = this.#room();
		return Math.max(0, heightPx - topPx);
	}

	get beyond(): { readonly above: number; readonly below: number } {
		return lanesBeyond(this.#laid, { scrollPx: this.#scrollPx, viewPx: this.#viewPx });
	}

	/** @param deltaPx 0: as far as it can be, with the lanes there are now */
	by(deltaPx: number): void {
		const extraPx = Math.max(0, this.#laid.heightPx - this.#room().heightPx);
		const scrollPx = Math.min(extraPx, Math.max(0, this.#scrollPx + deltaPx));
		if (scrollPx === this.#scrollPx) return;
		this.#scrollPx = scrollPx;
		this.#onScroll();
	}

	page(direction: 1 | -1): void {
		this.by(direction * Math.max(this.#laid.laneHeightPx, this.#viewPx * pageRatio));
	}

	/** The lane at a place of the diagram. */
	at(y: number): number | undefined {
		return y < this.topPx ? undefined : this.layout.nodeAt(y);
	}

	/** What was selected anywhere is not left below the fold. */
	revealSelected(): void {
		const { selection, detail } = this.#run.state;
		const node = selection?.kind === "node" ? selection.node : selection?.kind === "event" ? detail?.event.node : undefined;
		if (node === this.#revealed) return;
		this.#revealed = node;
		const { yOf, laneHeightPx } = this.layout;
		const y = node === undefined ? undefined : yOf(node);
		if (y === undefined) return;
		this.by(Math.min(0, y - laneHeightPx / 2 - this.topPx) + Math.max(0, y + laneHeightPx / 2 - this.#room().heightPx));
	}
}
