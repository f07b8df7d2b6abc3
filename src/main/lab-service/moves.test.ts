import { beforeEach, expect, test } from "vitest";
import type { ToCluster } from "../app/run-task.ts";
import { Moves } from "./moves.ts";

const asked: ToCluster[] = [];
let moves: Moves;

beforeEach(() => {
	asked.length = 0;
	moves = new Moves({ ask: (request) => void asked.push(request), virtualUs: () => 10, speed: 1 });
});

/** The number of the latest move. */
const latest = (): number => Math.max(...asked.flatMap((request) => ("move" in request ? [request.move ?? 0] : [])));
const waitsFor = (): unknown => asked.findLast(({ kind }) => kind === "pauseWhen");
const speed = (): unknown => asked.findLast(({ kind }) => kind === "speed");

test("a step hurries to the next message; after it the user's speed is back, and nothing is waited for", () => {
	moves.stepMessage();
	expect(waitsFor()).toMatchObject({ predicate: { kind: "event", event: "messageDelivered", afterUs: 9 } });
	expect(speed()).toEqual({ kind: "speed", speed: "max" });
	moves.onPaused(latest());
	expect(speed()).toEqual({ kind: "speed", speed: 1 });
	expect(waitsFor()).toEqual({ kind: "pauseWhen", predicate: null });
});

test("a step that is asked for while the word that the one before is over is still on its way ends at a message, too", () => {
	moves.stepMessage();
	const first = latest();
	moves.stepMessage();
	moves.onPaused(first);
	expect(waitsFor()).toMatchObject({ predicate: { kind: "event", event: "messageDelivered" } });
	expect(speed()).toEqual({ kind: "speed", speed: "max" });
	moves.onPaused(latest());
	expect(waitsFor()).toEqual({ kind: "pauseWhen", predicate: null });
});

test("a speed that is chosen in the midst of a step is there after it", () => {
	moves.stepMessage();
	moves.setSpeed(0.1);
	expect(speed()).toEqual({ kind: "speed", speed: "max" });
	moves.onPaused(latest());
	expect([speed(), moves.speed]).toEqual([{ kind: "speed", speed: 0.1 }, 0.1]);
});

test("a thread that took over and stands still ends a step, for it knows of none", () => {
	moves.stepMessage();
	moves.onPaused(0);
	expect(waitsFor()).toEqual({ kind: "pauseWhen", predicate: null });
});
