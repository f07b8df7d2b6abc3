/**
 * What the window remembers over a long run: fifty nodes for ten minutes, stretched so that there is something
 * to draw in all of them. The page's heap after a collection, its process as the system sees it, and what is
 * left of the page's own parts. It takes as long as it says, so it runs only when named:
 * `npm run bench -- window-memory`, or alone `node scripts/bench/window-memory.ts [--minutes 10]`.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { CDPSession, Page } from "playwright-core";
import { openBrowser } from "../../test/support/browser.ts";
import { inFolder } from "./lab-child.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";
import { serve, startLab, viewport } from "./window.ts";

const minutesUsual = 10;
const samples = 40;
/** The lab's own length, in seconds. */
const labSeconds = 20;
const growthMax = 1.1;
const pageBytes = 4_096;

interface Sample {
	readonly heapMb: number;
	/** Null where the system does not tell. */
	readonly processMb: number | null;
	/** Elements and texts of the page, and who listens. */
	readonly nodes: number;
	readonly listeners: number;
}

/** The process that holds the page: the one of its browser's whose memory is told by its own identity. */
async function rendererOf(page: Page): Promise<number | null> {
	const browser = page.context().browser();
	if (browser === null) return null;
	const session = await browser.newBrowserCDPSession();
	const { processInfo } = await session.send("SystemInfo.getProcessInfo");
	// The busiest of the pages' processes is the one that draws.
	const [busiest] = processInfo.filter(({ type }) => type === "renderer").sort((a, b) => b.cpuTime - a.cpuTime);
	return busiest?.id ?? null;
}

function residentMb(process: number | null): number | null {
	if (process === null) return null;
	try {
		return rounded((Number(readFileSync(`/proc/${process}/statm`, "utf8").split(" ")[1]) * pageBytes) / 1e6);
	} catch {
		return null; // another system: the heap is told all the same
	}
}

async function sampleOf(devtools: CDPSession, process: number | null): Promise<Sample> {
	await devtools.send("HeapProfiler.collectGarbage");
	const { usedSize } = await devtools.send("Runtime.getHeapUsage");
	const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
	return { heapMb: rounded(usedSize / 1e6), processMb: residentMb(process), nodes, listeners: jsEventListeners };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
/** The last quarter over the second one: the first is still warming up. */
const growthOf = (values: readonly number[]): number =>
	rounded(mean(values.slice(-Math.floor(values.length / 4))) / mean(values.slice(Math.floor(values.length / 4), Math.floor(values.length / 2))));

export async function benchWindowMemory(minutes = minutesUsual): Promise<BenchResult> {
	return inFolder(async (folder) => {
		const { host, url } = await serve(folder);
		const browser = await openBrowser();
		try {
			const page = await (await browser.newContext({ viewport })).newPage();
			await page.goto(url);
			await page.locator(".card").first().waitFor();
			await startLab(page, { "Web servers": "48" });
			// A slow run shows as many states as a quick one, and lasts as long as is wanted.
			const slower = Math.ceil(Math.log2((minutes * 60) / labSeconds)) + 1;
			for (let step = 0; step < slower; step++) await page.keyboard.press("<");
			const devtools = await page.context().newCDPSession(page);
			const process = await rendererOf(page);
			const found: Sample[] = [];
			for (let sample = 0; sample < samples; sample++) {
				await page.waitForTimeout((minutes * 60_000) / samples);
				found.push(await sampleOf(devtools, process));
			}
			const heap = growthOf(found.map(({ heapMb }) => heapMb));
			const resident = growthOf(found.map(({ processMb }) => processMb ?? 1));
			const every = Math.ceil(samples / 10);
			const shown = found.filter((_, i) => (i + 1) % every === 0);
			return {
				name: "window-memory",
				ratios: { "heap, the last quarter over the second": heap, "process, the last quarter over the second": resident },
				aim: `flat over ${minutes} minutes: the last quarter within 10 % of the second`,
				holds: heap < growthMax && resident < growthMax,
				note: [
					`heap after collections, each minute of ten: ${shown.map(({ heapMb }) => heapMb).join(", ")} MB`,
					`process: ${shown.map(({ processMb }) => processMb ?? "?").join(", ")} MB`,
					`elements: ${shown.map(({ nodes }) => nodes).join(", ")}`,
					`listeners: ${shown.map(({ listeners }) => listeners).join(", ")}`,
				].join("; "),
			};
		} finally {
			await browser.close();
			host.kill("SIGTERM");
			await once(host, "exit");
		}
	});
}

if (import.meta.main) {
	const { values } = parseArgs({ options: { minutes: { type: "string", default: String(minutesUsual) } } });
	printResult(await benchWindowMemory(Number(values.minutes)));
}
