/**
 * One row of the workspace list: a thing that can be acted on, by its name as a button, with cells of its
 * own and a menu at the end. What is the same for nodes, links and messages is here and nowhere else.
 */
import type { FocusEvent, KeyboardEvent, ReactElement, ReactNode } from "react";
import { type CausalCone, type ConeSide, coneSideOfMessage } from "../../../shared/projection/causal-cone.ts";
import { nameOf } from "../../parts/ActionMenu.tsx";
import { ConeSign } from "../../parts/ConeSign.tsx";
import { useRun, useRunState } from "../../parts/context.ts";
import type { Target } from "../../state/run-state.ts";
import { type OpenMenu, rowMenu } from "./RowMenu.tsx";

export interface TableProps {
	readonly filter: string;
	readonly onMenu: OpenMenu;
}

export interface TargetRowProps {
	/** In its table, from 0: of a long one not every row is there to be counted. */
	readonly place: number;
	readonly target: Target;
	/** As the list writes it. */
	readonly name: string;
	readonly isSelected: boolean;
	/** Before the name. */
	readonly lead?: ReactNode;
	readonly children: ReactNode;
	readonly onMenu: OpenMenu;
}

/** On which side of the selected event's cone it lies, if it does. */
function sideOf(cone: CausalCone | undefined, target: Target): ConeSide | undefined {
	if (cone === undefined) return undefined;
	switch (target.kind) {
		case "node":
			return cone.nodes.get(target.node);
		case "link":
			return cone.links.get(target.link);
		case "message":
			return coneSideOfMessage(cone, target.flight);
	}
}

export function TargetRow({ place, target, name, isSelected, lead, children, onMenu }: TargetRowProps): ReactElement {
	const run = useRun();
	const select = (): void => void run.select(target);
	// Going through the list selects; coming to it does not, for something else may be looked at.
	const onFocus = ({ relatedTarget }: FocusEvent): void => {
		if (relatedTarget instanceof Element && relatedTarget.closest(".workspace") !== null) select();
	};
	const menu = rowMenu(target, target.kind === "link" ? name : nameOf(run, target), onMenu);
	const onKey = (event: KeyboardEvent<HTMLElement>): void => (event.key === "Enter" ? run.inspect(target) : menu.onKeyDown(event));
	const side = useRunState(({ causality }) => sideOf(causality?.cone, target));
	return (
		<tr aria-rowindex={place + 2} aria-selected={isSelected} className={side === undefined ? undefined : `cone-${side}`} onContextMenu={menu.onContextMenu}>
			{lead}
			<td>
				<button type="button" className="row-name" onClick={select} onFocus={onFocus} onDoubleClick={() => run.inspect(target)} onKeyDown={onKey}>
					{name}
				</button>
				{side !== undefined && <ConeSign side={side} />}
			</td>
			{children}
			<td>{menu.button}</td>
		</tr>
	);
}
