/** Where a check stands, as an icon, a word and a tone. */
import { CircleCheck, CircleDashed, CircleX, type LucideIcon } from "lucide-react";
import type { VerdictView } from "../state/contract-types.ts";
import { strings } from "../strings.ts";

const says = strings.checks;

export interface CheckStanding {
	readonly tone: "good" | "bad" | "quiet";
	readonly Icon: LucideIcon;
	readonly text: string;
}

/** @param isOver the run has come to its end, and what is shown is that end */
export function checkStanding({ ok, final }: VerdictView, isOver: boolean): CheckStanding {
	if (ok) return { tone: "good", Icon: CircleCheck, text: final || isOver ? says.holds : says.soFar };
	return final || isOver ? { tone: "bad", Icon: CircleX, text: says.broken } : { tone: "quiet", Icon: CircleDashed, text: says.notYet };
}
