/** The first acts of what is inspected, as buttons, and all of them behind one more. */
import { MoreHorizontal } from "lucide-react";
import { type ReactElement, useState } from "react";
import { ActionMenu, actionsOf, doAction, type MenuTarget, nameOf } from "../../parts/ActionMenu.tsx";
import { useApp, useRun, useRunState } from "../../parts/context.ts";
import { ActIcon } from "../../parts/Icons.tsx";
import type { Place, Target } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";

const buttonsMax = 2;

function below(element: HTMLElement): Place {
	const { x, bottom } = element.getBoundingClientRect();
	return { x, y: bottom };
}

export function ActButtons({ target }: { readonly target: Target }): ReactElement {
	const app = useApp();
	const run = useRun();
	const [menu, setMenu] = useState<MenuTarget | null>(null);
	// What can be done depends on how it is.
	useRunState((state) =>
		target.kind === "node" ? state.listed?.view.nodes[target.node]?.status : target.kind === "link" ? state.listed?.view.links[target.link] : null,
	);
	useRunState((state) => (target.kind === "node" ? state.listed?.view.nodes[target.node]?.factorMilli : null));
	const says = strings.actions.menu(nameOf(run, target));
	return (
		<div className="inspect-actions">
			{actionsOf(run, target)
				.map((action) => action.items?.[0] ?? action)
				.filter(({ id }) => id !== "inspect")
				.slice(0, buttonsMax)
				.map((action) => (
					<button
						key={action.id}
						type="button"
						className="button"
						// With the reason when it is pressed all the same.
						aria-disabled={action.why !== undefined}
						title={action.why}
						onClick={(event) => doAction(app, run, target, action, below(event.currentTarget))}
					>
						<ActIcon icon={action.icon} /> {action.label}
					</button>
				))}
			<button
				type="button"
				className="button icon"
				aria-haspopup="menu"
				aria-label={says}
				title={says}
				onClick={(event) => setMenu({ target, ...below(event.currentTarget) })}
			>
				<MoreHorizontal size={18} aria-hidden="true" />
			</button>
			<ActionMenu app={app} run={run} menu={menu} onClose={() => setMenu(null)} />
		</div>
	);
}
