/**
 * The one door between the page and the main process. Runs sandboxed, before the page, with
 * nothing of Node; exposes plain functions and data, never `ipcRenderer` itself.
 */
import { contextBridge } from "electron";

contextBridge.exposeInMainWorld("quorate", { host: "electron" });
