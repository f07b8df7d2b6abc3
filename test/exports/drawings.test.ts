/** Drawings are read back by an XML parser of somebody else's, and drawn by a real browser. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrangePlan } from "../../src/main/export/arrange.ts";
import type { Point } from "../../src/shared/drawing/message-path.ts";
import { palettes } from "../../src/shared/drawing/palette.ts";
import { eventKinds } from "../../src/shared/event-schema.ts";
import { rootDirectory } from "../architecture/files.ts";
import { openBrowser } from "../support/browser.ts";
import { Folder } from "../support/command-line.ts";
import { type Line, linesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";
import { labIds, labPlan } from "../support/lab-run.ts";
import { MemorySource } from "../support/memory-source.ts";
import { logEvent, playSyntheticRun, syntheticPlan } from "../synthetic-run.ts";

const folder = new Folder();
afterAll(() => folder.remove());
let path = "";
let lines: readonly Line[] = [];

beforeAll(async () => {
	path = await recordTrouble(folder);
	lines = await withSession(path, (session) => linesOf(session));
});

/** @throws when it is not well-formed, whatever the parser would forgive */
function parsed(svg: string): Element {
	const troubles: string[] = [];
	// The sign for what was no character is one that a text may have.
	const onError = (level: string, message: string): void => void (/replacement character/.test(message) || troubles.push(`${level}: ${message}`));
	const document = new DOMParser({ onError }).parseFromString(svg, "image/svg+xml");
	expect(troubles).toEqual([]);
	const root = document.documentElement;
	if (root === null) throw new Error("no document");
	return root;
}

const all = (root: Element, name: string): readonly Element[] => [...root.getElementsByTagName(name)];
const words = (root: Element): readonly string[] => all(root, "text").map(({ textContent }) => textContent ?? "");

/** Signs of messages by their forms: envelopes, rings and crosses. */
function signsOf(root: Element): { readonly requests: number; readonly replies: number; readonly losses: number } {
	const count = (name: string, attributes: object): number =>
		all(root, name).filter((element) => Object.entries(attributes).every(([key, value]) => element.getAttribute(key) === value)).length;
	const { message, reply, bad } = palettes.light;
	return {
		requests: count("rect", { width: "16", rx: "2.4", fill: message }),
		replies: count("circle", { r: "5.6", stroke: reply }),
		losses: count("path", { stroke: bad, "stroke-width": "3", "stroke-linecap": "round" }),
	};
}

