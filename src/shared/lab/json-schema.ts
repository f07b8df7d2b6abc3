/**
 * The lab format as JSON Schema, for editors: made from the shapes that the compiler itself uses.
 * Published as resources/lab.schema.json by scripts/write-lab-schema.ts. Pure.
 */
import { z } from "zod";
import { labSchema } from "./schema.ts";

/** Where a parameter's name stands, its value will have the right type; an editor cannot know. */
const reference = { type: "string", pattern: "\\$\\{[A-Za-z][A-Za-z0-9_-]*\\}" };

type JsonSchema = { [key: string]: unknown };

function isReferable(schema: JsonSchema): boolean {
	if (schema.const !== undefined) return false;
	return schema.type === "number" || schema.type === "integer" || schema.type === "boolean" || (schema.type === "string" && schema.pattern !== undefined);
}

/** Lets a reference stand for a number, a boolean or a text of a pattern; what belongs to the schema as a whole stays outside. */
function withReference(schema: JsonSchema): void {
	if (!isReferable(schema)) return;
	const { description, ...own } = schema;
	for (const key of Object.keys(schema)) delete schema[key];
	if (description !== undefined) schema.description = description;
	schema.anyOf = [own, reference];
}

/** @returns plain JSON, the same every time */
export function labJsonSchema(): JsonSchema {
	const schema = z.toJSONSchema(labSchema, { io: "input", target: "draft-7", override: ({ jsonSchema }) => withReference(jsonSchema as JsonSchema) });
	return { ...schema, title: "Quorate lab" };
}
