/** What a lab may say of how films are watched: read alike by `player` and `audience`. */
import type { ConfigReader } from "../config/reader.ts";
import type { PlaybackOptions } from "./playback.ts";
import type { ResolverOptions } from "./resolver.ts";

export interface Viewing {
	readonly playback: Omit<PlaybackOptions, "film" | "visitor">;
	readonly resolver: ResolverOptions;
}

export function readViewing(read: ConfigReader): Viewing {
	return {
		playback: {
			bufferUs: read.durationUs("buffer", { from: "100ms", to: "10min" }, "6s"),
			startUs: read.durationUs("startAfter", { from: "0us", to: "1min" }, "2s"),
			parallel: read.integer("parallel", { from: 1, to: 16 }, 2),
			tryTimeoutUs: read.durationUs("tryTimeout", { from: "1ms", to: "1min" }, "700ms"),
			failover: read.oneOf("failover", ["on", "off"], "on") === "on",
			adapts: read.oneOf("adapt", ["on", "off"], "on") === "on",
			patienceUs: read.durationUs("patience", { from: "1s", to: "1h" }, "1min"),
		},
		resolver: {
			name: read.text("name", "movies"),
			timeoutUs: read.durationUs("nameTimeout", { from: "1ms", to: "1min" }, "300ms"),
		},
	};
}
