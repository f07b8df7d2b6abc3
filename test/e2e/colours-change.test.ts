/** Colours that change under a window that is open, by the system or by hand, reach everything that is drawn on a canvas. */
import { beforeAll, expect, test } from "vitest";
import { palettes } from "../../src/shared/drawing/palette.ts";
import { holdWindow } from "./held-window.ts";
import { eventually } from "./window-hand.ts";

const { hand } = holdWindow();
beforeAll(async () => {
	await hand.start("Movie night", "Set up, paused");
	await hand.button("Both").click();
	await hand.page.locator(".timeline-canvas").waitFor();
});

/** What there is most of on a canvas, apart from nothing: `#rrggbb`, in the order of how much. */
function coloursOf(canvas: string): Promise<readonly string[]> {
	return hand.page.evaluate(`(() => {
		const canvas = document.querySelector(${JSON.stringify(canvas)});
		const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
		const counts = new Map();
		for (let at = 0; at < data.length; at += 4) {
			if (data[at + 3] < 255) continue;
			const colour = "#" + [data[at], data[at + 1], data[at + 2]].map((part) => part.toString(16).padStart(2, "0")).join("");
			counts.set(colour, (counts.get(colour) ?? 0) + 1);
		}
		return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 60).map(([colour]) => colour);
	})()`) as Promise<readonly string[]>;
}

const canvases = [".topology-canvas", ".timeline-canvas", ".scrubber canvas"] as const;

/** Once no canvas has a colour that only the other theme has. */
async function allIn(theme: "light" | "dark"): Promise<void> {
	const other = palettes[theme === "light" ? "dark" : "light"];
	const own = new Set(Object.values(palettes[theme]));
	// Letters on the yellow of the instant are dark in both.
	const foreign = new Set(Object.values(other).filter((colour) => !own.has(colour) && colour !== palettes.light.ink));
	await expect
		.poll(async () => {
			const seen = await Promise.all(canvases.map(coloursOf));
			return seen.map((colours) => ({ own: colours.some((colour) => own.has(colour)), foreign: colours.filter((colour) => foreign.has(colour)) }));
		}, eventually)
		.toEqual(canvases.map(() => ({ own: true, foreign: [] })));
}

test("the system's wish, and the user's, reach the topology, the timeline and the scrubber while nothing else changes", async () => {
	await allIn("light");
	await hand.page.emulateMedia({ colorScheme: "dark" });
	await allIn("dark");
	await hand.page.emulateMedia({ colorScheme: "light" });
	await allIn("light");
	await hand.keyboard.press("t");
	await allIn("dark");
	await hand.keyboard.press("t");
	await allIn("light");
});
