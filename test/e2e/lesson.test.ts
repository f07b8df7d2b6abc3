/** A lesson from the first card to another future, on every target there is. Each step begins where the one before ended. */
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExportFormat } from "../../src/shared/export-formats.ts";
import { openBrowser } from "../support/browser.ts";
import { type LabWindow, targets } from "./targets.ts";
import { WindowHand } from "./window-hand.ts";

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(() => browser.close());

type Check = (bytes: Buffer) => unknown;

const isMarkup =
	(root: RegExp): Check =>
	(bytes) =>
		expect(bytes.toString()).toMatch(root);

/** What a program of its kind would find at once if a file were none of it. */
const formats: { readonly [Format in ExportFormat | "png-topology" | "png-timeline"]: Check } = {
	jsonl: (bytes) => {
		const events = bytes
			.toString()
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		// The balancer has noticed by now, and asks web-3 nothing but how it is, until the lab's story brings it back.
		const crashedUs = events.find(({ node, kind }) => node === "web-3" && kind === "nodeCrashed").atUs;
		const backUs = events.find(({ atUs, node, kind }) => atUs > crashedUs && node === "web-3" && kind === "nodeBooted")?.atUs ?? Infinity;
		const sent = events.filter(
			({ atUs, node, kind, fields }) =>
				atUs > crashedUs + 700_000 && atUs < backUs && node === "balancer" && kind === "messageSent" && fields.name !== "http.health",
		);
		expect(sent.filter(({ fields }) => fields.to === "web-3")).toEqual([]);
		expect(sent.filter(({ fields }) => fields.to === "web-2").length).toBeGreaterThan(5);
	},
	csv: (bytes) => expect(bytes.toString()).toMatch(/^\w+(,\w+)+\r\n/),
	shiviz: (bytes) => expect(bytes.toString()).toMatch(/^.*\{"[\w-]+":1\}$/m),
	trace: (bytes) => expect(JSON.parse(bytes.toString()).traceEvents.length).toBeGreaterThan(100),
	otlp: (bytes) => expect(JSON.parse(bytes.toString()).resourceSpans.length).toBeGreaterThan(5),
	pcapng: (bytes) => expect(bytes.subarray(0, 4).toString("hex")).toBe("0a0d0d0a"),
	"svg-topology": isMarkup(/^(<\?xml[^>]*>\s*)?<svg [\s\S]*web-3[\s\S]*<\/svg>\s*$/),
	"svg-timeline": isMarkup(/^(<\?xml[^>]*>\s*)?<svg [\s\S]*web-3[\s\S]*<\/svg>\s*$/),
	html: isMarkup(/^<!doctype html>[\s\S]*The front door[\s\S]*<\/html>\s*$/i),
	"png-topology": (bytes) => expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG"),
	"png-timeline": (bytes) => expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG"),
};

// A reporter that only counts what was left out would not say why.
for (const [, { name, whyNot }] of targets) if (whyNot !== null) process.stdout.write(`NOT RUN: the lesson on ${name}, because ${whyNot}\n`);

function firstBytes(path: string, count: number): Buffer {
	const bytes = Buffer.alloc(count);
	const file = openSync(path, "r");
	readSync(file, bytes, 0, count, 0);
	closeSync(file);
	return bytes;
}

