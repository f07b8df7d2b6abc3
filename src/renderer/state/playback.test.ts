import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

interface Played {
	readonly cursorUs: number;
	readonly isReplaying: boolean;
	readonly speed: number | "max";
	readonly run: { readonly virtualUs: number };
}

interface PlayedStore {
	get(): Played;
	set(change: Partial<Played>): void;
}

/** The modules are the page's own: they are loaded as such. */
interface Modules {
	readonly Store: new (state: Played) => PlayedStore;
	readonly Playback: new (store: PlayedStore, host: object) => { start(): void; stop(): void };
}

let modules: Modules;
let nowMs = 0;
let frames: ((ms: number) => void)[] = [];

beforeAll(async () => {
	const load = (name: string): Promise<object> => import(/* @vite-ignore */ new URL(name, import.meta.url).href);
	modules = Object.assign({}, await load("./store.ts"), await load("./playback.ts")) as Modules;
});

beforeEach(() => {
	nowMs = 1_000;
	frames = [];
	vi.stubGlobal("performance", { now: () => nowMs });
	vi.stubGlobal("requestAnimationFrame", (step: (ms: number) => void) => frames.push(step));
	vi.stubGlobal("cancelAnimationFrame", () => {
		frames = [];
	});
});
afterEach(() => vi.unstubAllGlobals());

/** The browser shows a frame so much later. */
function frame(afterMs: number): void {
	nowMs += afterMs;
	for (const step of frames.splice(0)) step(nowMs);
}

function playing(speed: Played["speed"], cursorUs = 0) {
	const store = new modules.Store({ cursorUs, isReplaying: false, speed, run: { virtualUs: 20_000_000 } });
	const wanted: number[] = [];
	let ends = 0;
	const playback = new modules.Playback(store, { wantView: (atUs: number) => void wanted.push(atUs), onEnd: () => void ends++ });
	playback.start();
	return { store, wanted, playback, ends: () => ends };
}

test.each([
	[0.01, 1_000],
	[1, 100_000],
	[4, 400_000],
	["max", 10_000_000],
] as const)("at %s times its speed a tenth of a second shows so much of the run: %i us", (speed, us) => {
	const { store, wanted } = playing(speed);
	for (let i = 0; i < 5; i++) frame(20);
	expect(store.get().cursorUs).toBeCloseTo(us, 3);
	expect(wanted).toEqual([...wanted].sort((a, b) => a - b));
	expect(wanted.every(Number.isInteger)).toBe(true);
});

test("a speed that is changed meanwhile holds from the next frame on", () => {
	const { store } = playing(1);
	frame(100);
	store.set({ speed: 10 });
	frame(100);
	expect(store.get().cursorUs).toBeCloseTo(1_100_000, 3);
});

test("it stops at the end of what was recorded, once, and where it is told to", () => {
	const over = playing(1, 19_950_000);
	frame(100);
	expect([over.ends(), over.store.get().isReplaying, frames.length]).toEqual([1, false, 0]);
	const stopped = playing(0.01);
	frame(33);
	stopped.playback.stop();
	frame(1_000);
	expect([stopped.store.get().cursorUs, stopped.store.get().isReplaying, stopped.ends()]).toEqual([330, false, 0]);
});
