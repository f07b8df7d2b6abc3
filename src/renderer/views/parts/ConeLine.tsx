/** At the foot of a view while an event is selected: how much of what is stated led to it or came of it, and by which sign that is told. */
import type { ReactElement } from "react";
import type { BoardEntry } from "../../../shared/projection/fact-board.ts";
import { coneSigns } from "../../parts/ConeSign.tsx";
import { type Causality, coneSideOfEvent } from "../../state/run-state.ts";
import { viewParts } from "../../strings/views/parts.ts";

const says = viewParts.cone;

export function ConeLine({ board, causality }: { readonly board: readonly BoardEntry[]; readonly causality: Causality }): ReactElement {
	const counts = { self: 0, past: 0, future: 0 };
	for (const { index } of board) {
		const side = coneSideOfEvent(causality, index);
		if (side !== undefined) counts[side]++;
	}
	const { self, past, future } = counts;
	return (
		<p className="view-cone" role="status">
			{self + past + future === 0 ? (
				causality.truncated ? (
					says.noneTruncated
				) : (
					says.none
				)
			) : (
				<>
					{self > 0 && <Part side="self" text={says.self} />}
					{past > 0 && <Part side="past" text={says.past(past)} />}
					{future > 0 && <Part side="future" text={says.future(future)} />}
					<span>{causality.truncated ? says.restTruncated : says.rest}</span>
				</>
			)}
		</p>
	);
}

function Part({ side, text }: { readonly side: "self" | "past" | "future"; readonly text: string }): ReactElement {
	return (
		<span>
			<span className={`cone-sign ${side}`} aria-hidden="true">
				{coneSigns[side]}
			</span>{" "}
			<strong>{text}</strong>
		</span>
	);
}
