/** How busy a program is that works by itself and stands for users: the same for all of them. */
import type { NodeContext, Task } from "../../core/node-api.ts";
import type { ConfigReader } from "./reader.ts";

export interface Rhythm {
	/** Mean pause before a request. */
	readonly thinkUs: number;
	/** Nothing new is asked for after this, from the start of the lab. */
	readonly lastsUs: number;
}

export interface Pace extends Rhythm {
	/** How long one request may take. */
	readonly patienceUs: number;
}

export function readRhythm(read: ConfigReader, usual: { readonly think: string }): Rhythm {
	return {
		thinkUs: read.durationUs("think", { from: "0us", to: "1000h" }, usual.think),
		lastsUs: read.durationUs("lasts", { from: "0us", to: "100000h" }, "100000h"),
	};
}

export function readPace(read: ConfigReader, usual: { readonly think: string; readonly patience: string }): Pace {
	return { ...readRhythm(read, usual), patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, usual.patience) };
}

/** The pause before a request. @returns false when there is to be none any more */
export function* think(ctx: NodeContext, { thinkUs, lastsUs }: Rhythm, timerName: string): Task<boolean> {
	yield* ctx.sleep(1 + ctx.random.exponential(thinkUs), timerName);
	return ctx.monoUs() < lastsUs;
}
