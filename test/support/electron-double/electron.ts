/**
 * Stands in for the `electron` module under the built desktop application, in the application's own
 * process. Windows are pages of a real Chromium, which the test at the other end of the channel drives;
 * messages, requests and questions cross to it as data. Only what the application uses is here; anything
 * else is missing, and says so by failing.
 */
import { app } from "./app.ts";
import { life, onAnswer, preventable, tell } from "./channel.ts";
import { clickMenu, dialog, Menu, menuLines, shell } from "./menus-and-dialogs.ts";
import type { AppWords, Questions, ToApp } from "./messages.ts";
import { permissionWords, protocol, schemes, serve, session } from "./session.ts";
import { BrowserWindow, ipcMain, onWindow, type WebContents, windowOf } from "./windows.ts";

export { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell };

function contentsOf(window: number): WebContents {
	const found = windowOf(window)?.webContents;
	if (found === undefined) throw new Error(`there is no window ${window}`);
	return found;
}

const answers: { readonly [Name in keyof Questions]: (asked: Questions[Name]["asked"]) => Questions[Name]["reply"] | Promise<Questions[Name]["reply"]> } = {
	request: serve,
	permission: ({ window, name, url }) => permissionWords(contentsOf(window), name, url),
	mayNot: ({ window, event, url }) => {
		const tried = preventable();
		windowOf(window)?.webContents.emit(event, { ...tried.event, url, isMainFrame: true }, url);
		return tried.isPrevented();
	},
	mayOpen: ({ window, url }) => windowOf(window)?.webContents.openHandler({ url }).action !== "deny",
	clickMenu: ({ labels }) => clickMenu(labels),
	state: (): AppWords => ({ isSandboxed: life.isSandboxed, schemes, recent: app.recent, menu: menuLines() }),
};

async function answer(message: Extract<ToApp, { readonly kind: "ask" }>): Promise<void> {
	try {
		const reply = answers[message.what] as (asked: unknown) => unknown;
		tell({ kind: "answer", ask: message.ask, value: await reply(message.asked) });
	} catch (error) {
		tell({ kind: "answer", ask: message.ask, error: String(error) });
	}
}

process.on("message", (message: ToApp) => {
	switch (message.kind) {
		case "ready":
			app.becomeReady();
			return;
		case "window":
			onWindow(message);
			return;
		case "message":
			windowOf(message.window)?.webContents.receive(message.channel, message.values, message.frame);
			return;
		case "secondInstance":
			app.emit("second-instance", {}, message.words, message.folder);
			return;
		case "openFile":
			app.openFile(message.path);
			return;
		case "activate":
			app.emit("activate", {}, BrowserWindow.getAllWindows().length > 0);
			return;
		case "quit":
			app.quit();
			return;
		case "ask":
			void answer(message);
			return;
		case "answer":
			onAnswer(message.ask, message.value);
	}
});
// Nobody is left to show anything to.
process.on("disconnect", () => process.exit(1));
