/**
 * Entry of the window in a browser: what `npm start` falls back to where the desktop application cannot
 * run. Thread: main.
 */
import { errorViewOf } from "../shared/contract/errors.ts";
import { serve } from "./start/serve.ts";
import { sessionFilesAmong } from "./start/session-files.ts";

const internal = 70;
const usage = 2;

serve({
	open: true,
	endsWithWindow: true,
	files: sessionFilesAmong(process.argv.slice(2), process.cwd()),
	say: (line) => process.stdout.write(`${line}\n`),
	note: (line) => process.stderr.write(`${line}\n`),
}).catch((error: unknown) => {
	const { code, message, advice } = errorViewOf(error);
	process.stderr.write(`quorate: ${message}\n${advice === "" ? "" : `  ${advice}\n`}`);
	process.exitCode = code === "internal" ? internal : usage;
});
