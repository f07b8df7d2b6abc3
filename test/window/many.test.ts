/** Two hundred nodes: each is known by its number, what matters by its name; one comes closer and goes back; the list finds any of them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { record } from "../support/command-line.ts";
import { paintingOf } from "../support/painted.ts";

const servers = 199;
const labText = `
format: 1
id: crowded
title: Two hundred
shows: Two hundred nodes, one of which all others ask.
duration: 1s
nodes:
  - name: hub
    role: balancer
    services: [{ service: echo }]
  - name: web-{n}
    count: ${servers}
    role: web
    services: [{ service: ping, config: { peer: hub, period: 100ms, timeout: 50ms } }]
links:
  - between: [hub, web-*]
    latency: 5ms
`;
const { hand } = holdWindow({
	isListenedTo: true,
	async prepare({ folder, library }) {
		const path = join(folder, "lab.yaml");
		writeFileSync(path, labText);
		await record(join(library, "crowded.quorate"), [path, "--until", "400ms", "--at", "200ms crash web-150"]);
	},
});
beforeAll(async () => {
	await hand.openSession();
	await hand.keyboard.press("End");
	await hand.keyboard.press("2");
	await hand.page.locator(".topology-graph").waitFor();
});

interface Point {
	readonly x: number;
	readonly y: number;
}

/** Where each node is drawn, and how large the drawing is. */
function places(): Promise<{ readonly nodes: readonly Point[]; readonly width: number; readonly height: number }> {
	return hand.page.locator(".topology-graph").evaluate((element) => {
		interface Held {
			readonly _cyreg: { readonly cy: { getElementById(id: string): { renderedPosition(): Point; nonempty(): boolean } } };
			readonly clientWidth: number;
			readonly clientHeight: number;
		}
		const { _cyreg, clientWidth: width, clientHeight: height } = element as unknown as Held;
		const nodes: Point[] = [];
		for (let node = 0; _cyreg.cy.getElementById(`n${node}`).nonempty(); node++) {
			const { x, y } = _cyreg.cy.getElementById(`n${node}`).renderedPosition();
			nodes.push({ x, y });
		}
		return { nodes, width, height };
	});
}

async function inSight(): Promise<number> {
	const { nodes, width, height } = await places();
	return nodes.filter(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height).length;
}

test("all of them are in sight, each with its number; the one that is down with its name", async () => {
	await expect.poll(inSight, eventually).toBe(servers + 1);
	const words = async () => (await paintingOf(hand.page, ".topology-canvas")).words;
	await expect.poll(async () => (await words()).map(({ text }) => text), eventually).toEqual(expect.arrayContaining(["web-150"]));
	const told = new Set((await words()).flatMap(({ text }) => /^(?:web-)?(\d+)$/.exec(text)?.[1] ?? []));
	expect(told.size).toBe(servers);
});

test("one comes closer and goes back to all of them", async () => {
	const button = (name: string) => hand.page.locator(".topology").getByRole("button", { name, exact: true });
	for (let presses = 0; presses < 6; presses++) await button("Closer").click();
	await expect.poll(inSight, eventually).toBeLessThan(servers / 2);
	await button("Fit").click();
	await expect.poll(inSight, eventually).toBe(servers + 1);
});

test("the list tells how many there are, makes only those in sight, and finds one by its name", async () => {
	const table = hand.page.getByRole("table", { name: "Nodes" });
	expect(await table.getAttribute("aria-rowcount")).toBe(String(servers + 2));
	expect(await table.locator("tbody tr .row-name").count()).toBeLessThan(80);
	await hand.page.getByRole("searchbox", { name: "Filter nodes and links" }).fill("web-150");
	await hand.rowIn("web-150", "down");
	expect(await table.locator("tbody tr .row-name").count()).toBe(1);
	await hand.page.getByRole("searchbox", { name: "Filter nodes and links" }).fill("");
	await hand.button("web-1").focus();
	// Down the list by keys alone, further than was made at first.
	for (let presses = 0; presses < 100; presses++) await hand.keyboard.press("ArrowDown");
	await hand.page
		.locator('tr[aria-selected="true"] .row-name')
		.filter({ hasText: /^web-101$/ })
		.waitFor();
	expect(await hand.axe()).toEqual([]);
});
