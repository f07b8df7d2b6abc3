/**
 * Runs the web host until it is told to end: prints its address as the first line, opens a browser if
 * that is wanted, and leaves nothing running. Thread: main.
 */
import { errorViewOf } from "../../shared/contract/errors.ts";
import type { LabService } from "../lab-service/lab-service.ts";
import { openWebLab, type WebLabOptions } from "../web/web-lab.ts";
import { hasDisplay, openBrowser } from "./browser.ts";

export interface ServeOptions extends WebLabOptions {
	readonly open: boolean;
	/** Whether all ends with the window that was opened; a browser's tab is no window of ours. */
	readonly endsWithWindow: boolean;
	/** Session files to take in and show, by their whole paths. */
	readonly files?: readonly string[];
	say(line: string): void;
	note(line: string): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const interrupted = 130;
const localAddress = "127.0.0.1";

/** @param end called by the first signal; a second one leaves at once */
function onSignal(end: () => void): void {
	let count = 0;
	for (const signal of signals) {
		process.on(signal, () => {
			if (++count > 1) process.exit(interrupted);
			end();
		});
	}
}

/** In the window that comes first, or in all that are there. */
async function show(service: LabService, path: string): Promise<void> {
	try {
		service.tell("openSession", { session: await service.admit(path) });
	} catch (error) {
		service.tell("notice", { run: null, tone: "warning", text: `${path} could not be opened.`, error: errorViewOf(error) });
	}
}

/** @throws QuorateError `usage` when the port cannot be had */
export async function serve({ open, endsWithWindow, files = [], say, note, ...options }: ServeOptions): Promise<void> {
	const { promise: ended, resolve: end } = Promise.withResolvers<void>();
	onSignal(end);
	const lab = await openWebLab(options);
	say(lab.host.url);
	if ((options.address ?? localAddress) !== localAddress)
		note("This lab can be reached from other machines: whoever has the address may use it, and what it says is not encrypted.");
	const listener = {
		onClosed: () => (endsWithWindow ? end() : undefined),
		onFailed: () => note("The browser did not start. Open the address above in one."),
	};
	const browser = open ? openBrowser(lab.host.url, listener) : null;
	if (open && browser === null) note(`${hasDisplay() ? "No browser was found" : "There is no display"} here. Open the address above in a browser.`);
	for (const file of files) await show(lab.service, file);
	await ended;
	note("Closing; what was recorded is kept.");
	await Promise.all([browser?.close(), lab.close()]);
}
