/** What a live run asks of its cluster, whose words may be late. */
import { beforeEach, expect, test, vi } from "vitest";
import { labPlan } from "../../../test/support/lab-run.ts";
import type { RunListener } from "../app/lab-run.ts";
import type { FromCluster, RunTask, ToCluster } from "../app/run-task.ts";
import { LiveRun } from "./live-run.ts";

const asked: ToCluster[] = [];
let listener: RunListener;

vi.mock("../app/lab-run.ts", () => ({
	/** Notes what it is asked, and says nothing of its own. */
	LabRun: class {
		readonly outcome = new Promise(() => {});

		constructor(_task: RunTask, given: RunListener) {
			listener = given;
		}

		ask(request: ToCluster): void {
			asked.push(request);
		}
	},
}));

const nobody = { onStatus: () => {}, onLines: () => {}, onPaused: () => {}, onVerdict: () => {}, onEnd: () => {} };
let live: LiveRun;

beforeEach(() => {
	asked.length = 0;
	const task = { plan: labPlan("ping"), speed: 1, startPaused: true, commands: [], wishes: [], fork: null, catchUpUs: 0 } as unknown as RunTask;
	live = new LiveRun(task, nobody);
});

const paused = (move: number): FromCluster => ({ kind: "paused", virtualUs: 10, reason: "predicate", move });
const moves = (): readonly number[] => asked.flatMap((request) => ("move" in request ? [request.move ?? 0] : []));
const waitsFor = (): unknown => asked.findLast(({ kind }) => kind === "pauseWhen");
const speed = (): unknown => asked.findLast(({ kind }) => kind === "speed");

test("after a step the user's speed is back, and nothing is waited for", () => {
	live.stepMessage();
	expect(speed()).toEqual({ kind: "speed", speed: "max" });
	listener.onMessage?.(paused(moves().at(-1) ?? -1));
	expect(speed()).toEqual({ kind: "speed", speed: 1 });
	expect(waitsFor()).toEqual({ kind: "pauseWhen", predicate: null });
});

test("a step that is asked for while the word that the one before is over is still on its way ends at a message, too", () => {
	live.stepMessage();
	const [first = -1] = moves();
	live.stepMessage();
	listener.onMessage?.(paused(first));
	expect(waitsFor()).toMatchObject({ predicate: { kind: "event", event: "messageDelivered" } });
	expect(speed()).toEqual({ kind: "speed", speed: "max" });
	listener.onMessage?.(paused(moves().at(-1) ?? -1));
	expect(waitsFor()).toEqual({ kind: "pauseWhen", predicate: null });
});
