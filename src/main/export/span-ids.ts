/**
 * Ids of traces and spans for tools that want them random and in hexadecimal: ours are made of who and
 * which, so that the same run gives the same ids. Messages have ids of their own, apart from the spans'.
 *
 * @source OpenTelemetry trace ids: 16 bytes a trace, 8 a span, neither all zero
 */

function hex(value: number, digits: number): string {
	return value.toString(16).padStart(digits, "0");
}

/** A node's number without the zero that an id must not be. */
const nodeHex = (node: number): string => hex((node + 1) >>> 0, 8);
const sequenceHex = (sequence: number): string => hex(sequence >>> 0, 8);

export interface MessageName {
	readonly from: number;
	readonly sequence: number;
	readonly copy: number;
}

export function traceId(node: number, sequence: number): string {
	return `00000000${nodeHex(node)}00000000${sequenceHex(sequence)}`;
}

export function spanId(node: number, sequence: number): string {
	return nodeHex(node) + sequenceHex(sequence);
}

/** Of a message that travels outside of every request. */
export function messageTraceId({ from, sequence }: MessageName): string {
	return `80000000${nodeHex(from)}00000000${sequenceHex(sequence)}`;
}

const copyMask = 0x7fff;

export function messageSpanId({ from, sequence, copy }: MessageName): string {
	return hex((0x80000000 | ((copy & copyMask) << 16) | ((from + 1) & 0xffff)) >>> 0, 8) + sequenceHex(sequence);
}
