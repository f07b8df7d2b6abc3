/** Exports from the window: pictures of the stage, what is shown alone, and an export that is called off. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { constants, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { decode } from "fast-png";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { palettes } from "../../src/shared/drawing/palette.ts";
import { type LabWindow, openWeb } from "../e2e/targets.ts";
import { WindowHand } from "../e2e/window-hand.ts";
import { openBrowser } from "../support/browser.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-window-exports-"));
/** Where the lab makes its files. */
const temporary = join(folder, "tmp");
let browser: Browser;
let lab: LabWindow;
let hand: WindowHand;

beforeAll(async () => {
	browser = await openBrowser();
	lab = await openWeb(browser, { folder, colours: "light" });
	hand = new WindowHand(lab.page);
	await hand.start("The front door", "Set up, paused");
	await hand.page.getByRole("button", { name: "To the end" }).click();
	await hand.page.getByText("Ended", { exact: true }).first().waitFor();
});
afterAll(async () => {
	await lab.close();
	await browser.close();
	rmSync(folder, { recursive: true, force: true });
});

async function openDialog(format: string): Promise<void> {
	await hand.page.getByRole("button", { name: "Export…" }).click();
	await hand.page.locator(`input[name=format][value=${format}]`).check();
}

const start = (): Promise<void> => hand.page.getByRole("button", { name: "Export", exact: true }).click();

test.each(["png-topology", "png-timeline"])("%s is a picture of a good size, and says what it is of", async (format) => {
	await openDialog(format);
	const bytes = readFileSync(await lab.saved(start));
	expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
	expect(bytes.readUInt32BE(16)).toBeGreaterThan(1_200);
	expect(bytes.length).toBeGreaterThan(20_000);
	const { width, height, corners, colours } = lookAt(bytes);
	expect([width, height]).toEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]);
	const { light } = palettes;
	const ground = format === "png-topology" ? light.paper : light.surface;
	expect(corners).toEqual([ground, ground]);
	// Names of nodes, and messages or events, are in it in their own colours.
	for (const colour of [light.ink, light.line, light.good]) expect(colours[colour] ?? 0, colour).toBeGreaterThan(50);
	expect(colours[ground] ?? 0).toBeGreaterThan(width * height * 0.2);
	const { text } = decode(bytes, { checkCrc: true });
	expect(text.Title).toBe("The front door");
	const { quorate } = JSON.parse(text.quorate ?? "") as { readonly quorate: { readonly [name: string]: unknown } };
	expect(quorate).toMatchObject({ program: "Quorate", format, lab: "front-door", sessionFinished: true });
	expect(quorate.session).toMatch(/^front-door /);
	expect(quorate.holds).toMatch(format === "png-topology" ? /^the cluster at \d+\.\d{6}s$/ : /^from \d+\.\d{6}s to \d+\.\d{6}s$/);
});

test("what is shown goes out alone when that is asked for", async () => {
	await openDialog("jsonl");
	await hand.page.locator("input[name=scope][value=shown]").check();
	const said = (await hand.page.locator(".export-dialog small").textContent()) ?? "";
	expect(said).toMatch(/^[\d.]+ (s|ms|µs|min).* to .*, every node$/);
	await start();
	const job = hand.page.locator(".jobs .notice");
	const path = await lab.saved(() => job.getByRole("button", { name: "Save…" }).click());
	const lines = readFileSync(path, "utf8")
		.trimEnd()
		.split("\n")
		.slice(1)
		.map((line) => JSON.parse(line) as { readonly atUs: number });
	const [first, last] = [lines[0]?.atUs ?? 0, lines.at(-1)?.atUs ?? 0];
	expect(last - first).toBeLessThan(20_000_000);
	expect(lines.length).toBeLessThan(20_000);
	await job.getByRole("button", { name: "Dismiss" }).click();
});

test.runIf(process.platform !== "win32")("what is called off leaves nothing behind", async () => {
	const before = filesMade();
	// The file that will grow is a pipe that nobody empties: the export is in the middle of it until it is called off.
	const grows = join(temporary, dirname(before[0] ?? ""), `${before.length + 1}.partial`);
	execFileSync("mkfifo", [grows]);
	const pipe = new Socket({ fd: openSync(grows, constants.O_RDWR | constants.O_NONBLOCK), writable: false });
	const begun = once(pipe, "readable");
	await openDialog("trace");
	await start();
	await begun;
	await hand.page.locator(".jobs").getByRole("button", { name: "Cancel" }).click();
	// The lab takes one thing after the other: what was asked after that is answered after it was taken.
	await hand.keyboard.press("Home");
	await hand.rowTakes("web-1", /^0$/);
	pipe.destroy();
	await hand.page.locator(".jobs").getByText("Called off.").waitFor();
	expect(filesMade()).toEqual(before);
	expect(hand.troubles).toEqual([]);
});

test("a file that cannot be given is told of at once, in the page's words", async () => {
	const library = join(folder, "library");
	for (const name of readdirSync(library).filter((file) => file.endsWith(".quorate"))) rmSync(join(library, name));
	await hand.page.getByRole("button", { name: "Export…" }).click();
	const saving = lab.saved(() => hand.page.getByRole("button", { name: "Session file: everything, to replay" }).click());
	await expect(saving).rejects.toThrow(/the page says: there is no session "front-door .*" in the library/);
});

interface Seen {
	readonly width: number;
	readonly height: number;
	/** First and last pixel of the first line. */
	readonly corners: readonly string[];
	/** How many pixels have a colour. */
	readonly colours: { readonly [colour: string]: number };
}

/** By a decoder of somebody else's, which is no browser either. */
function lookAt(bytes: Buffer): Seen {
	const { width, height, channels, data } = decode(bytes);
	const nameAt = (pixel: number): string => `#${[0, 1, 2].map((part) => (data[pixel * channels + part] ?? 0).toString(16).padStart(2, "0")).join("")}`;
	const counts = new Map<number, number>();
	const example = new Map<number, number>();
	for (let pixel = 0; pixel < width * height; pixel++) {
		const at = pixel * channels;
		const colour = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
		counts.set(colour, (counts.get(colour) ?? 0) + 1);
		if (!example.has(colour)) example.set(colour, pixel);
	}
	const colours = Object.fromEntries([...counts].map(([colour, count]) => [nameAt(example.get(colour) ?? 0), count]));
	return { width, height, corners: [nameAt(0), nameAt(width - 1)], colours };
}

/** Files that the lab keeps for saving, whole and half. */
function filesMade(): readonly string[] {
	return readdirSync(temporary)
		.filter((name) => name.startsWith("quorate-files-"))
		.flatMap((name) => readdirSync(join(temporary, name)).map((file) => `${name}/${file}`))
		.sort();
}
