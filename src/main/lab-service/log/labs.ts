/** The labs that come with the program, as the window shows them. Reads files; starts nothing. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { describeLab } from "../../../shared/lab/compile.ts";
import { describeLabs, labsFolder, readLab } from "../../app/lab-catalog.ts";

const guideBytesMax = 1_048_576;

export function listLabs(): CallReply<"labs.list">["labs"] {
	return describeLabs().map(({ id, title, shows, durationUs }) => ({ id, title, shows, durationUs }));
}

/** @param lab an id of the contract, never a path */
export function describeLabFully(lab: string): CallReply<"labs.describe"> {
	const { text, fileName } = readLab(lab);
	return { lab: describeLab(text, fileName), guide: readGuide(lab), text };
}

function readGuide(lab: string): string {
	const path = join(labsFolder(), lab, "guide.md");
	return existsSync(path) && statSync(path).size <= guideBytesMax ? readFileSync(path, "utf8") : "";
}
