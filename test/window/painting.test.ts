/** What is painted: the canvases of the topology, the timeline and the scrubber show what the tables say, by form and words. */
import { beforeEach, expect, test } from "vitest";
import { nodeIcons } from "../../src/shared/drawing/node-icons.ts";
import { palettes } from "../../src/shared/drawing/palette.ts";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { type Painting, paintingOf } from "../support/painted.ts";

const colours = palettes.light;
const { hand } = holdWindow({ anew: "window", isListenedTo: true });
beforeEach(async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.keyboard.press("m");
	await hand.keyboard.press("2");
	await hand.page.locator(".topology-graph").waitFor();
});

const standing = (): Promise<Painting> => paintingOf(hand.page, ".topology-canvas", 0);
const moving = (): Promise<Painting> => paintingOf(hand.page, ".topology-canvas", 1);
const scrubber = (): Promise<Painting> => paintingOf(hand.page, ".scrubber canvas");
const timeline = (): Promise<Painting> => paintingOf(hand.page, ".timeline-canvas");
const count = <Value>(values: readonly Value[], wanted: Value): number => values.filter((value) => value === wanted).length;
const textsOf = ({ words }: Painting): readonly string[] => words.map(({ text }) => text);

/** What is written in the column under a node's name, down to the next name. */
async function saidOf(node: string): Promise<readonly string[]> {
	const { words } = await standing();
	const name = words.find(({ text }) => text === node);
	if (name === undefined) return [];
	return words.filter(({ x, y }) => Math.abs(y - name.y) < 60 && y >= name.y && Math.abs(x - name.x) < 90).map(({ text }) => text);
}

test("beside each node stand its name, its state, its own clock and how far that is off; in it the icon of its state", async () => {
	for (const line of ["crash web-1", "pause web-2", "slow web-3 4x", "clock web-4 +2s"]) await hand.command(line);
	await hand.rowIn("web-3", "slow");
	for (const [node, state] of [
		["crowd", "up"],
		["web-1", "down"],
		["web-2", "paused"],
		["web-3", "slow"],
		["web-5", "up"],
	] as const)
		await expect.poll(() => saidOf(node), eventually).toContain(state);
	const four = await saidOf("web-4");
	expect(four).toEqual(expect.arrayContaining(["up", "+2 s", expect.stringMatching(/^00:02\.0/)]));
	// Who is down has no time.
	expect((await saidOf("web-1")).filter((text) => /^00:/.test(text))).toEqual([]);
	const { icons } = await standing();
	expect([nodeIcons.down, nodeIcons.paused, nodeIcons.slow, nodeIcons.up].map((icon) => count(icons, icon))).toEqual([1, 1, 1, 4]);
});

test("how much waits for a busy node is written at it, and its bar is red above the line", async () => {
	await hand.command("slow web-2 20x");
	await hand.keyboard.press("/");
	await hand.keyboard.press("Escape");
	const bar = async (): Promise<number> => count((await standing()).fills, colours.bad);
	expect(await bar()).toBe(0);
	await hand.goOnTo("2s");
	await expect.poll(() => saidOf("web-2"), eventually).toEqual(expect.arrayContaining(["slow", expect.stringMatching(/^queue [1-9]/)]));
	await expect.poll(bar, eventually).toBeGreaterThan(0);
});

test("a link says what it takes and loses, and is broken, dotted or whole by its state", async () => {
	const dashes = [
		["cut balancer web-1", "balancer – web-1", "cut", `${colours.bad} 9,6`],
		["clog balancer web-2", "balancer – web-2", "clogged", `${colours.warning} 2,5`],
		["set link balancer web-4 lossRatio 10%", "balancer – web-4", "changed", `${colours.warning} 12,4,3,4`],
	] as const;
	const before = (await standing()).lines;
	for (const [, , , line] of dashes) expect(before).not.toContain(line);
	for (const [command, row, state, line] of dashes) {
		await hand.command(command);
		await hand.rowIn(row, state);
		await expect.poll(async () => count((await standing()).lines, line), eventually).toBe(1);
	}
	await hand.command("cut balancer -> web-3");
	await hand.rowIn("balancer – web-3", "cut one way");
	await expect.poll(async () => count((await standing()).lines, `${colours.bad} 9,6`), eventually).toBe(2);
	await hand.command("set link balancer web-5 floorUs 30ms");
	const written = async (): Promise<readonly string[]> => [...textsOf(await standing()), ...textsOf(await moving())];
	await expect.poll(written, eventually).toEqual(expect.arrayContaining(["1 ms · loses 10 %", "30 ms"]));
	await hand.command("heal all");
	await expect.poll(async () => count((await standing()).lines, `${colours.bad} 9,6`), eventually).toBe(0);
});

