/** A link looked at closely: how it is, and how the lab made it. */
import type { ReactElement } from "react";
import { linkStateOf } from "../../maths/node-state.ts";
import { nameOf } from "../../parts/ActionMenu.tsx";
import { useRun, useRunState } from "../../parts/context.ts";
import { LinkStateText } from "../../parts/Icons.tsx";
import { strings } from "../../strings.ts";
import { ActButtons } from "./ActButtons.tsx";
import { DataTree } from "./DataTree.tsx";

export function LinkInspector({ link }: { readonly link: number }): ReactElement | null {
	const run = useRun();
	const view = useRunState((state) => state.shown?.view.links[link]);
	const plan = run.plan.links[link];
	if (view === undefined || plan === undefined) return null;
	const { forward } = plan;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
		<section className="scroll" tabIndex={0} aria-label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{nameOf(run, { kind: "link", link })}</h2>
					<LinkStateText state={linkStateOf(view)} />
				</div>
				<ActButtons target={{ kind: "link", link }} />
				<DataTree value={{ ...forward, dropped: view.dropped, changedWhileRunning: view.changes }} />
			</div>
		</section>
	);
}
