/** Whether things are let go of: looked at through weak references, once all that nobody holds was collected. For tests. */
import { readdirSync, readlinkSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A turn or two is enough for what is free; what somebody still holds is held however often one looks. */
const turnsMax = 30;

/** @returns how many of them somebody holds for good */
export async function heldOf(things: readonly WeakRef<object>[]): Promise<number> {
	let held = things.length;
	for (let turn = 0; turn < turnsMax && held > 0; turn++) {
		await new Promise(setImmediate);
		collect();
		held = things.filter((thing) => thing.deref() !== undefined).length;
	}
	return held;
}

/** Files that this process has open under a folder; where the system does not tell, none. */
export function openUnder(folder: string): readonly string[] {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc/self/fd").flatMap((number) => {
		try {
			const path = readlinkSync(`/proc/self/fd/${number}`);
			return path.startsWith(folder) ? [path] : [];
		} catch {
			return []; // closed meanwhile: the one that lists them is among them
		}
	});
}
