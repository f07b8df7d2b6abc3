/**
 * A year of ten thousand drives, inline on one core, with every copy crossing the simulated lines: for three copies, for
 * six units and three more, and for copysets. Run alone: `node scripts/bench/drives.ts`.
 */
import { runLab } from "./lab-child.ts";
import { type BenchResult, printResult, rounded } from "./result.ts";

const secondsMax = 60;
const years: readonly (readonly [name: string, settings: readonly string[]])[] = [
	["3 copies", []],
	["6+3", ["copies=6+3"]],
	["3 copies, copysets", ["placement=copysets"]],
	["3 copies, a hundred units a drive", ["unitsPerDrive=100"]],
];

export async function benchDrives(): Promise<BenchResult> {
	const costs: { name: string; wallMs: number; cpuMs: number; events: number; peakBytes: number }[] = [];
	for (const [name, settings] of years) {
		const words = ["ten-thousand-drives", "--executor", "inline", "--detail", "summary", ...settings.flatMap((setting) => ["--set", setting])];
		costs.push({ name, ...(await runLab(words)) });
	}
	const first = costs[0] as (typeof costs)[number];
	return {
		name: "drives",
		ratios: Object.fromEntries(costs.map(({ name, cpuMs }) => [`${name} over 3 copies`, rounded(cpuMs / first.cpuMs)])),
		aim: `the year of ten thousand drives in under ${secondsMax} s on one core`,
		holds: costs.every(({ cpuMs }) => cpuMs < secondsMax * 1_000),
		note: costs
			.map(
				({ name, wallMs, cpuMs, events, peakBytes }) =>
					`${name}: ${rounded(cpuMs / 1_000)} s of processor, ${rounded(wallMs / 1_000)} s here, ${events} events, ${Math.round(peakBytes / 1e6)} MB`,
			)
			.join("; "),
	};
}

if (import.meta.main) printResult(await benchDrives());
