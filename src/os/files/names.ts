/** Which texts are paths. What a caller gives is hostile: every refusal is a sentence. Pure. */

const pathLengthMax = 255;

function isControl(character: string): boolean {
	const code = character.charCodeAt(0);
	return code < 0x20 || code === 0x7f;
}

/** @returns what is wrong with a path, or null */
export function whyNotPath(path: unknown): string | null {
	if (typeof path !== "string" || path === "") return "a file needs a name";
	if (path.length > pathLengthMax) return `the name has ${path.length} characters; ${pathLengthMax} are the most`;
	if ([...path].some(isControl)) return "the name has a character that cannot be seen";
	const steps = path.split("/");
	if (steps.includes("")) return "a slash stands between two names: not at an end, and not beside another";
	return steps.includes(".") || steps.includes("..") ? "a name is not . or .." : null;
}

/** Whose quota a file counts on: what stands before the first slash; empty for files in no folder. */
export function folderOf(path: string): string {
	const slash = path.indexOf("/");
	return slash < 0 ? "" : path.slice(0, slash);
}
