/** Words that must be the same wherever people read them: in the window, on the command line, in refusals and in reports. Pure. */
import type { NodeStatusView } from "./projection/snapshot.ts";

/** What a node is doing. */
export const nodeStatusWords = { down: "down", booting: "starting", up: "up", paused: "paused" } as const satisfies {
	readonly [status in NodeStatusView]: string;
};

/** What a branch of a session is called: by its number, which no two of them share. */
export function branchWord(branch: number): string {
	return branch === 0 ? "trunk" : `branch ${branch}`;
}

/** Where a branch began. @param instant as the place has room to write it */
export function forkWords(parent: number, instant: string): string {
	return `from ${branchWord(parent)}, at ${instant}`;
}
