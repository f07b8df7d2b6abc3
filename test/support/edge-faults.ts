/** Faults of all kinds for the films of movie-night, from a seed: crashes, pauses, cuts, a partition, lines that lose. */
import { belowOf, Philox } from "../../src/core/random.ts";

/** Purpose word of the draws that make a story; none of the kernel's. */
const storyPurpose = 99;

export interface Place {
	/** Machines that may crash, stand still and be cut off. */
	readonly machines: readonly string[];
	/** Lines that may be cut and may lose: `a b`. */
	readonly lines: readonly string[];
}

export const regions: { readonly [name in "chicago" | "ohio"]: Place } = {
	chicago: {
		machines: ["chicago-door", "chicago-edge-1", "chicago-edge-2"],
		lines: ["chicago chicago-door", "chicago chicago-edge-1", "chicago chicago-edge-2"],
	},
	ohio: {
		machines: ["ohio-door", "ohio-edge-1", "ohio-edge-2", "names-ohio"],
		lines: ["ohio ohio-door", "ohio ohio-edge-1", "ohio ohio-edge-2", "ohio names-ohio", "chicago ohio"],
	},
};

interface Line {
	readonly atUs: number;
	readonly line: string;
}

export interface Strike {
	readonly fromUs: number;
	readonly untilUs: number;
	readonly faults: number;
	readonly longestUs: number;
	readonly halfway?: boolean;
}

const viewers = ["laptop", "viewers-chicago", "texas-origin"];
const everybody = [...viewers, "viewers-ohio", "names-texas", ...Object.values(regions).flatMap(({ machines }) => machines)];

export class EdgeFaults {
	readonly #philox: Philox;
	#draws = 0;
	readonly #story: Line[] = [];

	constructor(seed: number) {
		this.#philox = new Philox(seed);
	}

	below(count: number): number {
		this.#philox.draw(storyPurpose, ++this.#draws, 0, 0);
		return belowOf(this.#philox.w0, count);
	}

	/**
	 * So many faults within this time; all of them are over when it is. Sometimes the machines are cut off from all the rest,
	 * and if `halfway`, from viewers and origin alone, so that those who look after them see nothing of it.
	 */
	strike({ machines, lines }: Place, { fromUs, untilUs, faults, longestUs, halfway = false }: Strike): this {
		const isApart = this.below(3) === 0;
		for (let fault = 0; fault < faults; fault++) {
			const atUs = fromUs + this.below(untilUs - fromUs - 10_000);
			const endUs = Math.min(untilUs - 1_000, atUs + 1_000 + this.below(longestUs));
			const machine = machines[this.below(machines.length)] as string;
			const line = lines[this.below(lines.length)] as string;
			const [begin, end] = [
				[`crash ${machine}`, `restart ${machine}`],
				[`pause ${machine}`, `resume ${machine}`],
				[`cut ${line}`, `heal ${line}`],
				[`set link ${line} lossRatio 0.${1 + this.below(5)}`, `set link ${line} lossRatio 0`],
			][this.below(4)] as [string, string];
			this.#story.push({ atUs, line: begin }, { atUs: endUs, line: end });
		}
		if (isApart) {
			const atUs = fromUs + this.below((untilUs - fromUs) / 2);
			const others = (halfway ? viewers : everybody).filter((node) => !machines.includes(node));
			if (others.length > 0) this.#story.push({ atUs, line: `partition {${machines.join(" ")}} {${others.join(" ")}}` });
		}
		for (const machine of machines) this.#story.push({ atUs: untilUs, line: `resume ${machine}` }, { atUs: untilUs, line: `restart ${machine}` });
		for (const line of lines) this.#story.push({ atUs: untilUs, line: `set link ${line} lossRatio 0` });
		this.#story.push({ atUs: untilUs, line: "heal all" });
		return this;
	}

	get story(): readonly string[] {
		return [...this.#story].sort((a, b) => a.atUs - b.atUs).map(({ atUs, line }) => `${atUs}us ${line}`);
	}
}
