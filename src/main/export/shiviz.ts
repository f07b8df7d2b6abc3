/**
 * A log for ShiViz. Its rule: a host's own clock starts at 1 and rises by exactly 1, and no clock
 * names a host without events. Line 1 is the parser's regular expression, line 2 that of the
 * lines which begin an execution and name it; then such a line, which says what the file holds, and two
 * lines an event. A file without events has no execution: ShiViz would take its name for an event.
 *
 * @source Beschastnikh et al., ShiViz log format
 */

import { heldLine } from "../../shared/export-held.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { heldIn } from "./held.ts";
import { decodeEvent, type ExportFilter, type ExportSource, isWanted, queryOf, secondsText } from "./source.ts";
import { VectorClocks } from "./vector-clocks.ts";

/**
 * What a file's first line says; `at` and `kind` become fields one can search by. In the order of ShiViz's own
 * expression, which is the one that a log gets that was pasted and not opened.
 */
const shivizParser = "(?<at>\\S*) (?<kind>\\S*) (?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})";

/** What its second line says: ShiViz shows what the group `trace` finds over the diagram. No host's name has an equals sign. */
const shivizDelimiter = "=== (?<trace>.*) ===";

/**
 * Names without spaces, no two alike; the last is the host of what no program sees. ShiViz keeps hosts as
 * properties of plain objects, so a name that every object has (`constructor`) is none that it can read.
 */
function hostNames(plan: Plan): readonly string[] {
	const taken = new Set<string>(Object.getOwnPropertyNames(Object.prototype));
	return [...plan.nodes.map(({ name }) => name), "network"].map((name) => {
		let host = name.replace(/[^\p{L}\p{N}_.-]/gu, "_") || "_";
		while (taken.has(host)) host += "_";
		taken.add(host);
		return host;
	});
}

function clockText(clock: Int32Array, names: readonly string[]): string {
	const entries: string[] = [];
	for (let host = 0; host < clock.length; host++) if (clock[host] !== 0) entries.push(`${JSON.stringify(names[host])}:${clock[host]}`);
	return `{${entries.join(",")}}`;
}

export function* shivizText(source: ExportSource, filter: ExportFilter): Generator<string> {
	const names = hostNames(source.plan);
	const clocks = new VectorClocks(source.plan.nodes.length);
	let head = `${shivizParser}\n${shivizDelimiter}\n=== ${heldLine(heldIn(source, filter, "shiviz"))} ===\n`;
	// Only what is shown counts, so every clock before the range stands at nothing, and so do those of messages sent before it.
	let passed = 0;
	for (const stored of source.events(queryOf(filter))) {
		if (++passed % 1_024 === 0) yield "";
		const event = decodeEvent(stored);
		const isVisible = isWanted(stored, filter, source.plan);
		const clock = clocks.advance(event, isVisible);
		if (!isVisible) continue;
		const text = eventText(event, source.plan).replace(/[\r\n\u2028\u2029]/g, " "); // line ends to a regular expression
		yield `${head}${secondsText(event.atUs)}s ${event.kind} ${text}\n${names[clocks.hostOf(event)]} ${clockText(clock, names)}\n`;
		head = "";
	}
	if (head !== "") yield `${shivizParser}\n\n`;
}
