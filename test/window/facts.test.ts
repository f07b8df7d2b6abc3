/** The inspector says what is so in words that can be read at a glance: no number is torn from its unit, and no word apart. */
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const { hand } = holdWindow({ anew: "window" });

/** Words, and numbers with their units, that stand on more than one line. */
function torn(): Promise<readonly string[]> {
	return hand.page.locator(".panel[data-state=active] dl").evaluateAll((lists) => {
		interface Box {
			readonly top: number;
			readonly left: number;
			readonly right: number;
		}
		interface Part {
			readonly textContent: string;
			readonly className: string;
			readonly childNodes: Iterable<Part>;
			readonly nodeType: number;
			getBoundingClientRect(): Box;
			querySelectorAll(selector: string): Iterable<Part>;
		}
		interface Stretch {
			setStart(node: Part, offset: number): void;
			setEnd(node: Part, offset: number): void;
			getClientRects(): Iterable<Box>;
		}
		const { document } = globalThis as unknown as { readonly document: { createRange(): Stretch } };
		const linesOf = (node: Part, from: number, to: number): number => {
			const range = document.createRange();
			range.setStart(node, from);
			range.setEnd(node, to);
			return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
		};
		const textsIn = (part: Part): readonly Part[] => (part.nodeType === 3 ? [part] : [...part.childNodes].flatMap(textsIn));
		return (lists as unknown as readonly Part[]).flatMap((list) =>
			[...list.querySelectorAll("dt, dd")].flatMap((place) => {
				const texts = textsIn(place);
				const words = texts.flatMap((text) =>
					[...text.textContent.matchAll(/\d[\d.,]* ?(?:µs|ms|s|%)(?=[\s,)]|$)|\S+/g)].flatMap(({ 0: word, index }) =>
						linesOf(text, index, index + word.length) > 1 ? [word] : [],
					),
				);
				const [inner, outer] = [place.getBoundingClientRect(), list.getBoundingClientRect()];
				return inner.left < outer.left - 1 || inner.right > outer.right + 1 ? [...words, `out of its list: ${place.textContent}`] : words;
			}),
		);
	});
}

const fact = (name: string) => hand.page.locator(".panel[data-state=active] dl div", { hasText: name }).locator("dd").first();

test("of a message, a link and a node every word and every number with its unit stands on one line", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.command("clock web-2 +2500ms");
	await hand.command("set link balancer web-2 floorUs 20ms");
	await hand.goOnTo("300ms");
	await hand.keyboard.press("2");
	for (const name of ["balancer – web-2", "web-2"]) {
		await hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
		await hand.row(name).getByRole("button", { name, exact: true }).press("Enter");
		await hand.page.locator(".inspect-head h2", { hasText: "web-2" }).waitFor();
		await fact(name === "web-2" ? "Its own clock" : "Lost so far").waitFor();
		expect(await torn()).toEqual([]);
	}
	expect(await fact("Its own clock").textContent()).toBe("00:02.800 (2.5 s off)");
	await hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
	await hand.page.getByText(/^Messages under way: /).click();
	const row = hand.page.locator(".messages-under-way tbody tr", { hasText: "crowd → balancer" }).first();
	await row.locator(".row-name").press("Enter");
	await fact("On this link since").waitFor();
	// Twenty milliseconds this link takes at least.
	await expect.poll(() => fact("On this link since").textContent(), eventually).toMatch(/^0\.(2[789]\d{4}|300000)s, [\d.]+ (ms|µs) ago$/);
	expect(await fact("There at").textContent()).toMatch(/^0\.3[012]\d{4}s, in [\d.]+ (ms|µs)$/);
	expect(await torn()).toEqual([]);
});

test("what has reached a paused node and waits for it is listed in its inspector, and is gone when it has been taken", async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.goOnTo("300ms");
	await hand.command("pause web-1");
	await hand.rowIn("web-1", "paused");
	await hand.goOnTo("600ms");
	await hand.keyboard.press("2");
	await hand.row("web-1").getByRole("button", { name: "web-1", exact: true }).press("Enter");
	const inbox = hand.page.locator(".block", { has: hand.page.getByRole("heading", { name: "Inbox", exact: true }) });
	const rows = inbox.locator("li");
	// About a hundred visitors a second are sent to it, until it is taken for dead.
	await expect.poll(() => rows.count(), eventually).toBeGreaterThan(5);
	const listed = await rows.allTextContents();
	expect(await inbox.locator("header .number").textContent()).toBe(`${listed.length}`);
	for (const text of listed) expect(text).toMatch(/^http\.(request|health) #\d+balancer$/);
	expect(new Set(listed).size).toBe(listed.length);
	await hand.command("resume web-1");
	await hand.goOnTo("601ms");
	await inbox.getByText("None", { exact: true }).waitFor();
	expect(await rows.count()).toBe(0);
});
