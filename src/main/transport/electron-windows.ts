/**
 * The contract over Electron's own messages: one connection a page, begun anew when the page is loaded
 * again. Only the main frame of a window of ours, showing our own page, is listened to.
 */
import { type IpcMainEvent, ipcMain, type WebContents } from "electron";
import { labFrameBytesMax } from "../../shared/contract/limits.ts";
import type { Push, PushName } from "../../shared/contract/pushes.ts";
import type { Connection } from "../lab-service/connection.ts";
import type { LabService } from "../lab-service/lab-service.ts";

const frameChannel = "quorate:frame";
const takenChannel = "quorate:taken";

interface Page {
	readonly contents: WebContents;
	connection: Connection;
	/** Sent, and not yet said to be taken. */
	backlogBytes: number;
}

export class ElectronWindows {
	readonly #service: LabService;
	readonly #isOurPage: (url: string) => boolean;
	readonly #pages = new Map<number, Page>();

	constructor(service: LabService, isOurPage: (url: string) => boolean) {
		this.#service = service;
		this.#isOurPage = isOurPage;
		ipcMain.on(frameChannel, (event, frame: unknown) => {
			const page = this.#pageOf(event);
			if (page !== null && frame instanceof Uint8Array) page.connection.receive(frame);
		});
		ipcMain.on(takenChannel, (event, length: unknown) => {
			const page = this.#pageOf(event);
			if (page === null || typeof length !== "number" || !(length >= 0 && length <= labFrameBytesMax)) return;
			page.backlogBytes = Math.max(0, page.backlogBytes - length);
		});
	}

	/** A window that has just been made. */
	add(contents: WebContents): void {
		const page: Page = { contents, connection: this.#connect(contents), backlogBytes: 0 };
		this.#pages.set(contents.id, page);
		contents.on("did-start-navigation", ({ isMainFrame, isSameDocument }) => {
			if (isMainFrame && !isSameDocument) this.#renew(page);
		});
		contents.on("render-process-gone", () => this.#renew(page));
		contents.once("destroyed", () => {
			this.#pages.delete(contents.id);
			this.#service.disconnect(page.connection);
		});
	}

	/** Tells one window. @returns false when nobody listens there yet */
	tell<Name extends PushName>(contents: WebContents, push: Name, content: Push<Name>): boolean {
		const connection = this.#pages.get(contents.id)?.connection;
		if (connection?.isGreeted !== true) return false;
		connection.push(push, content);
		return true;
	}

	#pageOf({ sender, senderFrame }: IpcMainEvent): Page | null {
		const page = this.#pages.get(sender.id);
		if (page === undefined || senderFrame === null || senderFrame !== sender.mainFrame) return null;
		return this.#isOurPage(senderFrame.url) ? page : null;
	}

	/** What the page before was told is of no use to the one after. */
	#renew(page: Page): void {
		this.#service.disconnect(page.connection);
		page.backlogBytes = 0;
		page.connection = this.#connect(page.contents);
	}

	#connect(contents: WebContents): Connection {
		return this.#service.connect({
			send: (frame) => {
				const page = this.#pages.get(contents.id);
				if (page === undefined || contents.isDestroyed()) return;
				page.backlogBytes += frame.length;
				contents.send(frameChannel, frame);
			},
			backlogBytes: () => this.#pages.get(contents.id)?.backlogBytes ?? 0,
			close: () => contents.reload(),
		});
	}
}
