/**
 * Structural rules of Trace Event JSON: every event has what its phase needs, slices of one thread
 * nest or stand apart, an arrow goes from one slice to one that does not begin before it, under a name that
 * Perfetto can read: at most 64 bits, in hexadecimal.
 */

export interface TraceEvent {
	readonly ph: string;
	readonly name: string;
	readonly pid: number;
	readonly tid: number;
	readonly ts: number;
	readonly dur: number;
	readonly bind_id?: string;
	readonly flow_in?: true;
	readonly flow_out?: true;
	readonly args: { readonly [key: string]: unknown };
}

const phases = new Set(["M", "X", "i", "C"]);

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
		const { bind_id: arrow } = event;
		if ((event.flow_in === true) !== (arrow !== undefined && event.flow_out !== true)) throw new Error(`an arrow without one direction: ${where}`);
		if (arrow === undefined) continue;
		if (event.ph !== "X") throw new Error(`an arrow that hangs on no slice: ${where}`);
		if (!/^0x[0-9a-f]{1,16}$/.test(arrow)) throw new Error(`an arrow that Perfetto does not draw: ${where}`);
		if (event.flow_out === true) {
			if (beginnings.has(arrow)) throw new Error(`an arrow that begins twice: ${where}`);
			beginnings.set(arrow, event.ts);
		} else {
			if ((beginnings.get(arrow) ?? Number.POSITIVE_INFINITY) > event.ts) throw new Error(`an arrow without a beginning: ${where}`);
			beginnings.delete(arrow);
		}
	}
	for (const slices of threads.values()) checkNesting(slices);
	return traceEvents;
}
