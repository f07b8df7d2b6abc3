/** Says in a list on which side of the selected event something lies. */
import type { ReactElement } from "react";
import type { ConeSide } from "../../shared/projection/causal-cone.ts";
import { strings } from "../strings.ts";

const signs: { readonly [side in ConeSide]: string } = { past: "◀", future: "▶", both: "◀▶" };

export function ConeSign({ side }: { readonly side: ConeSide }): ReactElement {
	const says = strings.workspace.causal[side];
	return (
		<>
			<span className={`cone-sign ${side}`} aria-hidden="true" title={says}>
				{signs[side]}
			</span>
			<span className="hidden-visually">{says}</span>
		</>
	);
}
