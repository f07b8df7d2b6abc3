/** On which side of the selected event a thing lies that was read out of one statement or several. Pure. */
import type { ConeSide } from "../../../shared/projection/causal-cone.ts";
import { type Causality, coneSideOfEvent } from "../../state/run-state.ts";

/** `self`: it is what the selected event stated. */
export type Lit = ConeSide | "self";

/** Events that stated a thing, by index; below 0: nobody has stated it yet. */
export type StatedBy = number | readonly number[];

/** Those that there are. */
export function statedBy(by: StatedBy): readonly number[] {
	return (typeof by === "number" ? [by] : by).filter((index) => index >= 0);
}

/** What of it led to the selected event, and what came of it, together; undefined: it was concurrent, or nothing is selected. */
export function litOf(causality: Causality | null, by: StatedBy): Lit | undefined {
	if (causality === null) return undefined;
	let lit: Lit | undefined;
	for (const index of statedBy(by)) {
		const side = coneSideOfEvent(causality, index);
		if (side === "self") return "self";
		if (side !== undefined) lit = lit === undefined || lit === side ? side : "both";
	}
	return lit;
}
