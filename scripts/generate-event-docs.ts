/** Writes docs/events.md from the event schema; `eventDocs` is also what a test compares the file with. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { headerWords, layoutOf } from "../src/shared/event-record.ts";
import {
	type EventClass,
	type EventKind,
	type EventKindSchema,
	eventKinds,
	eventSchema,
	eventSchemaVersion,
	type FieldType,
} from "../src/shared/event-schema.ts";
import { type SessionDetail, sessionDetails, storedKinds } from "../src/shared/session.ts";

export const eventDocsPath = fileURLToPath(new URL("../docs/events.md", import.meta.url));

const classTitles: { readonly [C in EventClass]: readonly [title: string, text: string] } = {
	control: ["Control", "Faults, commands and their effects. They take place before any program runs at the same instant."],
	network: ["Network", "What becomes of messages. A message is named by its sender and the sender's `sequence`; `copy` is 0 for the original."],
	node: ["Node", "What programs do."],
};

const typeTexts: { readonly [type: string]: string } = {
	int: "whole number, 32 bits",
	us: "microseconds (or any whole number), 53 bits in two words",
	node: "node",
	link: "link",
	vertex: "node or switch",
	name: "name",
};

function typeText(type: FieldType): string {
	return typeof type === "string" ? (typeTexts[type] ?? type) : type.map((word, index) => `${index} \`${word}\``).join(", ");
}

function storedAt(kind: EventKind): string {
	const details: readonly SessionDetail[] = sessionDetails.filter((detail) => storedKinds(detail)[eventSchema[kind].id] === 1);
	return details.map((detail) => `\`${detail}\``).join(", ");
}

function kindText(kind: EventKind): string {
	const schema: EventKindSchema = eventSchema[kind];
	const { fields, bodyLengthWord } = layoutOf(kind);
	const facts = [`id ${schema.id}`, `version ${schema.version}`, `stored at ${storedAt(kind)}`].join(" · ");
	const rows = fields.map(({ name, type, offset }) => `| ${offset} | \`${name}\` | ${typeText(type)} |`);
	if (schema.body !== "none") {
		const what = schema.body === "text" ? "a text" : "a value";
		rows.push(`| ${bodyLengthWord} | body | ${what}: ${schema.bodySummary ?? ""} |`);
	}
	const table = rows.length === 0 ? "No fields." : ["| word | field | holds |", "| --- | --- | --- |", ...rows].join("\n");
	return `### ${kind}\n\n${schema.summary} (${facts})\n\n${table}\n`;
}

function classText(name: EventClass): string {
	const [title, text] = classTitles[name];
	const kinds = eventKinds.filter((kind) => eventSchema[kind].class === name);
	return `## ${title}\n\n${text}\n\n${kinds.map(kindText).join("\n")}`;
}

const introduction = `# Events

The log of a run is made of events, and everything that anybody sees is made of the log. This page is
generated from \`src/shared/event-schema.ts\` by \`node scripts/generate-event-docs.ts\`; a test fails when it
is out of date. Version of the table as a whole: ${eventSchemaVersion}. Ids are never used again, and a changed
meaning is a new version of its kind.

## How an event is written

An event is a run of 32-bit words, little-endian, the same in memory, in the digest and in a session file
(\`src/shared/event-record.ts\`):

| word | holds |
| --- | --- |
| 0 | id of the kind |
| 1 | length of the whole record in words |
| 2, 3 | the instant in true time, microseconds: low half, high half |
| 4 | node, or -1 |
| 5 | Lamport stamp of the node; 0 for control and network events |
| ${headerWords} and on | the kind's fields, as below |

A field holds a 32-bit word, or two where it says so (low half first; the value is high * 2^32 + low, the high
half signed). \`node\`, \`link\`, \`node or switch\` and \`name\` are indices into the plan's tables of that
name, -1 for none. Of an enumeration the word holds the number.

A kind with a body ends in the body's length in bytes (at the word told below), the bytes, and zeros up to a
whole word. A body is one MessagePack value; a text is a MessagePack string, and no bytes at all are no value.

"Stored at" says at which levels of detail a session keeps the kind; the digest covers every event at each.
`;

/** The whole page. */
export function eventDocs(): string {
	return `${[introduction, classText("control"), classText("network"), classText("node")].join("\n").trimEnd()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(eventDocsPath, eventDocs());
