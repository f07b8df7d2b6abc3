/** What the head of an exported file says: of which session it is, and how much of it. */
import { basename } from "node:path";
import { toHex } from "../../core/digest.ts";
import type { ExportFormat } from "../../shared/export-formats.ts";
import { type Held, type HeldPart, heldOf, narrowings } from "../../shared/export-held.ts";
import type { ExportFilter, ExportSource } from "./source.ts";

const ending = ".quorate";

function sessionName(path: string): string {
	const name = basename(path);
	return name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

function partOf({ header, damage }: ExportSource, filter: ExportFilter): HeldPart {
	const { fromUs, toUs, nodes, kinds, search, searchLine } = filter;
	return {
		...(fromUs === undefined ? {} : { fromUs }),
		...(toUs === undefined ? {} : { toUs }),
		...(nodes === undefined ? {} : { nodes }),
		...(kinds === undefined ? {} : { kinds }),
		...(search === undefined || search.isEmpty ? {} : { search: searchLine ?? "" }),
		because: [
			...(header.detail === "full" ? [] : [`what a session at detail ${header.detail} keeps`]),
			...((damage ?? null) === null ? [] : ["what is provably intact of a damaged file"]),
		],
	};
}

/** In which ways a file holds less than the session, in words. */
export function leftOut(source: ExportSource, filter: ExportFilter): readonly string[] {
	return narrowings(source.plan, source.head(filter.branch ?? 0).untilUs, partOf(source, filter));
}

/** @param atUs of a picture of one instant */
export function heldIn(source: ExportSource, filter: ExportFilter, format: ExportFormat, atUs?: number): Held {
	const { header, plan, path } = source;
	const { branch = 0 } = filter;
	const head = source.head(branch);
	const run = {
		format,
		labVersion: header.labVersion,
		seed: header.seed,
		...(path === undefined ? {} : { session: sessionName(path) }),
		branch,
		sessionEvents: head.eventCount,
		sessionUntilUs: head.untilUs,
		sessionFinished: head.finished,
		digest: toHex(head.digest),
		engineVersion: header.engineVersion,
	};
	return heldOf(plan, run, { ...partOf(source, filter), ...(atUs === undefined ? {} : { atUs }) });
}
