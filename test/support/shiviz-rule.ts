/**
 * Reads a log as ShiViz does and checks its rule. ShiViz takes the first line of a file between `^` and
 * `$`, lets them mean lines, and reads the trimmed rest with it; what matches nothing it passes over, so
 * here nothing may be left between two events. The second line is, likewise, the expression of lines that
 * begin an execution and may name it. Each host's own clock starts at 1 and rises by exactly 1,
 * each clock names its own host, and every host that a clock names has that event.
 *
 * @source ShiViz, its parser of files and the graph it makes of them (2021)
 */

export interface ShivizEvent {
	readonly host: string;
	readonly clock: ReadonlyMap<string, number>;
	readonly kind: string;
	readonly text: string;
}

function readClock(text: string): ReadonlyMap<string, number> {
	const parsed: unknown = JSON.parse(text);
	if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error(`no clock: ${text}`);
	const clock = new Map(Object.entries(parsed as { [host: string]: number }));
	for (const [host, count] of clock) if (!Number.isInteger(count) || count < 1) throw new Error(`the clock of ${host} is ${count}`);
	return clock;
}

/** What ShiViz makes of a file's only execution. */
function executionOf(whole: string, delimiter: string): { readonly label: string; readonly log: string } {
	if (delimiter === "") return { label: "", log: whole };
	const [begin, ...more] = whole.matchAll(new RegExp(`^${delimiter}$`, "gm"));
	if (begin === undefined || more.length > 0 || begin.index !== 0) throw new Error("it is not one execution from its first line on");
	return { label: begin.groups?.trace ?? "", log: whole.slice(begin[0].length).trim() };
}

/** The name that ShiViz shows over the diagram. */
export function shivizLabel(file: string): string {
	const [, delimiter = "", ...rest] = file.split("\n");
	return executionOf(rest.join("\n").trim(), delimiter.trim()).label;
}

/** What ShiViz reads a log with that comes without an expression of its own. */
const ownExpression = "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})";

/** A log as it is when it is pasted, with the expression that ShiViz has for it then. */
export function asPasted(file: string): string {
	return [ownExpression, ...file.split("\n").slice(1)].join("\n");
}

/** @throws Error saying which event breaks the rule */
export function checkShivizLog(file: string): readonly ShivizEvent[] {
	const [expression, delimiter, ...rest] = file.split("\n");
	if (expression === undefined || delimiter === undefined) throw new Error("there are no two first lines");
	const whole = rest.join("\n").trim();
	const { log } = executionOf(whole, delimiter.trim());
	const parser = new RegExp(`^${expression}$`, "gm");
	const events: ShivizEvent[] = [];
	const lastOf = new Map<string, ReadonlyMap<string, number>>();
	let at = 0;
	for (const match of log.matchAll(parser)) {
		if (log.slice(at, match.index).trim() !== "") throw new Error(`left over before event ${events.length}: ${log.slice(at, match.index)}`);
		at = match.index + match[0].length;
		const { host = "", clock: clockText = "", kind = "", event: text = "" } = match.groups ?? {};
		if (host === "") throw new Error(`event ${events.length} has no host`);
		if (host in {}) throw new Error(`event ${events.length}: every object has a property ${host}, so ShiViz takes the host for known`);
		const clock = readClock(clockText);
		const before = lastOf.get(host);
		if (clock.get(host) !== (before?.get(host) ?? 0) + 1)
			throw new Error(`event ${events.length}: the clock of ${host} goes from ${before?.get(host)} to ${clock.get(host)}`);
		for (const [other, count] of before ?? []) if ((clock.get(other) ?? 0) < count) throw new Error(`event ${events.length}: ${host} forgets ${other}`);
		lastOf.set(host, clock);
		events.push({ host, clock, kind, text });
	}
	if (log.slice(at).trim() !== "") throw new Error(`left over at the end: ${log.slice(at)}`);
	for (const [index, { clock }] of events.entries())
		for (const [host, count] of clock)
			if ((lastOf.get(host)?.get(host) ?? 0) < count) throw new Error(`event ${index} knows event ${count} of ${host}, which is not there`);
	return events;
}

/** Whether the first happened before the second. */
export function happenedBefore(first: ShivizEvent, second: ShivizEvent): boolean {
	return (second.clock.get(first.host) ?? 0) >= (first.clock.get(first.host) ?? 0) && first !== second;
}
