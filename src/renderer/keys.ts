/**
 * The keys of the window: what is listed by `?` and what a key does are one table. Keys are letters as
 * typed, without modifiers, and never act while somebody types into a field.
 */
import { allActions, partitionLine } from "./actions.ts";
import { nextSpeed } from "./maths/speed-scale.ts";
import { actionsOf } from "./parts/ActionMenu.tsx";
import { focusPanel } from "./parts/focus.ts";
import type { AppController } from "./state/app-controller.ts";
import { stagesBeside } from "./state/app-state.ts";
import type { RunController } from "./state/run-controller.ts";
import { type Place, type StageView, shownUs, sideTabs, stageViews, timeBases } from "./state/run-state.ts";
import { sentence } from "./strings/words.ts";
import { strings } from "./strings.ts";
import { viewsOf } from "./views/registry.ts";

type Does = keyof typeof strings.keys.list;

interface KeyHelp {
	readonly shown: readonly string[];
	readonly does: Does;
}

/** One a panel, in the order of the panels. */
const sideKeys = ["n", "e", "i", "c", "o", "g"];

export const keyGroups: readonly { readonly id: keyof typeof strings.keys.groups; readonly keys: readonly KeyHelp[] }[] = [
	{
		id: "time",
		keys: [
			{ shown: ["Space"], does: "togglePlay" },
			{ shown: ["."], does: "stepEvent" },
			{ shown: [","], does: "stepBack" },
			{ shown: ["m"], does: "stepMessage" },
			{ shown: ["Home"], does: "toStart" },
			{ shown: ["End"], does: "toEnd" },
			{ shown: [">"], does: "faster" },
			{ shown: ["<"], does: "slower" },
			{ shown: ["f"], does: "fork" },
			{ shown: ["u"], does: "undo" },
			{ shown: ["Q"], does: "end" },
		],
	},
	{
		id: "acting",
		keys: [
			{ shown: ["x"], does: "crash" },
			{ shown: ["z"], does: "pause" },
			{ shown: ["s"], does: "slow" },
			{ shown: ["p"], does: "pick" },
			{ shown: ["P"], does: "partition" },
			{ shown: ["/", "Ctrl K"], does: "palette" },
			{ shown: ["⇧F10"], does: "menu" },
		],
	},
	{
		id: "views",
		keys: [
			{ shown: ["1 … 7"], does: "stage" },
			{ shown: sideKeys, does: "side" },
			{ shown: ["b"], does: "timeBase" },
			{ shown: ["E"], does: "export" },
			{ shown: ["t"], does: "theme" },
			{ shown: ["?"], does: "help" },
		],
	},
	{
		id: "lists",
		keys: [
			{ shown: ["↑", "↓", "←", "→"], does: "move" },
			{ shown: ["PgUp", "PgDn"], does: "page" },
			{ shown: ["Alt"], does: "lane" },
			{ shown: ["[", "]"], does: "message" },
			{ shown: ["Enter"], does: "inspect" },
			{ shown: ["+", "−"], does: "zoom" },
			{ shown: ["Ctrl F"], does: "search" },
			{ shown: ["Tab"], does: "next" },
			{ shown: ["Esc"], does: "escape" },
		],
	},
	{
		id: "sessions",
		keys: [
			{ shown: ["F2"], does: "rename" },
			{ shown: ["Ctrl D"], does: "duplicate" },
			{ shown: ["Delete"], does: "trash" },
		],
	},
];

function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
		(target as HTMLInputElement).type !== "range"
	);
}

const actingKeys = ["x", "z", "s"];

/** Acts on what is selected: x, z and s stand for the first acts of its menu. A key that can do nothing says so. */
function actOnSelection(app: AppController, run: RunController, key: string): boolean {
	if (!actingKeys.includes(key)) return false;
	const { selection } = run.state;
	if (selection?.kind !== "node" && selection?.kind !== "link" && selection?.kind !== "message") {
		app.tell("note", strings.keys.nothingChosen);
		return true;
	}
	const action = allActions(actionsOf(run, selection)).find((one) => one.key === key);
	if (action?.why !== undefined) app.refuse(sentence(action.why), focusedPlace());
	else if (action?.line !== undefined) void run.command(action.line, focusedPlace());
	else app.tell("note", selection.kind === "message" && selection.flight.fate === "lost" ? strings.keys.lostAlready : strings.keys.notForThis);
	return true;
}