test("a partition is a boundary around each part, with its letter, as long as it lasts", async () => {
	const parts = async () => {
		const { words, lines } = await standing();
		const letters = words.filter(({ text }) => /^[A-D]$/.test(text)).map(({ text }) => text);
		return { letters, first: lines.includes(`${colours.bad} 14,7`), second: lines.includes(`${colours.bad} 3,6`) };
	};
	expect(await parts()).toEqual({ letters: [], first: false, second: false });
	await hand.command("partition {web-1 web-2} {crowd balancer web-3 web-4 web-5}");
	await expect.poll(parts, eventually).toMatchObject({ letters: ["A", "B"], first: true, second: true });
	await hand.command("heal all");
	await expect.poll(parts, eventually).toEqual({ letters: [], first: false, second: false });
});

test("a message under way is an envelope; dropped from its row in the list it is a cross; delayed it comes later", async () => {
	await hand.goOnTo("30ms");
	const crosses = async (): Promise<number> => (await moving()).stamps.filter((stamp) => stamp.includes(colours.bad)).length;
	const envelopes = async (): Promise<number> => (await moving()).stamps.filter((stamp) => stamp.includes(colours.message)).length;
	expect(await crosses()).toBe(0);
	const envelopesBefore = await envelopes();
	expect(envelopesBefore).toBeGreaterThan(0);
	await hand.page.getByText(/^Messages under way: /).click();
	const rows = hand.page.locator(".messages-under-way tbody tr");
	const underWay = rows.filter({ hasText: "→ under way" });
	const dropped = (await underWay.last().locator(".row-name").textContent()) ?? "";
	await underWay.last().locator(".row-name").press("Shift+F10");
	await hand.page.getByRole("menuitem", { name: "Drop this message" }).press("Enter");
	await hand.page.locator(".messages-under-way tr", { hasText: dropped }).getByText("✕ lost").waitFor();
	await expect.poll(crosses, eventually).toBe(1);

	const row = underWay.first();
	const name = (await row.locator(".row-name").textContent()) ?? "";
	await row.locator(".row-name").press("Enter");
	await hand.page.locator(".inspect-head", { hasText: name }).waitFor();
	const thereMs = async (): Promise<number> => {
		const text = (await hand.page.locator(".view-facts div", { hasText: "There at" }).locator("dd").textContent()) ?? "";
		return Number(/^([\d.]+)s/.exec(text)?.[1]) * 1_000;
	};
	const before = await thereMs();
	await hand.page
		.locator(".inspect-actions")
		.getByRole("button", { name: /^Everything that can be done to/ })
		.click();
	await hand.page.getByRole("menuitem", { name: "Delay by 200 ms" }).click();
	await expect.poll(async () => Math.round((await thereMs()) - before), eventually).toBe(200);
});

