/**
 * Where the window is tried: in a browser on the web host, in the built desktop application under the
 * double of Electron, and in Electron itself where that is installed. One table; a spec runs for each
 * row, and a row that cannot run says why and counts as not run.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { _electron, type Browser, type ElectronApplication, type Page } from "playwright-core";
import { rootDirectory } from "../architecture/files.ts";
import { Running } from "../support/command-line.ts";
import { DesktopDouble } from "../support/electron-double/desktop.ts";
import { givenBy } from "./notices.ts";

export interface OpenOptions {
	/** A folder of the test's own; what was opened with it before is found again. In its `tmp` lies what the web host makes on the way. */
	readonly folder: string;
	readonly colours: "light" | "dark";
}

/** A window on a lab, whatever shows it. */
export interface LabWindow {
	readonly page: Page;
	/** The user loads the page again. */
	reload(): Promise<void>;
	/** One more window of the same lab. */
	another(): Promise<Page>;
	/** Does what hands a file to the user. @returns where the user has it then */
	saved(act: () => Promise<void>): Promise<string>;
	/** Does what asks the user for a file, and gives this one. */
	chosen(path: string, act: () => Promise<void>): Promise<void>;
	/** Whatever a page asked for that is not the lab's. */
	readonly strayRequests: readonly string[];
	close(): Promise<void>;
}

export interface Target {
	readonly name: string;
	/** Null where it can run. */
	readonly whyNot: string | null;
	open(browser: Browser, options: OpenOptions): Promise<LabWindow>;
}

const viewport = { width: 1280, height: 720 };

export async function openWeb(browser: Browser, { folder, colours }: OpenOptions): Promise<LabWindow> {
	const temporary = join(folder, "tmp");
	mkdirSync(temporary, { recursive: true });
	const host = new Running(["serve", "--no-open", "--library", join(folder, "library")], { cwd: folder, env: { TMPDIR: temporary, TEMP: temporary } });
	let out = "";
	host.child.stdout?.on("data", (text: string) => {
		out += text;
	});
	await host.said(/token=\S+\n/);
	const url = out.trim();
	const context = await browser.newContext({ viewport, colorScheme: colours, reducedMotion: "reduce", acceptDownloads: true });
	const strayRequests: string[] = [];
	context.on("request", (request) => {
		if (request.url().startsWith("http") && new URL(request.url()).host !== new URL(url).host) strayRequests.push(request.url());
	});
	const page = await context.newPage();
	await page.goto(url);
	let downloads = 0;
	return {
		page,
		strayRequests,
		reload: async () => void (await page.reload()),
		async another() {
			const other = await context.newPage();
			await other.goto(new URL("/", url).href);
			return other;
		},
		async saved(act) {
			const download = await givenBy(page, { act, given: page.waitForEvent("download") });
			const path = join(folder, `${++downloads} ${basename(download.suggestedFilename())}`);
			await download.saveAs(path);
			return path;
		},
		async chosen(path, act) {
			const [chooser] = await Promise.all([page.waitForEvent("filechooser"), act()]);
			await chooser.setFiles(path);
		},
		async close() {
			await context.close();
			host.child.kill("SIGTERM");
			await host.finished;
		},
	};
}

async function openDouble(browser: Browser, { folder, colours }: OpenOptions): Promise<LabWindow> {
	const desktop = await DesktopDouble.open({ browser, folder: join(folder, "electron"), libraryFolder: join(folder, "library"), colours });
	const page = await desktop.page();
	let saves = 0;
	return {
		page,
		get strayRequests() {
			return desktop.strayRequests;
		},
		reload: () => desktop.reload(),
		async another() {
			await desktop.clickMenu("File", "New Window");
			return desktop.page(1);
		},
		async saved(act) {
			const path = join(folder, `saved ${++saves}`);
			desktop.answer("save", path);
			await givenBy(page, { act, given: `Saved as ${basename(path)}` });
			return path;
		},
		async chosen(path, act) {
			desktop.answer("open", path);
			await act();
		},
		close: () => desktop.close(),
	};
}

