/** How busy a program is that works by itself and stands for users: the same for all of them. */
import type { ConfigReader } from "./reader.ts";

export interface Pace {
	/** Mean pause before a request. */
	readonly thinkUs: number;
	/** How long one request may take. */
	readonly patienceUs: number;
	/** Nothing new is asked for after this, from the start of the lab. */
	readonly lastsUs: number;
}

export function readPace(read: ConfigReader, usual: { readonly think: string; readonly patience: string }): Pace {
	return {
		thinkUs: read.durationUs("think", { from: "0us", to: "1000h" }, usual.think),
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, usual.patience),
		lastsUs: read.durationUs("lasts", { from: "0us", to: "100000h" }, "100000h"),
	};
}
