/**
 * The built page as a fixed set of files: what is there is listed once, and a request can name nothing
 * else, whatever dots and slashes are in it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { QuorateError } from "../../shared/errors.ts";

export interface PageFile {
	readonly path: string;
	readonly mediaType: string;
	/** Its name changes with its content. */
	readonly isHashed: boolean;
}

const mediaTypes: { readonly [extension: string]: string } = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ico": "image/x-icon",
	".json": "application/json",
	".webmanifest": "application/manifest+json",
	".woff2": "font/woff2",
	".txt": "text/plain; charset=utf-8",
};

/** @returns files by address: `/index.html`; `/` is the page itself */
export function pageFiles(folder: string): ReadonlyMap<string, PageFile> {
	const files = new Map<string, PageFile>();
	for (const entry of listed(folder)) {
		if (!entry.isFile()) continue;
		const path = join(entry.parentPath, entry.name);
		const mediaType = mediaTypes[extname(entry.name)];
		if (mediaType === undefined) continue;
		const address = `/${relative(folder, path).split(sep).join("/")}`;
		files.set(address, { path, mediaType, isHashed: address.startsWith("/assets/") });
	}
	const page = files.get("/index.html");
	if (page === undefined) throw new QuorateError("internal", "the built page is missing", { advice: "Build it with: npm run build" });
	files.set("/", page);
	return files;
}

function listed(folder: string) {
	try {
		return readdirSync(folder, { recursive: true, withFileTypes: true });
	} catch {
		return []; // said by the caller, in words that help
	}
}

export function readPageFile({ path }: PageFile): Buffer {
	return readFileSync(path);
}