/** Inside the folder that Electron's program is unpacked into, by its own convention. */
const programNames: { readonly [platform: string]: string } = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" };

/** Electron's own program: where its own variable says that it lies, else as its package has fetched it. */
export function electronProgram(env: NodeJS.ProcessEnv = process.env): string | null {
	const elsewhere = env.ELECTRON_OVERRIDE_DIST_PATH ?? "";
	if (elsewhere !== "") {
		const program = join(elsewhere, programNames[process.platform] ?? "electron");
		return existsSync(program) ? program : null;
	}
	const folder = electronFolder();
	if (folder === null) return null;
	const pathFile = join(folder, "path.txt");
	if (!existsSync(pathFile)) return null;
	const program = join(folder, "dist", readFileSync(pathFile, "utf8"));
	return existsSync(program) ? program : null;
}

/** Of its package, or null where only what runs was installed. */
function electronFolder(): string | null {
	try {
		return dirname(createRequire(import.meta.url).resolve("electron/package.json"));
	} catch {
		return null;
	}
}

function whyNoElectron(): string | null {
	if (electronProgram() === null)
		return process.env.ELECTRON_OVERRIDE_DIST_PATH
			? "ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron's program"
			: "Electron's program is not installed";
	if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return "there is no display";
	if (process.platform === "linux" && process.getuid?.() === 0) return "Electron does not run its sandbox for root";
	return null;
}

async function openElectron(_: Browser, { folder, colours }: OpenOptions): Promise<LabWindow> {
	const { ELECTRON_RUN_AS_NODE: __, NODE_OPTIONS: ___, ...around } = process.env as { [name: string]: string };
	const app: ElectronApplication = await _electron.launch({
		executablePath: electronProgram() ?? "",
		args: [rootDirectory, `--user-data-dir=${join(folder, "electron")}`],
		env: { ...around, QUORATE_LIBRARY: join(folder, "library") },
		colorScheme: colours,
	});
	const page = await app.firstWindow();
	await page.setViewportSize(viewport);
	await page.emulateMedia({ reducedMotion: "reduce", colorScheme: colours });
	const strayRequests: string[] = [];
	app.context().on("request", (request) => {
		if (request.url().startsWith("http")) strayRequests.push(request.url());
	});
	let saves = 0;
	return {
		page,
		strayRequests,
		reload: async () => void (await page.reload()),
		async another() {
			const [other] = await Promise.all([
				app.waitForEvent("window"),
				app.evaluate(({ Menu }) => {
					const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === "File");
					file?.submenu?.items.find(({ label }) => label === "New Window")?.click();
				}),
			]);
			return other;
		},
		async saved(act) {
			const path = join(folder, `saved ${++saves}`);
			await app.evaluate(({ dialog }, filePath) => {
				dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as typeof dialog.showSaveDialog;
			}, path);
			await givenBy(page, { act, given: `Saved as ${basename(path)}` });
			return path;
		},
		async chosen(path, act) {
			await app.evaluate(({ dialog }, filePath) => {
				dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [filePath] })) as typeof dialog.showOpenDialog;
			}, path);
			await act();
		},
		close: () => app.close(),
	};
}

export const webHost: Target = { name: "the web host in Chromium", whyNot: null, open: openWeb };

const table: readonly Target[] = [
	webHost,
	{ name: "the built desktop application under the double of Electron", whyNot: null, open: openDouble },
	{ name: "Electron itself", whyNot: whyNoElectron(), open: openElectron },
];

/** Every target after a title, which says when it is not run and why. */
export const targets: readonly (readonly [title: string, target: Target])[] = table.map((target) => [
	target.whyNot === null ? target.name : `${target.name} [NOT RUN: ${target.whyNot}]`,
	target,
]);