test("a copy that a link has made lies on a second sheet, and says what it is in the legend, the list and the inspector", async () => {
	const legend = hand.page.locator(".legend", { hasText: "copy made by a link" });
	const sheets = async (): Promise<number> => (await moving()).stamps.filter((stamp) => stamp.includes(colours.warning)).length;
	await hand.goOnTo("30ms");
	await expect.poll(async () => (await moving()).stamps.length, eventually).toBeGreaterThan(0);
	expect([await sheets(), await legend.count()]).toEqual([0, 0]);
	await hand.command("set link crowd balancer duplicateRatio 100%");
	await hand.goOnTo("34ms");
	await legend.waitFor();
	await hand.page.getByText(/^Messages under way: /).click();
	const copies = hand.page.locator(".messages-under-way tbody tr", { hasText: /#\d+ \(copy \d+\)/ });
	await copies.first().waitFor();
	await expect.poll(sheets, eventually).toBe(await copies.count());
	expect((await moving()).stamps.length).toBeGreaterThan(await sheets());
	await copies.first().locator(".row-name").press("Enter");
	await hand.page
		.locator(".inspect-head", { hasText: /\(copy \d+\)/ })
		.getByText("copy made by a link", { exact: true })
		.waitFor();
	await hand.button("Timeline").click();
	await hand.page.locator(".timeline-legend", { hasText: "copy made by a link" }).waitFor();
});

test("on the scrubber a fault is a mark, and its repair another", async () => {
	const marks = async () => {
		const { fills, lines } = await scrubber();
		return { faults: count(fills, colours.bad), repairs: count(lines, colours.good) };
	};
	expect(await marks()).toEqual({ faults: 0, repairs: 0 });
	await hand.command("crash web-3");
	await expect.poll(marks, eventually).toEqual({ faults: 1, repairs: 0 });
	await hand.command("restart web-3");
	await expect.poll(async () => (await marks()).repairs, eventually).toBeGreaterThan(0);
	await hand.command("cut balancer web-1");
	await expect.poll(async () => (await marks()).faults, eventually).toBe(2);
});

/** Names of nodes on the timeline, from the top. */
async function lanes(): Promise<readonly string[]> {
	const names = await hand.nodeNames();
	const { words } = await timeline();
	return words
		.filter(({ text, x }) => names.includes(text) && x < 104)
		.sort((a, b) => a.y - b.y)
		.map(({ text }) => text);
}

test("the timeline goes from time to time in place: true, own clocks, Lamport's, vectors", async () => {
	await hand.command("clock web-1 +1s");
	await hand.goOnTo("300ms");
	await hand.keyboard.press("3");
	await expect.poll(lanes, eventually).toEqual(["crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5"]);
	const base = (name: string) => hand.page.locator(".timeline-bar").getByRole("button", { name, exact: true });
	const shown = async () => {
		const axis = (await timeline()).words.filter(({ x, y }) => y < 24 && x > 104).map(({ text }) => text);
		const has = (pattern: RegExp): boolean => axis.filter((text) => pattern.test(text)).length > 1;
		return { stamps: has(/^L\d+$/), weights: has(/^Σ\d+$/), ticks: has(/^\d/) };
	};
	await expect.poll(shown, eventually).toEqual({ stamps: false, weights: false, ticks: true });
	await hand.keyboard.press("b");
	await base("own clocks").and(hand.page.locator('[aria-pressed="true"]')).waitFor();
	await expect.poll(shown, eventually).toEqual({ stamps: false, weights: false, ticks: true });
	await hand.keyboard.press("b");
	await base("Lamport").and(hand.page.locator('[aria-pressed="true"]')).waitFor();
	await expect.poll(shown, eventually).toEqual({ stamps: true, weights: false, ticks: false });
	await base("vectors").click();
	await expect.poll(shown, eventually).toEqual({ stamps: false, weights: true, ticks: false });
	await base("true time").click();
	await expect.poll(shown, eventually).toEqual({ stamps: false, weights: false, ticks: true });
});

test("lanes change places and are zoomed by keys, and what is selected lights its past and its future in every view", async () => {
	await hand.goOnTo("300ms");
	await hand.keyboard.press("1");
	await hand.button("Lanes").press("Enter");
	await hand.button("Move web-1 up").press("Enter");
	await hand.keyboard.press("Escape");
	await expect.poll(lanes, eventually).toEqual(["crowd", "web-1", "balancer", "web-2", "web-3", "web-4", "web-5"]);

	const inSight = async (): Promise<number> => Number(((await hand.page.locator(".timeline-bar [role=status]").textContent()) ?? "").replaceAll(/[^\d]/g, ""));
	const canvas = hand.page.locator(".timeline-canvas");
	const all = hand.page.locator(".timeline-bar").getByRole("button", { name: "All", exact: true });
	await all.click();
	// Five hundred visitors a second, each of them a dozen events.
	await expect.poll(inSight, eventually).toBeGreaterThan(1_200);
	const whole = await inSight();
	await canvas.focus();
	for (let presses = 0; presses < 3; presses++) await hand.keyboard.press("+");
	await expect.poll(inSight, eventually).toBeLessThan(whole / 2);

	const lit = async () => {
		const [stage, time] = [(await standing()).lines, (await timeline()).lines];
		const has = (lines: readonly string[], colour: string, isDashed: boolean): boolean =>
			lines.some((line) => line.startsWith(colour) && line.includes(" ") === isDashed);
		return {
			topology: [has(stage, colours.past, true), has(stage, colours.future, false)],
			timeline: [has(time, colours.past, true), has(time, colours.future, false)],
		};
	};
	expect(await lit()).toEqual({ topology: [false, false], timeline: [false, false] });
	await hand.page.getByRole("tab", { name: "Events" }).click();
	await hand.page.locator("#event-search").fill("kind=messageDelivered node=balancer");
	await hand.page.locator(".event-row", { hasNotText: "balancer" }).first().waitFor({ state: "detached" });
	await hand.page.locator(".event-row").nth(4).click();
	await hand.page.locator('.event-row[aria-selected="true"]').waitFor();
	await expect.poll(lit, eventually).toEqual({ topology: [true, true], timeline: [true, true] });
	await hand.page.locator("#event-search").fill("");
	for (const side of ["past", "future"]) await hand.page.locator(`.event-row.${side}`).first().waitFor();
	await hand.page.getByRole("tab", { name: "Nodes", exact: true }).click();
	await hand.page.locator("tr .cone-sign").first().waitFor();
	for (const said of [/in the causal past|in its causal past and future/, /in its causal future|in its causal past and future/])
		await hand.page.locator("tr").filter({ hasText: said }).first().waitFor();
	await hand.keyboard.press("Escape");
	await expect.poll(lit, eventually).toEqual({ topology: [false, false], timeline: [false, false] });
});

test("who leads bears a crown and says so, and who is taken for dead by others says that", async () => {
	await hand.home();
	await hand.start("Leader election", "Set up, paused");
	await hand.keyboard.press("2");
	expect(textsOf(await standing())).not.toContain("leader");
	await hand.goOnTo("1s");
	await expect.poll(async () => count(textsOf(await standing()), "leader"), eventually).toBe(1);
	expect(count((await standing()).icons, nodeIcons.leader)).toBe(1);

	await hand.home();
	await hand.start("Dead, or only slow?", "Set up, paused");
	await hand.keyboard.press("2");
	await hand.command("pause node-3");
	await hand.goOnTo("4s");
	await expect.poll(() => saidOf("node-3"), eventually).toContainEqual(expect.stringMatching(/^suspected/));
	expect((await saidOf("node-5")).join(" ")).not.toContain("suspected");
});
