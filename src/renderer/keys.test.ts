/** What `?` lists and what the keys do are one table: every key is pressed, and what acts is what is listed. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tinyPlan } from "../../test/support/tiny-plan.ts";
import type { LinkView, NodeView } from "../shared/projection/snapshot.ts";

const idle = { services: [] };
const plan = tinyPlan({ nodes: { a: idle, b: idle }, links: [{ a: "a", b: "b" }] }, new Map());
const shown = {
	view: {
		nodes: [0, 1].map(() => ({ status: "up", factorMilli: 1_000 }) as NodeView),
		links: [{ forward: "up", backward: "up", changes: [] } as unknown as LinkView],
	},
};

class Element {}

type Selected = { readonly kind: "node"; readonly node: number } | { readonly kind: "link"; readonly link: number } | null;

/** The module is the page's own: it is loaded when there is what it takes for a page. */
interface KeysModule {
	readonly keyGroups: readonly { readonly id: string; readonly keys: readonly { readonly shown: readonly string[]; readonly does: string }[] }[];
	onWindowKey(app: unknown, event: unknown): void;
}

let keys: KeysModule;
beforeAll(async () => {
	const matches = { matches: false, addEventListener: () => {} };
	for (const [name, value] of Object.entries({
		HTMLElement: Element,
		HTMLInputElement: Element,
		document: { querySelector: () => null, getElementById: () => null, activeElement: null, documentElement: { dataset: {} } },
		window: { addEventListener: () => {}, dispatchEvent: () => true },
		matchMedia: (): unknown => matches,
		devicePixelRatio: 1,
		requestAnimationFrame: (): number => 0,
	}))
		vi.stubGlobal(name, value);
	keys = (await import(/* @vite-ignore */ new URL("./keys.ts", import.meta.url).href)) as KeysModule;
});
afterAll(() => vi.unstubAllGlobals());

/** Takes note of every method that is called, and answers nothing. */
function noting(done: string[], known: object): unknown {
	return new Proxy(known, {
		get: (target, name) =>
			name in target
				? (target as { readonly [name: string | symbol]: unknown })[name]
				: async (...given: readonly unknown[]) => void done.push(`${String(name)} ${JSON.stringify(given)}`),
	});
}

interface Pressed {
	readonly isTaken: boolean;
	readonly done: readonly string[];
}

function press(
	key: string,
	{ selection = null, isCtrl = false, isRunOpen = true }: { readonly selection?: Selected; readonly isCtrl?: boolean; readonly isRunOpen?: boolean } = {},
): Pressed {
	const done: string[] = [];
	const state = { selection, speed: 1, picked: new Set([0]), shown, cursorUs: null, run: { virtualUs: 5 } };
	const run = noting(done, { state, plan, acts: noting(done, {}) });
	const app = noting(done, { state: { current: isRunOpen ? run : null, dialog: null, beside: null } });
	let isTaken = false;
	const event = { key, ctrlKey: isCtrl, altKey: false, metaKey: false, defaultPrevented: false, target: null, preventDefault: () => (isTaken = true) };
	keys.onWindowKey(app, event);
	return { isTaken, done };
}

const node = { kind: "node", node: 0 } as const;
const link = { kind: "link", link: 0 } as const;

/** Of lists, drawings and rows, which take them themselves. */
const ofLists = ["↑", "↓", "←", "→", "PgUp", "PgDn", "Alt", "Enter", "Tab", "⇧F10", "+", "−", "F2", "Ctrl D", "Delete"];
const asPressed: { readonly [shown: string]: readonly string[] } = { Space: [" "], "1 … 7": ["1", "2", "3", "4", "5", "6", "7"], Esc: ["Escape"] };

function listed(): readonly string[] {
	return keys.keyGroups.flatMap(({ keys: group }) => group.flatMap(({ shown: names }) => names.filter((name) => !ofLists.includes(name))));
}

test("no key and no line is listed twice", () => {
	const lines = keys.keyGroups.flatMap(({ keys: group }) => group.map(({ does }) => does));
	expect(new Set(lines).size).toBe(lines.length);
	expect(new Set(listed()).size).toBe(listed().length);
});

describe("what is listed", () => {
	test("does something when it is pressed, on a node that is selected", () => {
		const idleOnes = listed().flatMap((name) => {
			const isCtrl = name.startsWith("Ctrl ");
			const all = isCtrl ? [name.slice(5).toLowerCase()] : (asPressed[name] ?? [name]);
			return all.filter((key) => {
				const { isTaken, done } = press(key, { selection: node, isCtrl });
				return !isTaken || done.length === 0;
			});
		});
		expect(idleOnes).toEqual([]);
	});

	test("is everything that does something: no key of the keyboard acts and is kept secret", () => {
		const known = new Set(listed().flatMap((name) => asPressed[name] ?? [name]));
		const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
		const named = ["Escape", "Enter", "Tab", "Home", "End", "PageUp", "PageDown", "Delete", "Insert", "Backspace", "F1", "F2", "F5", "ArrowUp", "ArrowLeft"];
		for (const key of [...printable, ...named])
			for (const selection of [node, link, null]) if (press(key, { selection }).isTaken) expect(known, `a key that acts: ${key}`).toContain(key);
		for (const key of [...printable, ...named])
			if (press(key, { isCtrl: true }).isTaken) expect(known, `a key that acts with Ctrl: ${key}`).toContain(`Ctrl ${key.toUpperCase()}`);
	});

	test("of what acts on the selection, x is its first act: a node is crashed, a link is cut", () => {
		expect(press("x", { selection: node }).done).toEqual([expect.stringContaining('command ["crash a"')]);
		expect(press("x", { selection: link }).done).toEqual([expect.stringContaining('command ["cut a b"')]);
		// Where nothing is selected it says so, and gives no command.
		expect(press("x").done).toEqual([expect.stringContaining('tell ["note","Nothing is chosen')]);
	});

	test("of a run does nothing where none is open", () => {
		for (const key of [" ", ".", "m", "u", "f", "Q", "x", "1", "n", "/"]) expect(press(key, { isRunOpen: false })).toEqual({ isTaken: false, done: [] });
		expect(press("?", { isRunOpen: false }).done).toEqual(['openDialog [{"kind":"keys"}]']);
	});
});
