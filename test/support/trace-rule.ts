/**
 * Structural rules of Trace Event JSON: every event has what its phase needs, slices of one thread
 * nest or stand apart, an arrow's end has a beginning before it and a slice around both.
 */

export interface TraceEvent {
	readonly ph: string;
	readonly name: string;
	readonly pid: number;
	readonly tid: number;
	readonly ts: number;
	readonly dur: number;
	readonly id: string;
	readonly args: { readonly [key: string]: unknown };
}

const phases = new Set(["M", "X", "i", "C", "s", "f"]);

function checkNesting(slices: readonly TraceEvent[]): void {
	const sorted = [...slices].sort((a, b) => a.ts - b.ts || b.dur - a.dur);
	const open: TraceEvent[] = [];
	for (const slice of sorted) {
		while ((open.at(-1)?.ts ?? 0) + (open.at(-1)?.dur ?? 0) <= slice.ts && open.length > 0) open.pop();
		const around = open.at(-1);
		if (around !== undefined && slice.ts + slice.dur > around.ts + around.dur)
			throw new Error(`${slice.name} at ${slice.ts} overlaps ${around.name} at ${around.ts} on thread ${slice.pid}/${slice.tid}`);
		open.push(slice);
	}
}

/** @throws Error saying which event breaks which rule */
export function checkTrace(text: string): readonly TraceEvent[] {
	const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly TraceEvent[] };
	const threads = new Map<string, TraceEvent[]>();
	const named = new Set<string>();
	const beginnings = new Map<string, number>();
	for (const event of traceEvents) {
		const where = `${JSON.stringify(event)}`;
		if (!phases.has(event.ph) || typeof event.name !== "string" || !Number.isInteger(event.pid)) throw new Error(`not a trace event: ${where}`);
		if (event.ph === "M") {
			named.add(event.name === "process_name" ? `${event.pid}` : `${event.pid}/${event.tid}`);
			continue;
		}
		if (!Number.isInteger(event.ts) || event.ts < 0 || !Number.isInteger(event.tid)) throw new Error(`no time or thread: ${where}`);
		if (!named.has(`${event.pid}`)) throw new Error(`a process without a name: ${where}`);
		if (event.ph === "X") {
			if (!Number.isInteger(event.dur) || event.dur < 0) throw new Error(`no duration: ${where}`);
			if (!named.has(`${event.pid}/${event.tid}`)) throw new Error(`a thread without a name: ${where}`);
			const key = `${event.pid}/${event.tid}`;
			const slices = threads.get(key) ?? [];
			slices.push(event);
			threads.set(key, slices);
		}
		if (event.ph === "s") {
			if (beginnings.has(event.id)) throw new Error(`an arrow that begins twice: ${where}`);
			beginnings.set(event.id, event.ts);
		}
		if (event.ph === "f") {
			if ((beginnings.get(event.id) ?? Number.POSITIVE_INFINITY) > event.ts) throw new Error(`an arrow without a beginning: ${where}`);
			beginnings.delete(event.id);
		}
		if (event.ph === "s" || event.ph === "f") {
			const around = threads.get(`${event.pid}/${event.tid}`)?.findLast(({ ts, dur }) => ts <= event.ts && event.ts <= ts + dur);
			if (around === undefined) throw new Error(`an arrow that hangs on no slice: ${where}`);
		}
	}
	for (const slices of threads.values()) checkNesting(slices);
	return traceEvents;
}
