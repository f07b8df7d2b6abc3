/**
 * What it costs to keep a run: recording at detail `full` against no recording, in turn. Run alone:
 * `node scripts/bench/recording.ts`.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { inFolder, runLab } from "./lab-child.ts";
import { type BenchResult, median, printResult, rounded } from "./result.ts";

const pairs = 5;

export async function benchRecording(): Promise<BenchResult> {
	const words = ["front-door", "--executor", "inline", "--set", "servers=20", "--set", "ratePerSecond=2000", "--until", "40s"];
	const ratios: number[] = [];
	const figures: string[] = [];
	await inFolder(async (folder) => {
		for (let pair = 0; pair < pairs; pair++) {
			const path = join(folder, `run-${pair}.quorate`);
			const plain = await runLab(words);
			const kept = await runLab([...words, "--save", path, "--detail", "full"]);
			if (plain.digest !== kept.digest) throw new Error("recording changed the run");
			ratios.push(kept.wallMs / plain.wallMs);
			figures.push(`${Math.round(plain.wallMs)} and ${Math.round(kept.wallMs)} ms, ${Math.round(statSync(path).size / 1e6)} MB of ${plain.events} events`);
		}
	});
	const slowdown = median(ratios);
	return {
		name: "recording",
		ratios: { keptOverPlain: rounded(slowdown) },
		aim: "slower by under 25 % at detail full",
		holds: slowdown < 1.25,
		note: figures.join("; "),
	};
}

if (import.meta.main) printResult(await benchRecording());
