/**
 * The window in a real browser that draws by software: a session of a million events from the click to its
 * first drawing, and frames while it is scrubbed and while fifty nodes run. Run alone:
 * `node scripts/bench/window.ts`. What it remembers over a longer run is `window-memory.ts`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser } from "../../test/support/browser.ts";
import { inFolder, runLab } from "./lab-child.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";

const root = join(import.meta.dirname, "..", "..");
const cli = join(root, "out", "main", "cli.js");
export const viewport = { width: 1280, height: 720 };
const firstPaintMsMax = 2_000;
const frameMsMax = 33;
const scrubbedMs = 8_000;
const runMs = 12_000;

interface Frames {
	readonly p50Ms: number;
	readonly p95Ms: number;
	readonly frames: number;
	/** Tasks that kept the page from everything else for over 50 ms of its own processor time. */
	readonly longTasks: number;
	readonly longestMs: number;
	/** The same on the wall clock, which a busy machine makes longer. */
	readonly longTasksWall: number;
}

/** What runs in the page; it is handed over as text. */
interface PageGlobal {
	frameTimes: number[];
	isWatching: boolean;
	requestAnimationFrame(step: (ms: number) => void): void;
}

interface TraceEvent {
	readonly name: string;
	readonly pid: number;
	readonly tid: number;
	/** Microseconds, on the wall and of the thread's own. */
	readonly dur?: number;
	readonly tdur?: number;
	readonly args: { readonly name?: string };
}

const longTaskUs = 50_000;

/** Every task of the pages' main threads. */
function pageTasks(trace: Buffer): readonly TraceEvent[] {
	const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
	const mains = new Set(
		traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`),
	);
	return traceEvents.filter(({ name, pid, tid }) => name.endsWith("RunTask") && mains.has(`${pid} ${tid}`));
}

/** Notes every frame and every long task while the hand does something. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<Frames> {
	await page.evaluate(() => {
		const global = globalThis as unknown as PageGlobal;
		global.frameTimes = [];
		global.isWatching = true;
		let lastMs = 0;
		const step = (ms: number): void => {
			if (lastMs > 0) global.frameTimes.push(ms - lastMs);
			lastMs = ms;
			if (global.isWatching) global.requestAnimationFrame(step);
		};
		global.requestAnimationFrame(step);
	});
	const browser = page.context().browser();
	await browser?.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
	await act();
	const tasks = pageTasks((await browser?.stopTracing()) ?? Buffer.from('{"traceEvents":[]}'));
	const times = await page.evaluate(() => {
		const global = globalThis as unknown as PageGlobal;
		global.isWatching = false;
		return global.frameTimes;
	});
	const sorted = times.sort((a, b) => a - b);
	const at = (share: number): number => rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
	const ownUs = tasks.map(({ tdur }) => tdur ?? 0);
	return {
		p50Ms: at(0.5),
		p95Ms: at(0.95),
		frames: sorted.length,
		longTasks: ownUs.filter((us) => us > longTaskUs).length,
		longestMs: rounded(ownUs.reduce((most, us) => Math.max(most, us), 0) / 1_000),
		longTasksWall: tasks.filter(({ dur }) => (dur ?? 0) > longTaskUs).length,
	};
}

/** The web host alone, on a library of its own. */
export async function serve(library: string): Promise<{ readonly host: ChildProcess; readonly url: string }> {
	const host = spawn(process.execPath, [cli, "serve", "--no-open", "--library", library], { stdio: ["ignore", "pipe", "inherit"] });
	let out = "";
	host.stdout.setEncoding("utf8");
	for await (const text of host.stdout) {
		out += text;
		if (/token=\S+\n/.test(out)) break;
	}
	if (out === "") throw new Error("the host ended before it said where it is");
	return { host, url: out.trim() };
}

/** From the click on a session to its nodes, its timeline and its clock drawn. */
async function openingMs(page: Page): Promise<number> {
	await page.locator(".session-open").first().waitFor();
	const startedMs = performance.now();
	await page.locator(".session-open").first().click();
	await page.locator(".workspace .state").first().waitFor();
	await page
		.locator(".timeline-box")
		.getByText(/events/)
		.first()
		.waitFor();
	await page.evaluate(() => new Promise((resolve) => (globalThis as unknown as PageGlobal).requestAnimationFrame(() => resolve(null))));
	return performance.now() - startedMs;
}

/** Drags the instant to and fro over the whole run. */
async function scrub(page: Page, forMs: number): Promise<void> {
	const box = await page.locator(".scrubber").boundingBox();
	if (box === null) throw new Error("there is no scrubber to be seen");
	const y = box.y + 10;
	await page.mouse.move(box.x + 5, y);
	await page.mouse.down();
	const endMs = performance.now() + forMs;
	for (let step = 0; performance.now() < endMs; step++) {
		const share = Math.abs(((step / 150) % 2) - 1);
		await page.mouse.move(box.x + 5 + (1 - share) * (box.width - 10), y);
		await page.waitForTimeout(8);
	}
	await page.mouse.up();
}

/** From the first screen. */
export async function startLab(page: Page, settings: { readonly [label: string]: string }): Promise<void> {
	await page
		.locator(".card")
		.filter({ has: page.getByRole("heading", { name: "The front door", exact: true }) })
		.click();
	for (const [label, value] of Object.entries(settings)) await page.getByLabel(label, { exact: true }).fill(value);
	await page.getByRole("button", { name: "Start", exact: true }).click();
	await page.locator(".lab").waitFor();
}

const told = ({ p50Ms, p95Ms, frames, longTasks, longestMs, longTasksWall }: Frames): string =>
	`p50 ${p50Ms} ms, p95 ${p95Ms} ms of ${frames} frames, ${longTasks} tasks over 50 ms of processor time (${longTasksWall} on the wall), the longest ${longestMs} ms`;

export async function benchWindow(): Promise<BenchResult> {
	return inFolder(async (folder) => {
		const kept = await runLab([
			"front-door",
			"--executor",
			"inline",
			"--set",
			"servers=20",
			"--set",
			"ratePerSecond=4000",
			"--detail",
			"full",
			"--save",
			join(folder, "million.quorate"),
		]);
		const { host, url } = await serve(folder);
		const browser = await openBrowser();
		try {
			const page = await (await browser.newContext({ viewport })).newPage();
			await page.goto(url);
			const paintMs = await openingMs(page);
			const scrubbing = await framesWhile(page, () => scrub(page, scrubbedMs));
			await page.locator(".home").click();
			await startLab(page, { "Web servers": "48" });
			const running = await framesWhile(page, () => page.waitForTimeout(runMs));
			return {
				name: "window",
				ratios: {
					"p95 frame over 33 ms, scrubbing": rounded(scrubbing.p95Ms / frameMsMax),
					"p95 frame over 33 ms, 50 nodes at 1x": rounded(running.p95Ms / frameMsMax),
				},
				aim: "a million events to first paint in 2 s; p95 of frames under 33 ms; no task over 50 ms at 1x",
				holds: paintMs < firstPaintMsMax && scrubbing.p95Ms < frameMsMax && running.p95Ms < frameMsMax && running.longTasks === 0,
				note: [
					`load of the machine ${loadavg().map(rounded).join(", ")}`,
					`${kept.events} events, first paint after ${Math.round(paintMs)} ms`,
					`scrubbing: ${told(scrubbing)}`,
					`50 nodes at 1x: ${told(running)}`,
				].join("; "),
			};
		} finally {
			await browser.close();
			host.kill("SIGTERM");
			await once(host, "exit");
		}
	});
}

if (import.meta.main) printResult(await benchWindow());
