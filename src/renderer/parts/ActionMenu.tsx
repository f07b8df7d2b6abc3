/**
 * The menu of a node or a link, opened at a point by a right click or at a row by the keyboard. Shows
 * the list of acts and does what is chosen.
 */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Fragment, type ReactElement } from "react";
import { indexOf } from "../../shared/plan-index.ts";
import { type Action, linkActions, nodeActions } from "../actions.ts";
import type { AppController } from "../state/app-controller.ts";
import type { RunController } from "../state/run-controller.ts";
import { ActIcon } from "./Icons.tsx";

export interface MenuTarget {
	readonly kind: "node" | "link";
	readonly index: number;
	readonly x: number;
	readonly y: number;
}

export function actionsOf(run: RunController, kind: "node" | "link", index: number): readonly Action[] {
	const { shown, picked } = run.state;
	return kind === "node" ? nodeActions(run.plan, index, shown?.view.nodes[index], picked.has(index)) : linkActions(run.plan, index, shown?.view.links[index]);
}

export function nameOf(run: RunController, kind: "node" | "link", index: number): string {
	if (kind === "node") return run.plan.nodes[index]?.name ?? "";
	const link = run.plan.links[index];
	const names = indexOf(run.plan).vertexNames;
	return link === undefined ? "" : `${names[link.a]} — ${names[link.b]}`;
}

/** Does an act: gives its command, or looks. */
export function doAction(app: AppController, run: RunController, kind: "node" | "link", index: number, action: Action): void {
	if (action.line !== undefined) {
		void run.command(action.line);
		return;
	}
	switch (action.id) {
		case "inspect":
			run.inspect(kind === "node" ? { kind: "node", node: index } : { kind: "link", link: index });
			return;
		case "trace":
			run.setSearch(`node=${nameOf(run, "node", index)} `);
			run.setSide("events");
			return;
		case "pick":
			run.togglePicked(index);
			return;
		default:
			app.openDialog({ kind: "palette", line: "" });
	}
}

export function ActionMenu({
	app,
	run,
	target,
	onClose,
}: {
	readonly app: AppController;
	readonly run: RunController;
	readonly target: MenuTarget | null;
	readonly onClose: () => void;
}): ReactElement | null {
	if (target === null) return null;
	const { kind, index, x, y } = target;
	return (
		<Menu.Root open modal={false} onOpenChange={(isOpen) => !isOpen && onClose()}>
			<Menu.Trigger asChild>
				<span aria-hidden="true" style={{ position: "fixed", left: x, top: y, width: 1, height: 1 }} />
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu" align="start" collisionPadding={8} aria-label={nameOf(run, kind, index)}>
					<Menu.Label className="menu-label label">{nameOf(run, kind, index)}</Menu.Label>
					{actionsOf(run, kind, index).map((action) => (
						<Fragment key={action.id}>
							{action.isApart && <Menu.Separator className="menu-line" />}
							<Menu.Item className="menu-item" onSelect={() => doAction(app, run, kind, index, action)}>
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
