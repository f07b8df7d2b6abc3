/** The application's menu. What it says to the window is a word of the contract; the rest is the system's. */
import { basename } from "node:path";
import { Menu, type MenuItemConstructorOptions } from "electron";
import type { Push } from "../../shared/contract/pushes.ts";

type Action = Push<"menu">["action"];

export interface MenuActions {
	readonly isMac: boolean;
	/** Files opened before, the latest first. */
	readonly recent: readonly string[];
	newWindow(): void;
	openFile(path: string): void;
	clearRecent(): void;
	act(action: Action): void;
}

/** macOS keeps and shows the list itself. */
function recentMenu({ isMac, recent, openFile, clearRecent }: MenuActions): MenuItemConstructorOptions {
	if (isMac) return { role: "recentDocuments", submenu: [{ role: "clearRecentDocuments" }] };
	if (recent.length === 0) return { label: "Open Recent", enabled: false, submenu: [] };
	return {
		label: "Open Recent",
		submenu: [
			// An ampersand would name the letter after it as a key.
			...recent.map((path) => ({ label: basename(path).replaceAll("&", "&&"), toolTip: path, click: () => openFile(path) })),
			{ type: "separator" },
			{ label: "Clear the List", click: clearRecent },
		],
	};
}

function menuTemplate(actions: MenuActions): MenuItemConstructorOptions[] {
	const { isMac, newWindow, act } = actions;
	const item = (label: string, action: Action, accelerator?: string): MenuItemConstructorOptions => ({
		label,
		click: () => act(action),
		...(accelerator === undefined ? {} : { accelerator }),
	});
	return [
		...(isMac ? [{ role: "appMenu" as const }] : []),
		{
			label: "File",
			submenu: [
				item("New Run…", "newRun", "CmdOrCtrl+N"),
				item("Open…", "open", "CmdOrCtrl+O"),
				recentMenu(actions),
				{ type: "separator" },
				item("Export…", "export", "CmdOrCtrl+E"),
				item("Verify", "verify"),
				{ type: "separator" },
				{ label: "New Window", accelerator: "CmdOrCtrl+Shift+N", click: newWindow },
				{ role: isMac ? "close" : "quit" },
			],
		},
		{
			label: "Edit",
			submenu: [
				{ role: "cut" },
				{ role: "copy" },
				{ role: "paste" },
				{ role: "selectAll" },
				{ type: "separator" },
				item("Fork From Before", "undo", "CmdOrCtrl+Shift+Z"),
			],
		},
		{
			label: "View",
			submenu: [
				item("Command Palette…", "palette", "CmdOrCtrl+K"),
				item("Light or Dark", "toggleTheme"),
				{ type: "separator" },
				{ role: "resetZoom" },
				{ role: "zoomIn" },
				{ role: "zoomOut" },
				{ role: "togglefullscreen" },
			],
		},
		{ role: "windowMenu" },
		{ label: "Help", role: "help", submenu: [item("Keyboard Shortcuts", "shortcuts"), item("About Quorate", "about")] },
	];
}

export function setMenu(actions: MenuActions): void {
	Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions)));
}
