import { describe, expect, test } from "vitest";
import { type Drawing, FrameTurns } from "./frame-turns.ts";

/** Frames by hand. */
function byHand() {
	let step: ((nowMs: number) => void) | null = null;
	const frames = {
		request: (next: (nowMs: number) => void) => {
			step = next;
			return 1;
		},
		cancel: () => {
			step = null;
		},
	};
	return { turns: new FrameTurns(frames), draw: () => step?.(0), isRunning: () => step !== null };
}

class Fake implements Drawing {
	isFresh = false;
	wants: "now" | "soon" | false = false;
	moved = 0;
	painted = 0;
	move(): boolean {
		this.moved++;
		return this.isFresh;
	}
	due() {
		return this.wants;
	}
	paint(): void {
		this.painted++;
		this.wants = false;
	}
}

describe("drawings of a window", () => {
	test("move in every frame, and one of them a frame paints what is dear, in turn", () => {
		const { turns, draw } = byHand();
		const [a, b] = [new Fake(), new Fake()];
		turns.join(a);
		turns.join(b);
		for (let frame = 0; frame < 4; frame++) {
			a.wants = "soon";
			b.wants = "soon";
			draw();
			expect([a.painted + b.painted, a.moved, b.moved]).toEqual([frame + 1, frame + 1, frame + 1]);
		}
		expect([a.painted, b.painted]).toEqual([2, 2]);
	});

	test("leave the frame to the page in which a state arrives, but not the next one too", () => {
		const { turns, draw } = byHand();
		const drawing = new Fake();
		turns.join(drawing);
		drawing.isFresh = true;
		drawing.wants = "soon";
		draw();
		expect(drawing.painted).toBe(0);
		draw();
		expect(drawing.painted).toBe(1);
	});

	test("paint at once what a hand is moving", () => {
		const { turns, draw } = byHand();
		const [a, b] = [new Fake(), new Fake()];
		turns.join(a);
		turns.join(b);
		a.isFresh = true;
		a.wants = "now";
		b.wants = "now";
		draw();
		expect([a.painted, b.painted]).toEqual([1, 1]);
	});

	test("stop with the last of them", () => {
		const { turns, isRunning } = byHand();
		const leave = turns.join(new Fake());
		const leaveToo = turns.join(new Fake());
		leave();
		expect(isRunning()).toBe(true);
		leaveToo();
		expect(isRunning()).toBe(false);
	});
});