/** A drawing is looked at in other people's browsers: nothing in it runs, loads or points anywhere. */
function expectHarmless(root: Element): void {
	for (const element of all(root, "*")) {
		expect(["svg", "title", "desc", "metadata", "rect", "path", "circle", "line", "text", "tspan", "g", "defs", "clipPath"]).toContain(element.tagName);
		for (const { name, value } of [...element.attributes]) {
			expect(name).not.toMatch(/^on|href$|^style$/i);
			if (/url\(/.test(value)) expect(value).toMatch(/^url\(#[\w-]+\)$/);
			expect(value).not.toMatch(/NaN|Infinity|undefined/);
		}
	}
	expect(root.getAttribute("viewBox")).toMatch(/^0 0 [\d.]+ [\d.]+$/);
}

describe("the drawing of the cluster", () => {
	test.each(["light", "dark"] as const)("shows every node with its state, in %s", async (theme) => {
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-topology", { drawing: { theme, atUs: 550_000 } })));
		expectHarmless(root);
		expect(words(root)).toEqual(expect.arrayContaining(["The front door", "front-door  ·  seed 1  ·  at 0.550000s", "web-1", "web-5", "down", "A", "B"]));
		expect(all(root, "title")[0]?.textContent).toBe("The front door");
		expect(all(root, "desc")[0]?.textContent).toMatch(/web-2 up, web-3 down/);
		expect(all(root, "rect")[0]?.getAttribute("fill")).toBe(palettes[theme].paper);
	});

	test("tells links that are cut, clogged or changed from those that are not", async () => {
		const at = (atUs: number): Promise<string> => withSession(path, (session) => textOf(session, "svg-topology", { drawing: { atUs } }));
		expect(all(parsed(await at(300_000)), "desc")[0]?.textContent).not.toMatch(/cut|clogged/);
		expect(all(parsed(await at(660_000)), "desc")[0]?.textContent).toMatch(/: cut one way/);
		expect(all(parsed(await at(900_000)), "desc")[0]?.textContent).toMatch(/: clogged/);
	});

	test("shows each message on its way once, by a sign of what becomes of it", async () => {
		const source = new MemorySource();
		const message = { to: 1, name: 3, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
		const arrival = { from: 0, copy: 0, name: 3, inReplyTo: 0, sentUs: 100 };
		for (let sequence = 1; sequence <= 9; sequence++)
			logEvent(source.log, "messageSent", { atUs: 100, node: 0 }, { ...message, sequence, inReplyTo: sequence === 4 || sequence === 5 ? 1 : 0 }, null);
		// Arrived before the instant: 1. Then 2 to 5 arrive, 6 to 8 are lost, and of 9 nothing is heard.
		for (let sequence = 1; sequence <= 5; sequence++)
			logEvent(source.log, "messageDelivered", { atUs: sequence === 1 ? 200 : 2_000, node: 1 }, { ...arrival, sequence });
		for (let sequence = 6; sequence <= 8; sequence++)
			logEvent(source.log, "messageDropped", { atUs: 2_100, node: 0 }, { sequence, copy: 0, to: 1, name: 3, link: 0, reason: 0 });
		logEvent(source.log, "messageSent", { atUs: 2_200, node: 0 }, { ...message, sequence: 10 }, null);
		const root = parsed(await textOf(source, "svg-topology", { drawing: { atUs: 600, theme: "light" } }));
		// The legend has one of each.
		expect(signsOf(root)).toEqual({ requests: 1 + 3, replies: 1 + 2, losses: 1 + 3 });
		const later = parsed(await textOf(source, "svg-topology", { drawing: { atUs: 2_050, theme: "light" } }));
		expect(signsOf(later)).toEqual({ requests: 1 + 1, replies: 1, losses: 1 + 3 });
	});

	test("shows a copy that a link has made as one, from when it was made to when it is there, and says what its sign means", async () => {
		const source = new MemorySource();
		const message = { to: 1, name: 3, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
		const arrival = { from: 0, name: 3, inReplyTo: 0, sentUs: 100 };
		for (const sequence of [1, 2, 3]) logEvent(source.log, "messageSent", { atUs: 100, node: 0 }, { ...message, sequence }, null);
		// Of 1 a copy is made before the instant, of 2 after it, of 3 none; of 1 the message is there first, of 2 the copy.
		logEvent(source.log, "messageDuplicated", { atUs: 200, node: 0 }, { sequence: 1, copy: 1, link: 0 });
		logEvent(source.log, "messageDuplicated", { atUs: 1_000, node: 0 }, { sequence: 2, copy: 1, link: 0 });
		for (const [atUs, sequence, copy] of [
			[2_000, 1, 0],
			[2_100, 2, 1],
			[2_200, 2, 0],
			[2_300, 1, 1],
			[2_400, 3, 0],
		] as const)
			logEvent(source.log, "messageDelivered", { atUs, node: 1 }, { ...arrival, sequence, copy });
		const at = async (atUs: number): Promise<object> => {
			const root = parsed(await textOf(source, "svg-topology", { drawing: { atUs, theme: "light" } }));
			const sheets = all(root, "path").filter((path) => path.getAttribute("stroke") === palettes.light.warning).length;
			return { messages: signsOf(root).requests, sheets, isTold: words(root).includes("copy made by a link") };
		};
		// The legend has one envelope, and another one on a sheet where there is a copy.
		expect(await at(150)).toEqual({ messages: 1 + 3, sheets: 0, isTold: false });
		expect(await at(600)).toEqual({ messages: 2 + 4, sheets: 1 + 1, isTold: true });
		expect(await at(1_500)).toEqual({ messages: 2 + 5, sheets: 1 + 2, isTold: true });
		expect(await at(2_150)).toEqual({ messages: 2 + 3, sheets: 1 + 1, isTold: true });
		expect(await at(2_350)).toEqual({ messages: 1 + 1, sheets: 0, isTold: false });
	});

	test("puts nodes where a window has put them", async () => {
		const places = new Map(Array.from({ length: 7 }, (_, vertex) => [vertex, { x: vertex * 200, y: 0 }]));
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-topology", { drawing: { places } })));
		const xs = ["crowd", "balancer", "web-1", "web-2"].map((name) =>
			Number(
				all(root, "text")
					.find(({ textContent }) => textContent === name)
					?.getAttribute("x"),
			),
		);
		expect(xs.map((x) => x - (xs[0] as number))).toEqual([0, 200, 400, 600]);
	});

	test("of a cluster that nobody has arranged is the same each time", async () => {
		const plan = syntheticPlan(9);
		const draw = (): Promise<string> => textOf(new MemorySource(plan), "svg-topology");
		const first = await draw();
		expect(first).toBe(await draw());
		const places = all(parsed(first), "text")
			.filter(({ textContent }) => /^web-/.test(textContent ?? ""))
			.map((text) => `${text.getAttribute("x")} ${text.getAttribute("y")}`);
		expect(new Set(places).size).toBe(9);
	});
});

describe("a lab that no window has arranged", () => {
	test.each(labIds)("%s has a place of its own for everything, and the lab's own places are kept", async (lab) => {
		const plan = labPlan(lab);
		const places = [...(await arrangePlan(plan)).values()];
		expect(places.length).toBe(plan.nodes.length + plan.switches.length);
		const nearest = Math.min(...places.flatMap((a, i) => places.slice(i + 1).map((b) => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)))));
		expect(nearest).toBeGreaterThan(20);
		const wanted = plan.nodes.flatMap(({ position }, node) => (position === undefined ? [] : [{ position, place: places[node] as Point }]));
		// A line that is folded, or bent because its links would all lie upon it, is no line any more.
		const isLine = (of: ({ position }: (typeof wanted)[number]) => number): boolean => new Set(wanted.map(of)).size === 1;
		const wasLine = isLine(({ position }) => position[0]) || isLine(({ position }) => position[1]);
		if (wasLine && new Set(wanted.map(({ place }) => place.x)).size > 1 && new Set(wanted.map(({ place }) => place.y)).size > 1) return;
		// Drawn larger where they would lie on each other, and never in another order.
		for (const a of wanted) for (const b of wanted) if (a.position[0] < b.position[0]) expect(a.place.x).toBeLessThan(b.place.x);
	});
});

describe("the space-time diagram", () => {
	const filter = { fromUs: 390_000, toUs: 520_000 };

	test("has a lane a node, and each message and loss in sight once", async () => {
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter })));
		expectHarmless(root);
		expect(words(root)).toEqual(expect.arrayContaining(["crowd", "balancer", "web-1", "web-5", "down", "partition", "true time"]));
		const inSight = lines.filter(({ atUs }) => atUs >= filter.fromUs && atUs <= filter.toUs);
		const sent = new Set(inSight.flatMap(({ kind, node, fields }) => (kind === "messageSent" ? [`${node}#${fields.sequence}`] : [])));
		const arrived = inSight.filter(({ kind, fields }) => kind === "messageDelivered" && !sent.has(`${fields.from}#${fields.sequence}`));
		expect(all(root, "desc")[0]?.textContent).toContain(` ${sent.size + arrived.length + lostBefore(inSight, sent)} messages, `);
	});

	test("tells of each message in sight whether it was lost", async () => {
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter })));
		const inSight = (atUs: number): boolean => atUs >= filter.fromUs && atUs <= filter.toUs;
		const sentInSight = new Set(
			lines.flatMap(({ kind, atUs, node, fields }) => (kind === "messageSent" && inSight(atUs) ? [`${node}#${fields.sequence}`] : [])),
		);
		const lost = lines.filter(({ kind, atUs, node, fields }) => kind === "messageDropped" && (inSight(atUs) || sentInSight.has(`${node}#${fields.sequence}`)));
		expect(all(root, "desc")[0]?.textContent).toContain(` messages, ${lost.length} lost.`);
		expect(lost.length).toBeGreaterThan(3);
	});

	test("shows what lasts as bars: of the network above the lanes, of a node on its own, by order nowhere", async () => {
		const look = { fromUs: 390_000, toUs: 1_000_000 };
		const at = (timeBase: "true" | "causal"): Promise<string> =>
			withSession(path, (session) => textOf(session, "svg-timeline", { filter: look, drawing: { timeBase } }));
		const root = parsed(await at("true"));
		expectHarmless(root);
		const bars = all(root, "title").map(({ textContent }) => textContent);
		expect(bars).toEqual(expect.arrayContaining(["partition crowd balancer web-1 web-2 | web-4 web-5", "cut balancer → web-1", "clogged balancer – web-5"]));
		const widthOf = (title: string): number =>
			Number(
				all(root, "g")
					.find((group) => [...group.childNodes].some((child) => child.nodeName === "title" && child.textContent === title))
					?.getElementsByTagName("rect")[0]
					?.getAttribute("width"),
			);
		// A cut of 50 ms, a partition of 100, and a clog that nobody took away.
		expect(widthOf("partition crowd balancer web-1 web-2 | web-4 web-5") / widthOf("cut balancer → web-1")).toBeCloseTo(2, 1);
		expect(widthOf("clogged balancer – web-5") / widthOf("cut balancer → web-1")).toBeCloseTo(3, 1);
		expect(words(root)).toEqual(expect.arrayContaining(["down", "network"]));
		expect(all(parsed(await at("causal")), "title").map(({ textContent }) => textContent)).not.toContain("cut balancer → web-1");
	});

	test("never lets an arrow point back in time", async () => {
		for (const timeBase of ["true", "causal", "vector"] as const) {
			const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter, drawing: { timeBase } })));
			const arrows = all(root, "path").map((element) => /^M([\d.-]+) [\d.-]+L([\d.-]+) /.exec(element.getAttribute("d") ?? ""));
			const ends = arrows.flatMap((match) => (match === null ? [] : [[Number(match[1]), Number(match[2])] as const]));
			expect(ends.length).toBeGreaterThan(30);
			for (const [from, to] of ends) expect(to).toBeGreaterThanOrEqual(from);
		}
	});

	test("marks the instant that is asked for: a line by time, by order a cut through the lanes, in words as well", async () => {
		const at = (atUs: number, timeBase: "true" | "causal" | "vector"): Promise<string> =>
			withSession(path, (session) => textOf(session, "svg-timeline", { filter, drawing: { atUs, timeBase } }));
		const line = all(parsed(await at(450_000, "true")), "path").filter(
			(element) => element.getAttribute("stroke") === palettes.light.select && /^M[\d.]+ [\d.]+L/.test(element.getAttribute("d") ?? ""),
		);
		// One on the diagram, and one in its legend.
		expect(line.length).toBe(2);
		for (const [timeBase, rank] of [
			["causal", "L"],
			["vector", "Σ"],
		] as const) {
			const root = parsed(await at(450_000, timeBase));
			expectHarmless(root);
			const said = new RegExp(`The cut at 00:00\\.450: .*balancer after ${rank}\\d+`);
			expect(all(root, "title").filter(({ textContent }) => said.test(textContent ?? "")).length).toBe(1);
			expect(all(root, "desc")[0]?.textContent).toMatch(said);
		}
		// Of an instant that is not in sight, nothing.
		expect(await at(100_000, "causal")).not.toContain("The cut at");
		expect(await at(100_000, "true")).not.toContain(palettes.light.select);
	});

	test("shows what lasts at a node by order, too: from the event that began it", async () => {
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter, drawing: { timeBase: "causal" } })));
		expect(words(root)).toEqual(expect.arrayContaining(["down", "network"]));
		expect(words(root).some((word) => /fault/.test(word) && /no place in this order/.test(word))).toBe(true);
	});

	test("by vectors writes each event's clock, which grows along every lane", async () => {
		const few = { fromUs: 390_000, toUs: 402_000, nodes: new Set([1, 2, 4, 5]) };
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter: few, drawing: { timeBase: "vector" } })));
		expect(words(root)).toEqual(expect.arrayContaining(["Σ  sum of vector", "through hidden lanes", "Σ1"]));
		const clocks = all(root, "text").flatMap((text) => {
			const match = /^\(([\d ]+)\)$/.exec(text.textContent ?? "");
			return match === null
				? []
				: [{ y: text.getAttribute("y") as string, x: Number(text.getAttribute("x")), clock: (match[1] as string).split(" ").map(Number) }];
		});
		expect(clocks.length).toBeGreaterThan(5);
		for (const a of clocks)
			for (const b of clocks) if (a.y === b.y && a.x < b.x) expect(a.clock.every((count, i) => count <= (b.clock[i] as number))).toBe(true);
	});

	test("turns into shades when there is more than can be told apart", async () => {
		const source = new MemorySource();
		playSyntheticRun(source.log, { eventCount: 9_000 });
		const root = parsed(await textOf(source, "svg-timeline"));
		expectHarmless(root);
		expect(words(root)).toContain("how many events");
		expect((await textOf(source, "svg-timeline")).length).toBeLessThan(300_000);
		// Losses are no shades: each of the 400 columns in which something was lost has a cross.
		const columnUs = (source.log.lastUs + 1) / 400;
		const lost = (await linesOf(source)).filter(({ kind }) => kind === "messageDropped");
		const columns = new Set(lost.map(({ atUs }) => Math.floor(atUs / columnUs)));
		expect(crossesOf(root)).toBe(columns.size);
		expect(columns.size).toBeGreaterThan(50);
		const calm = { kinds: new Set(eventKinds.filter((kind) => kind !== "messageDropped")) };
		expect(crossesOf(parsed(await textOf(source, "svg-timeline", { filter: calm })))).toBe(0);
	});

	test("says on its face what is left out besides time", async () => {
		const narrow = { ...filter, nodes: new Set([1, 2]), kinds: new Set(["messageSent"] as const) };
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter: narrow })));
		expect(words(root).find((word) => word.startsWith("front-door"))).toMatch(/s {2}· {2}of nodes balancer, web-1 {2}· {2}of kinds messageSent$/);
	});

	test("shows only the nodes and events that are asked for", async () => {
		const root = parsed(await withSession(path, (session) => textOf(session, "svg-timeline", { filter: { ...filter, nodes: new Set([1, 2]) } })));
		expect(words(root).filter((word) => /^(crowd|balancer|web-\d)$/.test(word))).toEqual(["balancer", "web-1"]);
	});
});

