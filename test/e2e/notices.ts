/**
 * Listens to what a page tells its user from before an act on, so that no note comes and goes unseen while the
 * computer is busy; and says at once what went wrong instead, in the page's own words.
 */
import type { Page } from "playwright-core";

/** Nothing that is said later belongs to the act any more. */
const waitMsMax = 90_000;

interface Element {
	readonly textContent: string | null;
	matches(selector: string): boolean;
}

interface Browser {
	readonly document: { readonly body: unknown; querySelectorAll(selector: string): Iterable<Element> };
	readonly MutationObserver: new (look: () => void) => { observe(on: unknown, what: object): void; disconnect(): void };
}

/** @returns what the page says, as soon as it says that it is done or that something is wrong */
async function listen(
	page: Page,
	said: string | null,
): Promise<{ heard(): Promise<{ readonly isBad: boolean; readonly text: string }>; end(): Promise<void> }> {
	const ear = await page.evaluateHandle((wanted) => {
		const { document, MutationObserver } = globalThis as unknown as Browser;
		const all = () => [...document.querySelectorAll(".notices .notice, .jobs .notice, .said-here .notice")];
		const isBad = (element: Element) => element.matches(".fault, .notices .warning, .said-here .warning");
		// What was wrong before is no news.
		const old = new Set(all().filter(isBad));
		const { promise, resolve } = Promise.withResolvers<{ isBad: boolean; text: string }>();
		const look = () => {
			for (const element of all()) {
				const text = element.textContent ?? "";
				if (wanted !== null && text.startsWith(wanted)) resolve({ isBad: false, text });
				else if (isBad(element) && !old.has(element)) resolve({ isBad: true, text });
			}
		};
		const observer = new MutationObserver(look);
		observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["class"] });
		return { promise, end: () => observer.disconnect() };
	}, said);
	return {
		heard: () => ear.evaluate(({ promise }) => promise),
		async end() {
			await ear.evaluate(({ end }) => end());
			await ear.dispose();
		},
	};
}

/** What the page shows of itself: for whoever has waited in vain. */
async function pageWords(page: Page): Promise<string> {
	const words = await page.locator(".notice, .opening, [aria-busy=true], dialog, [role=dialog]").allInnerTexts();
	return words.length === 0 ? "nothing" : words.map((text) => text.slice(0, 500)).join("\n");
}

interface Wish<Given> {
	act(): Promise<void>;
	/** What comes of it, or the beginning of the note that says so. */
	readonly given: Promise<Given> | string;
}

/** Does something, and waits for what is to come of it. @throws what the page says is wrong, at once; what it shows, when nothing comes */
export async function givenBy<Given>(page: Page, { act, given }: Wish<Given>): Promise<Given> {
	const isNote = typeof given === "string";
	if (!isNote) given.catch(() => {}); // told below
	const ear = await listen(page, isNote ? given : null);
	let timer: NodeJS.Timeout | undefined;
	try {
		await act();
		const heard = ear.heard().then(({ isBad, text }) => {
			if (isBad) throw new Error(`instead of doing it, the page says: ${text}`);
			return undefined as Given;
		});
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => void pageWords(page).then((words) => reject(new Error(`nothing came of it; the page shows:\n${words}`)), reject), waitMsMax);
		});
		return await Promise.race(isNote ? [heard, late] : [given, heard, late]);
	} finally {
		clearTimeout(timer);
		await ear.end();
	}
}
