/** What of a run is marked on its whole length: faults, and what mends them. Pure. */
import { eventKinds, eventSchema } from "../event-schema.ts";

export type RunMark = "fault" | "repair";

/** What begins by itself or changes nothing by itself is no mark: a command is marked by what it does. */
const unmarked = /^(command|asked$|answered$|nodeBooted$)/;
const repairs = /Restarting|Healed|Resumed/;

/** Of what is told of a run; null: it is no mark. */
export function runMarkOf(kind: string): RunMark | null {
	const known = eventKinds.find((one) => one === kind);
	if (known === undefined || eventSchema[known].class !== "control" || unmarked.test(kind)) return null;
	return repairs.test(kind) ? "repair" : "fault";
}
