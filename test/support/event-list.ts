/** Collects a run's events as plain objects, with names in the place of indices. */

import type { EventObserver } from "../../src/core/log-sink.ts";
import { decode, type PlainValue } from "../../src/shared/codec.ts";
import { type DecodedEvent, decodeRecord } from "../../src/shared/event-record.ts";
import { type EventKind, eventSchema, type FieldType } from "../../src/shared/event-schema.ts";
import type { Plan } from "../../src/shared/plan.ts";

export interface ListedEvent {
	readonly kind: EventKind;
	readonly atUs: number;
	readonly node: string;
	readonly fields: { readonly [field: string]: number | string };
	readonly body: PlainValue;
	readonly lamport: number;
}

function readable(event: DecodedEvent, plan: Plan): ListedEvent {
	const types = eventSchema[event.kind].fields as { readonly [field: string]: FieldType };
	const fields: { [field: string]: number | string } = {};
	for (const [field, value] of Object.entries(event.fields)) {
		const type = types[field];
		if (type === "node") fields[field] = plan.nodes[value as number]?.name ?? "";
		else if (type === "name") fields[field] = plan.names[value as number] ?? "";
		else if (type === "link") fields[field] = plan.links[value as number]?.name ?? "";
		else fields[field] = value;
	}
	return {
		kind: event.kind,
		atUs: event.atUs,
		node: plan.nodes[event.node]?.name ?? "",
		fields,
		body: event.body.length === 0 ? null : decode(event.body),
		lamport: event.lamport,
	};
}

export class EventList implements EventObserver {
	readonly events: ListedEvent[] = [];
	readonly #plan: Plan;

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	onEvent(words: Int32Array, start: number): void {
		const event = decodeRecord(words, start);
		if (typeof event === "string") throw new Error(event);
		this.events.push(readable(event, this.#plan));
	}

	of(kind: EventKind, node?: string): ListedEvent[] {
		return this.events.filter((event) => event.kind === kind && (node === undefined || event.node === node));
	}
}