/** A view that this lab, or two runs side by side, do not have is not gone to. */
function showStage(app: AppController, run: RunController, stage: StageView): void {
	if (stage === "services" && viewsOf(run.plan).length === 0) app.tell("note", strings.services.none);
	else if (app.state.beside === null || stagesBeside.includes(stage)) run.setStage(stage);
}

/** The message's menu, and the inspector, are asked for where it is drawn; a row that has the focus would ask for its own. */
function nextMessage(run: RunController, step: 1 | -1): void {
	run.selectNextMessage(step);
	if (run.state.selection?.kind === "message") document.querySelector<HTMLElement>(".topology-graph")?.focus({ preventScroll: true });
}

function nextTimeBase(run: RunController): void {
	const next = timeBases[(timeBases.indexOf(run.state.timeBase) + 1) % timeBases.length];
	if (next !== undefined) run.setTimeBase(next);
}

/** Where the user is, if that is a row or a button rather than the page. */
function focusedPlace(): Place | undefined {
	const focused = document.activeElement;
	if (!(focused instanceof HTMLElement) || focused.closest("tr, button") === null) return undefined;
	const { x, bottom } = focused.getBoundingClientRect();
	return { x, y: bottom };
}

function partition(run: RunController): void {
	const line = partitionLine(run.plan, run.state.picked);
	if (line === undefined) return;
	void run.command(line);
	run.pick([]);
}

/** What a key does to the run. @returns false when it means nothing */
function runKey(app: AppController, run: RunController, key: string): boolean {
	const { state } = run;
	const stage = stageViews[Number(key) - 1];
	const side = sideTabs[sideKeys.indexOf(key)];
	if (stage !== undefined) showStage(app, run, stage);
	else if (side !== undefined) {
		run.setSide(side);
		requestAnimationFrame(() => focusPanel());
	} else
		switch (key) {
			case " ":
				void run.togglePlay();
				break;
			case ".":
				void run.stepEvent();
				break;
			case ",":
				void run.stepBack();
				break;
			case "m":
				void run.stepMessage();
				break;
			case "Home":
				run.toStart();
				break;
			case "End":
				void run.toEnd();
				break;
			case ">":
				void run.setSpeed(nextSpeed(state.speed, 1));
				break;
			case "<":
				void run.setSpeed(nextSpeed(state.speed, -1));
				break;
			case "f":
				void run.fork(shownUs(state));
				break;
			case "u":
				void run.acts.undo();
				break;
			case "Q":
				void run.acts.end();
				break;
			case "p":
				if (state.selection?.kind === "node") run.togglePicked(state.selection.node);
				break;
			case "[":
			case "]":
				nextMessage(run, key === "]" ? 1 : -1);
				break;
			case "b":
				nextTimeBase(run);
				break;
			case "E":
				app.openDialog({ kind: "export" });
				break;
			case "P":
				partition(run);
				break;
			case "/":
				app.openDialog({ kind: "palette", line: "" });
				break;
			case "Escape":
				run.pick([]);
				void run.select(null);
				break;
			default:
				return actOnSelection(app, run, key);
		}
	return true;
}

/** A button does its own thing; but a row of a list is selected as soon as it has the focus, and Space plays. */
function hasItsOwn(target: HTMLElement, key: string): boolean {
	const own = target.closest("button, [role=tab], a, summary");
	return own !== null && !(key === " " && own.classList.contains("row-name"));
}

const sliderKeys = ["Home", "End"];

/** The ends of a slider that has the focus are meant, not those of the run. */
function isForSlider(target: EventTarget | null, key: string): boolean {
	return target instanceof HTMLInputElement && target.type === "range" && sliderKeys.includes(key);
}

export function onWindowKey(app: AppController, event: KeyboardEvent): void {
	const { current, dialog } = app.state;
	if (dialog !== null || event.defaultPrevented || event.altKey || event.metaKey) return;
	if (event.ctrlKey) {
		if (event.key === "f" && current !== null) {
			current.setSide("events");
			requestAnimationFrame(() => document.getElementById("event-search")?.focus());
			event.preventDefault();
		}
		if (event.key === "k" && current !== null) {
			app.openDialog({ kind: "palette", line: "" });
			event.preventDefault();
		}
		return;
	}
	if (isTyping(event.target) || isForSlider(event.target, event.key) || document.querySelector("[role=menu]") !== null) return;
	if ((event.key === " " || event.key === "Enter") && event.target instanceof HTMLElement && hasItsOwn(event.target, event.key)) return;
	if (event.key === "?") app.openDialog({ kind: "keys" });
	else if (event.key === "t") app.cycleTheme();
	else if (current === null || !runKey(app, current, event.key)) return;
	event.preventDefault();
}
