import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { eventDocs, eventDocsPath } from "../../scripts/generate-event-docs.ts";

it("docs/events.md is what the event schema says (node scripts/generate-event-docs.ts writes it)", () => {
	expect(readFileSync(eventDocsPath, "utf8")).toBe(eventDocs());
});
