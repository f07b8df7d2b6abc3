/** The double's menu, dialogs and trash: what the system shows for the application outside of its windows. */
import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { afterReady, ask, folder } from "./channel.ts";
import { BrowserWindow } from "./windows.ts";

interface MenuItem {
	readonly label?: string;
	readonly role?: string;
	readonly type?: string;
	readonly accelerator?: string;
	readonly enabled?: boolean;
	readonly submenu?: readonly MenuItem[];
	readonly click?: () => void;
}

/** `CmdOrCtrl+Shift+N`: modifiers that Electron knows, then one key. */
const accelerators =
	/^((Cmd|Command|Ctrl|Control|CmdOrCtrl|CommandOrControl|Alt|Option|AltGr|Shift|Super|Meta)\+)*([A-Z0-9]|F\d{1,2}|Plus|Space|Tab|Esc|Delete)$/;

/** As Electron does: an item that would be nothing, or whose key it does not know, is refused. */
function demandItems(items: readonly MenuItem[]): void {
	for (const { label, role, type, accelerator, submenu } of items) {
		if (label === undefined && role === undefined && type === undefined) throw new TypeError("a menu item has a label, a role or a type");
		if (accelerator !== undefined && !accelerators.test(accelerator)) throw new TypeError(`there is no key ${accelerator}`);
		demandItems(submenu ?? []);
	}
}

let menu: readonly MenuItem[] = [];

export const Menu = {
	buildFromTemplate: (template: readonly MenuItem[]) => {
		demandItems(template);
		return template;
	},
	setApplicationMenu: (items: readonly MenuItem[]) => {
		menu = items;
	},
};

export function menuLines(items: readonly MenuItem[] = menu, above = ""): readonly string[] {
	return items.flatMap(({ label, role, type, accelerator, submenu }) => {
		if (type === "separator") return [];
		const line = `${above}${label ?? role ?? ""}`;
		return [[line, accelerator].filter((part) => part !== undefined).join("\t"), ...menuLines(submenu ?? [], `${line} > `)];
	});
}

/** @param labels from the bar down */
export function clickMenu([label, ...rest]: readonly string[], items: readonly MenuItem[] = menu): boolean {
	const item = items.find((one) => one.label === label || one.role === label);
	if (item === undefined || item.enabled === false) return false;
	if (rest.length > 0) return clickMenu(rest, item.submenu ?? []);
	item.click?.();
	return item.click !== undefined;
}

interface DialogOptions {
	readonly filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[];
}

/** @param words the options, behind the window that the dialog belongs to when there is one */
function show(dialog: "open" | "save", words: readonly unknown[]): Promise<unknown> {
	afterReady("a dialog");
	const options = words.at(-1) as DialogOptions;
	if (words.length > 1 && !(words[0] instanceof BrowserWindow && !words[0].isDestroyed())) throw new TypeError("a dialog belongs to a window that is there");
	for (const { extensions } of options.filters ?? [])
		if (!extensions.every((extension) => /^(\w+|\*)$/.test(extension))) throw new TypeError(`extensions are words alone: ${extensions}`);
	return ask((number) => ({ kind: "dialog", ask: number, dialog, options }));
}

export const dialog = {
	showOpenDialog: (...words: readonly unknown[]) => show("open", words),
	showSaveDialog: (...words: readonly unknown[]) => show("save", words),
};

export const shell = {
	trashItem: async (path: string) => {
		mkdirSync(join(folder, "trash"), { recursive: true });
		renameSync(path, join(folder, "trash", basename(path)));
	},
};
