import { afterAll, beforeAll, expect, test, vi } from "vitest";

/** The module is the page's own: it is loaded when there is what it takes for a page. */
interface SceneModule {
	readonly Scene: new (run: unknown, graph: unknown, canvases: unknown) => { drawnUs(state: unknown, nowMs: number): number };
}

let module: SceneModule;
const stillness = { matches: false, addEventListener: () => {} };

beforeAll(async () => {
	for (const [name, value] of Object.entries({
		document: { documentElement: { dataset: {} } },
		matchMedia: (query: string): object => (query.includes("reduced-motion") ? stillness : { matches: false, addEventListener: () => {} }),
		devicePixelRatio: 1,
	}))
		vi.stubGlobal(name, value);
	module = (await import(/* @vite-ignore */ new URL("./scene.ts", import.meta.url).href)) as SceneModule;
});
afterAll(() => vi.unstubAllGlobals());

const plan = { nodes: [], links: [], switches: [], regions: [], names: [] };
const canvas = { clientWidth: 100, clientHeight: 100 };
const sceneOf = () => new module.Scene({ plan, state: {} }, { on: () => {} }, { standing: canvas, moving: canvas });
const running = {
	cursorUs: null,
	isReplaying: false,
	run: { mode: "running", virtualUs: 5_000_000 },
	paceRatio: 2,
	shownMs: 1_000,
	shown: { view: { virtualUs: 5_000_000 } },
};

test("between two states of a run messages go on at its pace, for a quarter of a second at most", () => {
	stillness.matches = false;
	const scene = sceneOf();
	expect(scene.drawnUs(running, 1_100)).toBe(5_200_000);
	expect(scene.drawnUs(running, 9_000)).toBe(5_500_000);
	expect(scene.drawnUs({ ...running, run: { ...running.run, mode: "paused" } }, 1_100)).toBe(5_000_000);
});

test("for who wishes for stillness nothing moves by itself: each state is drawn as it was told", () => {
	stillness.matches = true;
	expect(sceneOf().drawnUs(running, 1_100)).toBe(5_000_000);
});
