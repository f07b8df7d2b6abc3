/** The desktop's own dialogs for files. Knows nothing of what is in them. */
import { copyFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { app, BrowserWindow, dialog } from "electron";
import type { CallReply } from "../../shared/contract/calls.ts";
import type { KeptFile } from "../lab-service/files.ts";

export async function askForFile(): Promise<string | null> {
	const options = { title: "Open a session", properties: ["openFile" as const], filters: [{ name: "Quorate sessions", extensions: ["quorate"] }] };
	const window = BrowserWindow.getFocusedWindow();
	const { canceled, filePaths } = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
	return canceled ? null : (filePaths[0] ?? null);
}

export async function saveFile({ path, name }: KeptFile): Promise<CallReply<"files.save">> {
	const extension = extname(name).slice(1);
	const options = {
		defaultPath: join(app.getPath("downloads"), name),
		...(extension === "" ? {} : { filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
	};
	const window = BrowserWindow.getFocusedWindow();
	const { canceled, filePath } = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
	if (canceled || filePath === "") return { kind: "cancelled" };
	await copyFile(path, filePath);
	return { kind: "saved", name: basename(filePath) };
}
