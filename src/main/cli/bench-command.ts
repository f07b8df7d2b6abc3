/** `quorate bench`: starts the measurements, which are a program of their own, and passes their words on. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { QuorateError } from "../../shared/errors.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

function benchProgram(): string {
	for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
		const candidate = join(folder, "scripts", "bench", "run.ts");
		if (existsSync(candidate)) return candidate;
		if (dirname(folder) === folder)
			throw new QuorateError("usage", "the measurements are not part of this installation", { advice: "Run them in a checkout of Quorate." });
	}
}

export function benchCommand(words: readonly string[]): Promise<ExitCode> {
	const child = spawn(process.execPath, [benchProgram(), ...words], { stdio: "inherit" });
	return new Promise((resolve, reject) => {
		child.once("error", (error) => reject(new QuorateError("internal", `the measurements could not be started: ${error.message}`)));
		child.once("close", (status) => resolve(status === 0 ? exitCodes.ok : status === 2 ? exitCodes.usage : exitCodes.internal));
	});
}
