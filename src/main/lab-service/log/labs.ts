/** The labs that come with the program, as the window shows them. Reads files; starts nothing. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ServiceRegistry } from "../../../core/node-api.ts";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { describeLab } from "../../../shared/lab/compile.ts";
import { compile, labIds, labsFolder, readLab } from "../../app/lab-catalog.ts";
import { clusterOf } from "./cluster-picture.ts";

const guideBytesMax = 1_048_576;

/** Compiled for their pictures, which takes no longer than describing them: most of either is reading YAML. */
export function listLabs(registry: ServiceRegistry): CallReply<"labs.list">["labs"] {
	return labIds().map((lab) => {
		const { plan, description } = compile(readLab(lab), registry, {});
		const { id, title, shows, durationUs, topic, place } = description;
		return { id, title, shows, durationUs, topic, place, cluster: clusterOf(plan) };
	});
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