describe.each(targets)("a lesson on %s", (_title, { whyNot, open }) => {
	const folder = mkdtempSync(join(tmpdir(), "quorate-lesson-"));
	let lab: LabWindow;
	let hand: WindowHand;
	let kept: string;

	const begin = async (library: string): Promise<void> => {
		mkdirSync(join(folder, library), { recursive: true });
		lab = await open(browser, { folder: join(folder, library), colours: "light" });
		hand = new WindowHand(lab.page);
	};

	/** Pictures are the page's own and are handed over at once; the rest is made meanwhile, and told of. */
	const askFor = async (format: string): Promise<void> => {
		await hand.page.getByRole("button", { name: "Export…" }).click();
		await hand.page.locator(`input[name=format][value=${format}]`).check();
		await hand.page.getByRole("button", { name: "Export", exact: true }).click();
		if (format.startsWith("png-")) return;
		const job = hand.page.locator(".jobs .notice").last();
		await job.getByRole("button", { name: "Save…" }).click();
		await job.getByRole("button", { name: "Dismiss" }).click();
	};

	beforeAll(() => (whyNot === null ? begin(".") : undefined));
	afterAll(async () => {
		if (whyNot === null) await lab.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test.skipIf(whyNot)("the front door is opened, and plays", async () => {
		await hand.choose("The front door");
		await hand.page.getByLabel("Visitors a second, on average").fill("100");
		await hand.page.getByRole("button", { name: "Start", exact: true }).click();
		await hand.page.locator(".lab").waitFor();
		await hand.page.getByRole("button", { name: "Pause", exact: true }).waitFor();
		await hand.rowTakes("web-3", /^[1-9]/);
	});

	test.skipIf(whyNot)("web-3 is crashed by mouse, and traffic leaves it for the others", async () => {
		await hand.chooseAt("web-3", "Crash");
		await hand.rowIn("web-3", "down");
		await hand.rowTakes("web-3", /^0$/);
		for (const name of ["web-1", "web-2", "web-4", "web-5"]) await hand.rowTakes(name, /^[1-9]/);
	});

	test.skipIf(whyNot)("a link is cut by keyboard", async () => {
		await hand.tabTo("balancer – web-1");
		await hand.keyboard.press("x");
		await hand.rowIn("balancer – web-1", "cut");
		await hand.rowTakes("web-1", /^0$/);
		for (const name of ["web-2", "web-4", "web-5"]) await hand.rowTakes(name, /^[1-9]/);
	});

	test.skipIf(whyNot)("two servers are parted from the rest by lasso", async () => {
		await hand.lasso("web-4", "web-5");
		await hand.page.getByRole("button", { name: "Partition 2 nodes from the rest" }).first().click();
		await hand.page.getByText("partition {web-4 web-5} {crowd balancer web-1 web-2 web-3}").first().waitFor();
		for (const name of ["web-4", "web-5"]) await hand.rowTakes(name, /^0$/);
		await hand.rowTakes("web-2", /^[1-9]/);
	});

	test.skipIf(whyNot)("stepping back shows the past, in every view", async () => {
		await hand.keyboard.press(" ");
		await hand.page.getByRole("button", { name: "Play", exact: true }).waitFor();
		await hand.keyboard.press("Home");
		await hand.page.getByText("Looking back").waitFor();
		await hand.rowIn("balancer – web-1", "up");
		await hand.keyboard.press("End");
		await hand.rowIn("balancer – web-1", "cut");
		await hand.keyboard.press(",");
		await hand.page.getByText("Looking back").waitFor();
		await hand.rowIn("balancer – web-1", "cut");
	});

	test.skipIf(whyNot)("a fork goes on from there, and the old future is kept", async () => {
		await hand.keyboard.press("f");
		await hand.page.getByText("branch 1", { exact: true }).waitFor();
		await hand.keyboard.press("End");
		await hand.page.getByText("Ended", { exact: true }).waitFor();
	});

	test.skipIf(whyNot)("the session is saved as one file", async () => {
		await hand.page.getByRole("button", { name: "Export…" }).click();
		kept = await lab.saved(() => hand.page.getByRole("button", { name: "Session file: everything, to replay" }).click());
		expect(firstBytes(kept, 15).toString("latin1")).toBe("SQLite format 3");
		expect(hand.troubles).toEqual([]);
	});

	test.skipIf(whyNot)("another computer opens the file, and it repeats itself to the last event", async () => {
		await lab.close();
		await begin("other");
		await lab.chosen(kept, () => hand.page.getByRole("button", { name: "Open a file…" }).click());
		await hand.page.locator(".lab").waitFor();
		await hand.page.getByRole("button", { name: "Branches", exact: true }).click();
		await hand.page.getByRole("button", { name: "Verify this session" }).click();
		await hand.page.getByText("Verified: the run repeats itself to the last event.").waitFor();
		await hand.page.getByRole("status").getByRole("button", { name: "Dismiss" }).click();
	});

	test.skipIf(whyNot)("two branches are compared, and the first event that differs is shown", async () => {
		await hand.page.getByRole("button", { name: /^Compare .+ with this$/ }).click();
		await hand.page.getByText(/^The same for [\d,]+ events\. Then:$/).waitFor();
	});

	test.skipIf(whyNot).each(Object.keys(formats) as (keyof typeof formats)[])("the run is exported as %s", async (format) => {
		const path = await lab.saved(() => askFor(format));
		formats[format](readFileSync(path));
	});

	test.skipIf(whyNot)("the page never erred and never asked for anything that is not the lab's", () => {
		expect(hand.troubles).toEqual([]);
		expect(lab.strayRequests).toEqual([]);
	});
});
