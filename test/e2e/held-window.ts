/**
 * A window for tests, opened before them and closed after them: one for all of a group, or a new one for each. When
 * its page erred meanwhile, whoever holds it fails.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { listenToPaintings } from "../support/painted.ts";
import { type LabWindow, type OpenOptions, type Target, webHost } from "./targets.ts";
import { WindowHand } from "./window-hand.ts";

export interface WindowFolder {
	/** For whatever a test wants to keep; in it is the library, and on the web host `tmp`. */
	readonly folder: string;
	/** The folder of the sessions. */
	readonly library: string;
}

export interface HoldOptions {
	/** What shows the window. When left out: a browser on the web host. */
	readonly target?: Target;
	readonly colours?: OpenOptions["colours"];
	/** What each test has anew: a window on one folder, or a folder and so a window. When left out, all have one window. */
	readonly anew?: "window" | "folder";
	/** Whether `paintingOf` may be asked what is on its canvases. */
	readonly isListenedTo?: boolean;
	/** Puts into each folder what is to be found there when a window is opened on it. */
	prepare?(at: WindowFolder): Promise<void> | void;
}

/** What is held is there while tests run, and in hooks that are told of later. */
export interface HeldWindow extends WindowFolder {
	readonly browser: Browser;
	readonly lab: LabWindow;
	/** One hand for all tests, on the page of whichever window is open. */
	readonly hand: WindowHand;
}

/** To be called where tests are told of. Opens nothing on a target that cannot run. */
export function holdWindow({ target = webHost, colours = "light", anew, isListenedTo = false, prepare }: HoldOptions = {}): HeldWindow {
	const hand = new WindowHand();
	let browser: Browser | undefined;
	let folder: string | undefined;
	let lab: LabWindow | undefined;
	const there = <Part>(part: Part | undefined): Part => {
		if (part === undefined) throw new Error("there is no window yet, or none at all");
		return part;
	};
	const held: HeldWindow = {
		hand,
		get browser() {
			return there(browser);
		},
		get folder() {
			return there(folder);
		},
		get library() {
			return join(there(folder), "library");
		},
		get lab() {
			return there(lab);
		},
	};
	if (target.whyNot !== null) return held;

	const [beforeFolder, afterFolder] = anew === "folder" ? [beforeEach, afterEach] : [beforeAll, afterAll];
	const [beforeWindow, afterWindow] = anew === undefined ? [beforeAll, afterAll] : [beforeEach, afterEach];
	// Hooks that come after are called in the opposite order: what is opened last is closed first, and all is closed when one fails.
	let troubles: readonly string[] = [];
	afterWindow(() => expect(troubles).toEqual([]));
	beforeAll(async () => {
		browser = await openBrowser();
	});
	afterAll(() => browser?.close());
	beforeFolder(async () => {
		folder = mkdtempSync(join(tmpdir(), "quorate-window-"));
		mkdirSync(held.library);
		await prepare?.(held);
	});
	afterFolder(() => {
		if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
	});
	beforeWindow(async () => {
		lab = await target.open(held.browser, { folder: held.folder, colours });
		if (isListenedTo) {
			await listenToPaintings(lab.page);
			await lab.reload();
		}
		hand.take(lab.page);
	});
	afterWindow(async () => {
		troubles = [...hand.troubles];
		await lab?.close();
		lab = undefined;
	});
	// First of all, while there is something to be read: what was on the page is told with what failed.
	afterEach(async ({ task }) => {
		const [error] = task.result?.errors ?? [];
		if (error !== undefined && lab !== undefined) error.message += `\nThe page: ${await hand.words()}`;
	});
	return held;
}
