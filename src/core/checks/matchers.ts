/**
 * Which events a check looks at: for each subject one kind of event, and a test of its words that decodes
 * nothing.
 */
import type { Subject } from "../../shared/check/check.ts";
import { unreachable } from "../../shared/errors.ts";
import { kindId, offsetOf, recordNodeWord } from "../../shared/event-record.ts";
import { dropReasons, messageExpectations, spanStatuses } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { NodeMask } from "./node-mask.ts";

export interface Matcher {
	readonly kindId: number;
	/** Asked for events of that kind only. */
	matches(words: Int32Array, start: number): boolean;
}

const sent = { to: offsetOf("messageSent", "to"), name: offsetOf("messageSent", "name"), expects: offsetOf("messageSent", "expects") };
const delivered = { from: offsetOf("messageDelivered", "from"), name: offsetOf("messageDelivered", "name") };
const dropped = { to: offsetOf("messageDropped", "to"), name: offsetOf("messageDropped", "name"), reason: offsetOf("messageDropped", "reason") };
const finished = { name: offsetOf("spanFinished", "name"), status: offsetOf("spanFinished", "status") };
const expectsReply = messageExpectations.indexOf("reply");

type NamedSubject = Pick<Extract<Subject, { kind: "measured" | "percentile" }>, "name" | "nodes">;

/** Events that name what they are of: the numbers and the spans of one name, on some nodes. */
export function namedMatcher(kind: "measured" | "spanFinished", { name, nodes }: NamedSubject, plan: Plan): Matcher {
	const [mask, nameOffset] = [new NodeMask(nodes, plan.nodes.length), offsetOf(kind, "name")];
	return {
		kindId: kindId(kind),
		matches: (words, start) => words[start + nameOffset] === name && mask.has(words[start + recordNodeWord] as number),
	};
}

export type CountedSubject = Extract<Subject, { kind: "requests" | "delivered" | "dropped" | "errors" | "throughput" | "count" }>;

export function matcherOf(subject: CountedSubject, plan: Plan): Matcher {
	const nodeCount = plan.nodes.length;
	switch (subject.kind) {
		case "requests": {
			const [to, from, name] = [new NodeMask(subject.to, nodeCount), new NodeMask(subject.from, nodeCount), subject.name];
			return {
				kindId: kindId("messageSent"),
				matches: (words, start) =>
					words[start + sent.expects] === expectsReply &&
					(name < 0 || words[start + sent.name] === name) &&
					to.has(words[start + sent.to] as number) &&
					from.has(words[start + recordNodeWord] as number),
			};
		}
		case "delivered": {
			const [to, from, name] = [new NodeMask(subject.to, nodeCount), new NodeMask(subject.from, nodeCount), subject.name];
			return {
				kindId: kindId("messageDelivered"),
				matches: (words, start) =>
					(name < 0 || words[start + delivered.name] === name) &&
					to.has(words[start + recordNodeWord] as number) &&
					from.has(words[start + delivered.from] as number),
			};
		}
		case "dropped": {
			const [to, from, name] = [new NodeMask(subject.to, nodeCount), new NodeMask(subject.from, nodeCount), subject.name];
			const reason = subject.reason === null ? -1 : dropReasons.indexOf(subject.reason);
			return {
				kindId: kindId("messageDropped"),
				matches: (words, start) =>
					(name < 0 || words[start + dropped.name] === name) &&
					(reason < 0 || words[start + dropped.reason] === reason) &&
					to.has(words[start + dropped.to] as number) &&
					from.has(words[start + recordNodeWord] as number),
			};
		}
		case "errors":
		case "throughput": {
			const [nodes, name] = [new NodeMask(subject.nodes, nodeCount), subject.name];
			const status = spanStatuses.indexOf(subject.kind === "errors" ? "error" : "ok");
			return {
				kindId: kindId("spanFinished"),
				matches: (words, start) =>
					words[start + finished.status] === status &&
					(name < 0 || words[start + finished.name] === name) &&
					nodes.has(words[start + recordNodeWord] as number),
			};
		}
		case "count": {
			const nodes = new NodeMask(subject.nodes, nodeCount);
			return { kindId: kindId(subject.event), matches: (words, start) => nodes.has(words[start + recordNodeWord] as number) };
		}
		default:
			return unreachable(subject);
	}
}
