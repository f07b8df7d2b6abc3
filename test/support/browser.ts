/** A real Chromium for tests: an installed one, else the one that comes as a package on Linux. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** The packaged one would rather run as a single process, which does not outlive its first page. */
const ownArgs: readonly string[] = ["--no-sandbox", "--disable-gpu"];

async function executable(): Promise<{ readonly executablePath: string; readonly args: readonly string[] }> {
	const found = [process.env.QUORATE_CHROMIUM, ...installed].find((path) => path !== undefined && existsSync(path));
	if (found !== undefined) return { executablePath: found, args: ownArgs };
	const { default: packaged } = await import("@sparticuz/chromium");
	return { executablePath: await packaged.executablePath(), args: [...ownArgs, "--no-zygote"] };
}

/** @param hostRules where names lead that are no real ones: `MAP evil.example 127.0.0.1` */
export async function openBrowser(hostRules: readonly string[] = []): Promise<Browser> {
	const { executablePath, args } = await executable();
	const rules = hostRules.length === 0 ? [] : [`--host-resolver-rules=${hostRules.join(", ")}`];
	return chromium.launch({ executablePath, args: [...args, ...rules] });
}
