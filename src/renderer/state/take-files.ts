/** Takes in files that were dropped on the window or picked, and opens what is a session. */
import { strings } from "../strings.ts";
import type { AppController } from "./app-controller.ts";

const says = strings.start;
const sessionEnding = ".quorate";

export async function takeFiles(app: AppController, files: readonly File[]): Promise<void> {
	const found = files.find(({ name }) => name.toLowerCase().endsWith(sessionEnding));
	const [first] = files;
	if (first === undefined) app.tell("warning", says.noFileDropped, { advice: says.noSessionAdvice });
	else if (found === undefined) app.tell("warning", says.noSessionFile(first.name), { advice: says.noSessionAdvice });
	else {
		if (files.length > 1) app.tell("note", says.oneFileOnly(found.name));
		await takeFile(app, found);
	}
}

async function takeFile(app: AppController, file: File): Promise<void> {
	const { uploadFile } = await import("./upload.ts");
	const session = await app.attempt(uploadFile(app.client, file));
	if (session === undefined) return;
	await app.refreshLibrary();
	await app.openSession(session);
}
