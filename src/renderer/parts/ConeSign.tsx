/** Says in a list or a view on which side of the selected event something lies. */
import type { ReactElement } from "react";
import type { ConeSide } from "../../shared/projection/causal-cone.ts";
import { strings } from "../strings.ts";

/** `self`: it is the selected event. */
export type SignedSide = ConeSide | "self";

export const coneSigns: { readonly [side in SignedSide]: string } = { past: "◀", future: "▶", both: "◀▶", self: "●" };

export function ConeSign({ side }: { readonly side: SignedSide }): ReactElement {
	const says = strings.workspace.causal[side];
	return (
		<>
			<span className={`cone-sign ${side}`} aria-hidden="true" title={says}>
				{coneSigns[side]}
			</span>
			<span className="hidden-visually">{says}</span>
		</>
	);
}
