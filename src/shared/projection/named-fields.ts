/**
 * An event's fields with the plan's names in the place of its numbers: what exports write and the inspector
 * shows. Pure.
 */
import type { DecodedEvent } from "../event-record.ts";
import { eventSchema, type FieldType } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";

/** A field with the plan's names instead of its numbers; null where it names nobody. */
export type NamedValue = string | number | null;

export class Names {
	readonly #plan: Plan;
	readonly #vertices: readonly string[];

	constructor(plan: Plan) {
		this.#plan = plan;
		this.#vertices = indexOf(plan).vertexNames;
	}

	node(index: number): string | null {
		return this.#of(this.#plan.nodes[index]?.name, index);
	}

	field(type: FieldType, value: string | number): NamedValue {
		if (typeof value === "string" || type === "int" || type === "us") return value;
		switch (type) {
			case "node":
				return this.node(value);
			case "link":
				return this.#of(this.#plan.links[value]?.name, value);
			case "vertex":
				return this.#of(this.#vertices[value], value);
			case "name":
				return this.#of(this.#plan.names[value], value);
			default:
				return value;
		}
	}

	/** Every field of an event by name, in the schema's order. */
	fields(event: DecodedEvent): { readonly [field: string]: NamedValue } {
		const named: { [field: string]: NamedValue } = {};
		for (const [field, type] of Object.entries<FieldType>(eventSchema[event.kind].fields)) named[field] = this.field(type, event.fields[field] ?? 0);
		return named;
	}

	#of(name: string | undefined, index: number): string | null {
		if (name !== undefined) return name;
		return index === -1 ? null : `#${index}`;
	}
}
