/** The double's session: schemes of the application's own, and what a page may have of the machine. */
import { afterReady, beforeReady } from "./channel.ts";
import type { PermissionWords, Served } from "./messages.ts";

export const schemes: unknown[] = [];
export const protocol = {
	registerSchemesAsPrivileged: (more: readonly unknown[]) => {
		beforeReady("protocol.registerSchemesAsPrivileged()");
		schemes.push(...more);
	},
};

/** Of a window, which knows its session; the session does not know windows. */
interface Contents {
	readonly id: number;
}

type Handler = (request: Request) => Response | Promise<Response>;
type PermissionRequest = (contents: Contents, permission: string, answer: (may: boolean) => void, details: object) => void;
type PermissionCheck = (contents: Contents | null, permission: string, origin: string, details: object) => boolean;

class Session {
	readonly handlers = new Map<string, Handler>();
	readonly protocol = {
		handle: (scheme: string, handler: Handler) => {
			if (this.handlers.has(scheme)) throw new Error(`the scheme ${scheme} has a handler already`);
			this.handlers.set(scheme, handler);
		},
	};
	// Electron grants what nobody has decided upon.
	permissionRequest: PermissionRequest = (_contents, _permission, answer) => answer(true);
	permissionCheck: PermissionCheck = () => true;
	devicePermission: () => boolean = () => true;

	setPermissionRequestHandler(handler: PermissionRequest): void {
		this.permissionRequest = handler;
	}

	setPermissionCheckHandler(handler: PermissionCheck): void {
		this.permissionCheck = handler;
	}

	setDevicePermissionHandler(handler: () => boolean): void {
		this.devicePermission = handler;
	}
}

const only = new Session();
export const session = {
	get defaultSession(): Session {
		afterReady("session.defaultSession");
		return only;
	},
};

export async function serve({ url, method }: { readonly url: string; readonly method: string }): Promise<Served> {
	const handler = only.handlers.get(url.split(":")[0] ?? "");
	if (handler === undefined) return { status: -1, headers: {}, body: new Uint8Array() };
	// The platform's own Request would tidy the address up before the handler could be tried with it.
	const response = await handler({ url, method } as Request);
	return { status: response.status, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) };
}

/** As Chromium writes the origin of a standard scheme, with a slash. */
function originOf(url: string): string {
	return /^\w+:\/\/[^/]*/.exec(url)?.[0].concat("/") ?? url;
}

export async function permissionWords(contents: Contents, name: string, url: string): Promise<PermissionWords> {
	const details = { requestingUrl: url, isMainFrame: true };
	return {
		requested: await new Promise<boolean>((resolve) => only.permissionRequest(contents, name, resolve, details)),
		checked: only.permissionCheck(contents, name, originOf(url), details),
		device: only.devicePermission(),
	};
}
