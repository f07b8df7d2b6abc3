/**
 * The menu of a node, a link, a message under way or a group, opened at a point by a right click or at a row by
 * the keyboard. Shows the list of acts and does what is chosen; what the lab refuses is said at that point.
 */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { ChevronRight } from "lucide-react";
import { Fragment, type ReactElement } from "react";
import { createPortal } from "react-dom";
import { indexOf } from "../../shared/plan-index.ts";
import { groupActions } from "../acting/group-actions.ts";
import { linkActions } from "../acting/link-actions.ts";
import { messageActions } from "../acting/message-actions.ts";
import { nodeActions } from "../acting/node-actions.ts";
import type { Action } from "../actions.ts";
import type { AppController } from "../state/app-controller.ts";
import type { RunController } from "../state/run-controller.ts";
import type { Place, Target } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { sentence } from "../strings/words.ts";
import { strings } from "../strings.ts";
import { returnFocus } from "./focus.ts";
import { ActIcon } from "./Icons.tsx";

/** Several nodes that are acted on at once. */
export interface GroupTarget {
	readonly kind: "group";
	readonly name: string;
	readonly nodes: readonly number[];
}

export type ActTarget = Target | GroupTarget;

export interface MenuTarget {
	readonly target: ActTarget;
	readonly x: number;
	readonly y: number;
}

/** The nodes of a region, as one thing to act on. */
export function regionTarget({ plan }: RunController, region: number): GroupTarget {
	const nodes = plan.nodes.flatMap((node, index) => (node.region === region ? [index] : []));
	return { kind: "group", name: strings.groups.region(plan.regions[region] ?? ""), nodes };
}

export function actionsOf(run: RunController, target: ActTarget): readonly Action[] {
	const { shown, picked } = run.state;
	switch (target.kind) {
		case "node":
			return nodeActions(run.plan, target.node, shown?.view.nodes[target.node], picked.has(target.node));
		case "link":
			return linkActions(run.plan, target.link, shown?.view.links[target.link]);
		case "message":
			return messageActions(run.plan, target.flight);
		case "group":
			return groupActions(run.plan, target.nodes, shown?.view.nodes ?? {});
	}
}

export function nameOf(run: RunController, target: ActTarget): string {
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
			const { from, to, name, sequence, copy } = target.flight;
			const says = strings.topology;
			return says.messageName(says.messageNumber(plan.names[name] ?? "?", sequence, copy), plan.nodes[from]?.name ?? "?", plan.nodes[to]?.name ?? "?");
		}
		case "group":
			return target.name;
	}
}

/** Finds the events that tell of it. */
function searchOf(run: RunController, target: ActTarget): string {
	if (target.kind !== "message") return `node=${nameOf(run, target)} `;
	const message = `${run.plan.nodes[target.flight.from]?.name}#${target.flight.sequence}`;
	return `${message} text~/${message}\\b/`;
}

/** Does an act: gives its command, or looks. @param at where the user acted */
export function doAction(app: AppController, run: RunController, target: ActTarget, action: Action, at?: Place): void {
	if (action.why !== undefined) {
		app.refuse(sentence(action.why), at);
		return;
	}
	if (action.line !== undefined) {
		void run.command(action.line, at);
		return;
	}
	switch (action.id) {
		case "inspect":
			if (target.kind !== "group") run.inspect(target);
			return;
		case "trace":
			run.setSearch(searchOf(run, target));
			run.setSide("events");
			return;
		case "pick":
			if (target.kind === "node") run.togglePicked(target.node);
			return;
		case "pickAll":
			if (target.kind === "group") run.pick(target.nodes);
			return;
		default:
			app.openDialog({ kind: "palette", line: action.stem ?? "" });
	}
}

interface ActionMenuProps {
	readonly app: AppController;
	readonly run: RunController;
	readonly menu: MenuTarget | null;
	readonly onClose: () => void;
}

/** There even while it is closed: a menu that is opened by a key begins on its first act. */
export function ActionMenu({ app, run, menu, onClose }: ActionMenuProps): ReactElement {
	// What makes sense may change while one reads: a node that was starting is up.
	useStore(run.store, (state) => (menu === null ? null : state.listed));
	const onClosed = (event: Event): void => {
		event.preventDefault();
		// What was chosen may have opened a dialog, which has the keyboard now.
		if (app.state.dialog === null) returnFocus();
	};
	return (
		<Menu.Root open={menu !== null} modal={false} onOpenChange={(isOpen) => !isOpen && onClose()}>
			{createPortal(
				<Menu.Trigger asChild>
					<span aria-hidden="true" style={{ position: "fixed", left: menu?.x ?? 0, top: menu?.y ?? 0, width: 1, height: 1 }} />
				</Menu.Trigger>,
				document.body, // a panel may have a measure of its own
			)}
			{menu !== null && (
				<Menu.Portal>
					<Menu.Content className="menu" side="right" align="start" collisionPadding={8} aria-label={nameOf(run, menu.target)} onCloseAutoFocus={onClosed}>
						<Menu.Label className="menu-label label">{nameOf(run, menu.target)}</Menu.Label>
						<Items actions={actionsOf(run, menu.target)} onChoose={(action) => doAction(app, run, menu.target, action, menu)} />
					</Menu.Content>
				</Menu.Portal>
			)}
		</Menu.Root>
	);
}

/** What makes no sense now is there all the same, reached and read, with the reason; choosing it does nothing. */
function Item({ action, onChoose }: { readonly action: Action; readonly onChoose: (action: Action) => void }): ReactElement {
	const { icon, label, key, why } = action;
	const onSelect = (event: Event): void => {
		if (why === undefined) onChoose(action);
		else event.preventDefault();
	};
	return (
		<Menu.Item className="menu-item" aria-disabled={why !== undefined} onSelect={onSelect}>
			<ActIcon icon={icon} />
			<span>
				{label}
				{why !== undefined && <small className="menu-why">{why}</small>}
			</span>
			{key && why === undefined && <kbd>{key}</kbd>}
		</Menu.Item>
	);
}

function Items({ actions, onChoose }: { readonly actions: readonly Action[]; readonly onChoose: (action: Action) => void }): ReactElement {
	return (
		<>
			{actions.map((action) => (
				<Fragment key={action.id}>
					{action.isApart && <Menu.Separator className="menu-line" />}
					{action.items === undefined ? (
						<Item action={action} onChoose={onChoose} />
					) : (
						<Menu.Sub>
							<Menu.SubTrigger className="menu-item">
								<ActIcon icon={action.icon} />
								{action.label}
								<ChevronRight className="menu-more" size={16} aria-hidden="true" />
							</Menu.SubTrigger>
							<Menu.Portal>
								<Menu.SubContent className="menu" collisionPadding={8} aria-label={action.label}>
									<Items actions={action.items} onChoose={onChoose} />
								</Menu.SubContent>
							</Menu.Portal>
						</Menu.Sub>
					)}
				</Fragment>
			))}
		</>
	);
}
