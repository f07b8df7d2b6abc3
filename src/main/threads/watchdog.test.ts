import { describe, expect, test } from "vitest";
import { QuorateError } from "../../shared/errors.ts";
import { idle, inspecting, lives, reporting, ThreadMemory } from "./thread-memory.ts";
import { Watchdog } from "./watchdog.ts";

const sizes = { inboxBytes: 128, outboxBytes: 128 };
const patience = { handlerMsMax: 100, startMsMax: 1_000 };

function memoryAt(progress: number, life: number = lives.ready): ThreadMemory {
	const memory = ThreadMemory.make(sizes);
	memory.moveProgress(idle, progress);
	memory.life = life;
	return memory;
}

/** Slices slept through before the verdict; 0: none within twenty. */
function slicesUntilVerdict(watchdog: Watchdog, waiting: readonly ThreadMemory[], beforeEach: (slice: number) => void = () => undefined): number {
	for (let slice = 1; slice <= 20; slice++) {
		beforeEach(slice);
		if (watchdog.patrol(waiting)) return slice;
	}
	return 0;
}

describe("the watchdog", () => {
	test.each([7, inspecting])("gives up a program (progress %i) after its time has passed in whole slices", (progress) => {
		const watchdog = new Watchdog(patience);
		expect(watchdog.sliceMs).toBe(20);
		// The first look only takes the picture that the others are compared with.
		expect(slicesUntilVerdict(watchdog, [memoryAt(progress)])).toBe(6);
	});

	test("waits while any node of the window moves: the machine is slow, not the program", () => {
		const hung = memoryAt(7);
		const busy = memoryAt(1);
		const verdict = slicesUntilVerdict(new Watchdog(patience), [hung, busy], (slice) => {
			if (slice < 8) busy.moveProgress(slice, slice + 1);
		});
		expect(verdict).toBe(12);
	});

	test("starts anew when somebody called", () => {
		const watchdog = new Watchdog(patience);
		expect(slicesUntilVerdict(watchdog, [memoryAt(7)], (slice) => slice === 5 && watchdog.stir())).toBe(9);
	});

	test("has nothing to say about a node that is in our own hands", () => {
		expect(slicesUntilVerdict(new Watchdog(patience), [memoryAt(idle), memoryAt(reporting(3))])).toBe(0);
	});

	test("breaks off when threads never start", () => {
		const watchdog = new Watchdog({ handlerMsMax: 100, startMsMax: 200 });
		expect(() => slicesUntilVerdict(watchdog, [memoryAt(idle, lives.starting), memoryAt(idle)])).toThrow(QuorateError);
	});

	test("lets a program run while other threads are still starting, but not for ever", () => {
		expect(slicesUntilVerdict(new Watchdog(patience), [memoryAt(7), memoryAt(idle, lives.starting)])).toBe(6);
	});
});
