/**
 * The menu of a node, a link or a message under way, opened at a point by a right click or at a row by the
 * keyboard. Shows the list of acts and does what is chosen.
 */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Fragment, type ReactElement } from "react";
import { indexOf } from "../../shared/plan-index.ts";
import { type Action, linkActions, messageActions, nodeActions } from "../actions.ts";
import type { AppController } from "../state/app-controller.ts";
import type { RunController } from "../state/run-controller.ts";
import type { Target } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { ActIcon } from "./Icons.tsx";

export interface MenuTarget {
	readonly target: Target;
	readonly x: number;
	readonly y: number;
}

export function actionsOf(run: RunController, target: Target): readonly Action[] {
	const { shown, picked } = run.state;
	switch (target.kind) {
		case "node":
			return nodeActions(run.plan, target.node, shown?.view.nodes[target.node], picked.has(target.node));
		case "link":
			return linkActions(run.plan, target.link, shown?.view.links[target.link]);
		case "message":
			return messageActions(run.plan, target.flight);
	}
}

export function nameOf(run: RunController, target: Target): string {
	const { plan } = run;
	switch (target.kind) {
		case "node":
			return plan.nodes[target.node]?.name ?? "";
		case "link": {
			const link = plan.links[target.link];
			const names = indexOf(plan).vertexNames;
			return link === undefined ? "" : `${names[link.a]} — ${names[link.b]}`;
		}
		case "message": {
			const { from, to, name, sequence } = target.flight;
			return strings.topology.messageName(plan.names[name] ?? "?", plan.nodes[from]?.name ?? "?", plan.nodes[to]?.name ?? "?", sequence);
		}
	}
}

/** Does an act: gives its command, or looks. */
export function doAction(app: AppController, run: RunController, target: Target, action: Action): void {
	if (action.line !== undefined) {
		void run.command(action.line);
		return;
	}
	switch (action.id) {
		case "inspect":
			run.inspect(target);
			return;
		case "trace":
			run.setSearch(`node=${nameOf(run, target)} `);
			run.setSide("events");
			return;
		case "pick":
			if (target.kind === "node") run.togglePicked(target.node);
			return;
		default:
			app.openDialog({ kind: "palette", line: action.stem ?? "" });
	}
}

export function ActionMenu({
	app,
	run,
	menu,
	onClose,
}: {
	readonly app: AppController;
	readonly run: RunController;
	readonly menu: MenuTarget | null;
	readonly onClose: () => void;
}): ReactElement | null {
	if (menu === null) return null;
	const { target, x, y } = menu;
	const name = nameOf(run, target);
	return (
		<Menu.Root open modal={false} onOpenChange={(isOpen) => !isOpen && onClose()}>
			<Menu.Trigger asChild>
				<span aria-hidden="true" style={{ position: "fixed", left: x, top: y, width: 1, height: 1 }} />
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu" align="start" collisionPadding={8} aria-label={name}>
					<Menu.Label className="menu-label label">{name}</Menu.Label>
					{actionsOf(run, target).map((action) => (
						<Fragment key={action.id}>
							{action.isApart && <Menu.Separator className="menu-line" />}
							<Menu.Item className="menu-item" onSelect={() => doAction(app, run, target, action)}>
								<ActIcon icon={action.icon} />
								{action.label}
								{action.key && <kbd>{action.key}</kbd>}
							</Menu.Item>
						</Fragment>
					))}
				</Menu.Content>
			</Menu.Portal>
		</Menu.Root>
	);
}
