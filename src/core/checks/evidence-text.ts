/** Single events as people read them in the proof of a verdict. Off the hot path: a few a run. */
import { decodeRecord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import { formatDurationUs } from "../../shared/units.ts";

/** A sentence without its full stop. */
export function describeRecord(words: Int32Array, start: number, plan: Plan): string {
	const event = decodeRecord(words, start);
	if (typeof event === "string") return event;
	const { kind, fields } = event;
	const node = nodeName(plan, event.node);
	const name = typeof fields.name === "number" ? (plan.names[fields.name] ?? "?") : "";
	switch (kind) {
		case "messageSent":
			return `${node} sent ${name} to ${nodeName(plan, fields.to)} (${node}#${fields.sequence})`;
		case "messageDelivered":
			return `${node} got ${name} from ${nodeName(plan, fields.from)} (${nodeName(plan, fields.from)}#${fields.sequence})`;
		case "messageDropped":
			return `${name} from ${node} to ${nodeName(plan, fields.to)} was dropped: ${fields.reason} (${node}#${fields.sequence})`;
		case "spanFinished":
			return `${name} at ${node} ended ${fields.status === "ok" ? "well" : "in error"} after ${formatDurationUs(event.atUs - Number(fields.startedUs))}`;
		case "measured":
			return `${node} reported ${name} ${fields.value}`;
		case "nodeCrashed":
			return `${node} crashed: ${fields.reason}`;
		default:
			return event.node < 0 ? kind : `${kind} at ${node}`;
	}
}

function nodeName(plan: Plan, node: number | string | undefined): string {
	return plan.nodes[Number(node)]?.name ?? "nobody";
}

/** `81.25 %`, to a hundredth of a percent, rounded down so that it never seems to break a limit it keeps. */
export function percentText(ratio: number): string {
	return `${Math.floor(ratio * 10_000) / 100} %`;
}
