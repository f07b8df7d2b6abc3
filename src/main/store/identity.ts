/** Tells a file from any other that was ever in its place. */
import { statSync } from "node:fs";

/** @returns "" when there is no file */
export function identityOf(path: string): string {
	const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
	return stat === undefined ? "" : `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}
