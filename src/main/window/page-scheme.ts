/**
 * `app://quorate/`: the built page under a scheme of its own, so that it has an origin and no way to
 * other files. A request can name what was listed at the start, and nothing else.
 */
import { protocol, type Session } from "electron";
import { pageHeaders } from "../web/headers.ts";
import { pageFiles, readPageFile } from "../web/static-files.ts";

const scheme = "app";
const host = "quorate";
export const pageUrl = `${scheme}://${host}/`;

/** Before the application is ready. */
export function registerPageScheme(): void {
	protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: false } }]);
}

/** @param folder the built page: `out/renderer` */
export function servePage(session: Session, folder: string): void {
	const files = pageFiles(folder);
	session.protocol.handle(scheme, (request) => {
		const url = URL.parse(request.url);
		const file = url?.host === host && request.method === "GET" ? files.get(url.pathname) : undefined;
		if (file === undefined) return new Response(null, { status: 404, headers: pageHeaders() });
		return new Response(new Uint8Array(readPageFile(file)), { headers: { ...pageHeaders(), "Content-Type": file.mediaType, "Cache-Control": "no-store" } });
	});
}
