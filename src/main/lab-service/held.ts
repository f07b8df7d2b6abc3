/** How much the lab service holds, so that it can be seen that nothing grows by what windows ask. Knows nobody. */

/** What there is, in numbers. */
export interface Held {
	/** Begun by windows: when they have gone, and what they asked is over, as much as before they came. */
	readonly ofWindows: {
		readonly windows: number;
		readonly watched: number;
		readonly calls: number;
		/** To threads and runs. */
		readonly questions: number;
		readonly uploads: number;
		readonly jobsUnderWay: number;
		/** Runs go on without a window; they are ended by a call. */
		readonly live: number;
	};
	/** For whoever comes next, each up to a limit. */
	readonly kept: { readonly runs: number; readonly remembered: number; readonly jobs: number; readonly files: number; readonly fileBytes: number };
}