/** Crosses of the shaded diagram: two strokes each, in one path. */
function crossesOf(root: Element): number {
	const paths = all(root, "path").filter((element) => element.getAttribute("stroke") === palettes.light.bad && element.getAttribute("stroke-width") === "1.6");
	return paths.reduce((sum, element) => sum + (element.getAttribute("d")?.match(/M/g)?.length ?? 0) / 2, 0);
}

function lostBefore(inSight: readonly Line[], sent: ReadonlySet<string>): number {
	return inSight.filter(({ kind, node, fields }) => kind === "messageDropped" && !sent.has(`${node}#${fields.sequence}`)).length;
}

/** Runs in the browser: how many colours the drawing has there. */
const coloursSeen = `async (text) => {
	const image = new Image();
	image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
	await image.decode();
	const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
	const context = canvas.getContext("2d");
	context.drawImage(image, 0, 0);
	return new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
}`;

describe("any drawing", () => {
	test("is well-formed whatever a lab calls its title, nodes, regions and messages", async () => {
		const plan = syntheticPlan();
		const hostile = ['<script>alert("1")</script>', "a & b ]]> 'c'", "\u0000\u0007\ud800\uffff😀\u0085"];
		const source = new MemorySource({
			...plan,
			title: hostile.join(" "),
			regions: [hostile[0] as string],
			nodes: plan.nodes.map((node, i) => ({ ...node, name: hostile[i] as string })),
			names: plan.names.map((name, i) => `${name}${hostile[i % 3]}`),
		});
		playSyntheticRun(source.log, { eventCount: 300 });
		for (const format of ["svg-topology", "svg-timeline"] as const) {
			const root = parsed(await textOf(source, format));
			expectHarmless(root);
			expect(all(root, "title")[0]?.textContent).toContain('<script>alert("1")</script>');
		}
	});

	test("has the window's own colours", () => {
		const tokens = readFileSync(join(rootDirectory, "src/renderer/style/tokens.css"), "utf8");
		for (const [name, light] of Object.entries(palettes.light)) {
			expect(tokens).toContain(`--${name}: light-dark(${light}, ${palettes.dark[name as keyof typeof palettes.dark]});`);
		}
	});

	test("is drawn by a browser without a complaint, and is not blank", async () => {
		const browser = await openBrowser();
		try {
			const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
			const colours = new Map<string, number>();
			for (const format of ["svg-topology", "svg-timeline"] as const) {
				const svg = await withSession(path, (session) => textOf(session, format, { filter: { fromUs: 390_000, toUs: 520_000 } }));
				colours.set(format, await page.evaluate<number>(`(${coloursSeen})(${JSON.stringify(svg)})`));
			}
			for (const [format, count] of colours) expect(count, format).toBeGreaterThan(50);
		} finally {
			await browser.close();
		}
	});
});
