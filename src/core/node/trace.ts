/**
 * Where in which request a program is: carried by every message and restored for every handler, so
 * that a request's path can be drawn without the programs' help.
 *
 * @source W3C Trace Context, with (node, sequence) in the place of random ids
 */
export interface TraceContext {
	/** The request: node and span sequence of its root span; node -1 when there is none. */
	readonly traceNode: number;
	readonly traceSequence: number;
	/** The innermost open span. */
	readonly spanNode: number;
	readonly spanSequence: number;
}

export const noTrace: TraceContext = { traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };
