/**
 * The one door between the page and the main process. Runs sandboxed, before the page, with nothing of
 * Node; carries bytes both ways and never exposes `ipcRenderer` itself. What the bytes mean is checked
 * at either end, not here.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from "electron";
import { labFrameBytesMax, windowFrameBytesMax } from "../shared/contract/limits.ts";

const frameChannel = "quorate:frame";
const takenChannel = "quorate:taken";

contextBridge.exposeInMainWorld("quorate", {
	host: "electron",
	/** Frames that are none, or too large, stay here. */
	send(frame: unknown): void {
		if (frame instanceof Uint8Array && frame.length <= windowFrameBytesMax) ipcRenderer.send(frameChannel, frame);
	},
	/** @returns what ends the listening */
	onFrame(take: (frame: Uint8Array) => void): () => void {
		const listener = (_: IpcRendererEvent, frame: unknown): void => {
			if (!(frame instanceof Uint8Array) || frame.length > labFrameBytesMax) return;
			take(frame);
			ipcRenderer.send(takenChannel, frame.length);
		};
		ipcRenderer.on(frameChannel, listener);
		return () => ipcRenderer.off(frameChannel, listener);
	},
});
