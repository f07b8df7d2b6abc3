/** The first acts of what is inspected, as buttons. */
import type { ReactElement } from "react";
import { actionsOf, doAction } from "../../parts/ActionMenu.tsx";
import { useApp, useRun, useRunState } from "../../parts/context.ts";
import { ActIcon } from "../../parts/Icons.tsx";
import type { Target } from "../../state/run-state.ts";

const buttonsMax = 4;

export function ActButtons({ target }: { readonly target: Target }): ReactElement {
	const app = useApp();
	const run = useRun();
	// What can be done depends on how it is.
	useRunState((state) =>
		target.kind === "node" ? state.shown?.view.nodes[target.node]?.status : target.kind === "link" ? state.shown?.view.links[target.link] : null,
	);
	return (
		<div className="inspect-actions">
			{actionsOf(run, target)
				.filter(({ id }) => id !== "inspect")
				.slice(0, buttonsMax)
				.map((action) => (
					<button key={action.id} type="button" className="button" onClick={() => doAction(app, run, target, action)}>
						<ActIcon icon={action.icon} /> {action.label}
					</button>
				))}
		</div>
	);
}
