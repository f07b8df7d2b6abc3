/** How a row of the list is asked for its menu: by a right click anywhere on it, by the keys of menus on its name, and by a button at its end. */
import { MoreHorizontal } from "lucide-react";
import type { KeyboardEvent, MouseEvent, ReactElement } from "react";
import type { ActTarget } from "../../parts/ActionMenu.tsx";
import type { Place } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";

export type OpenMenu = (target: ActTarget, at: Place) => void;

interface RowMenu {
	onContextMenu(event: MouseEvent): void;
	onKeyDown(event: KeyboardEvent): void;
	readonly button: ReactElement;
}

/** @param name what the button says it is for */
export function rowMenu(target: ActTarget, name: string, onMenu: OpenMenu): RowMenu {
	const openUnder = ({ currentTarget }: { readonly currentTarget: Element }): void => {
		const { x, bottom } = currentTarget.getBoundingClientRect();
		onMenu(target, { x, y: bottom });
	};
	return {
		onContextMenu(event) {
			onMenu(target, { x: event.clientX, y: event.clientY });
			event.preventDefault();
		},
		// Not every system makes a right click of them.
		onKeyDown(event) {
			if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
			openUnder(event);
			event.preventDefault();
		},
		button: (
			<button type="button" className="row-more" aria-haspopup="menu" aria-label={strings.workspace.actions(name)} onClick={openUnder}>
				<MoreHorizontal size={17} aria-hidden="true" />
			</button>
		),
	};
}
