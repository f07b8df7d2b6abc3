/** Formats that put events together hold together whatever is left out of the log, and whatever the log lies about. */
import { DOMParser } from "@xmldom/xmldom";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExportFilter } from "../../src/main/export/export.ts";
import { type EventKind, eventKinds, eventSchema } from "../../src/shared/event-schema.ts";
import { bytesOf, textOf } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { walkPcapng } from "../support/pcapng-walk.ts";
import { logEvent, playSyntheticRun } from "../synthetic-run.ts";

const filters: fc.Arbitrary<ExportFilter> = fc
	.record({ kinds: fc.subarray([...eventKinds]), nodes: fc.option(fc.subarray([0, 1, 2, -1])), fromUs: fc.nat(200_000), lengthUs: fc.nat(300_000) })
	.map(({ kinds, nodes, fromUs, lengthUs }) => ({
		kinds: new Set(kinds),
		...(nodes === null ? {} : { nodes: new Set(nodes) }),
		fromUs,
		toUs: fromUs + lengthUs,
	}));

/** Events of every kind with numbers that may name nobody, in any order. */
const lies = fc.array(fc.record({ kind: fc.constantFrom(...eventKinds), node: fc.integer({ min: -1, max: 9 }), number: fc.integer({ min: -1, max: 12 }) }), {
	minLength: 1,
	maxLength: 30,
});

function lyingSource(events: readonly { readonly kind: EventKind; readonly node: number; readonly number: number }[]): MemorySource {
	const source = new MemorySource();
	events.forEach(({ kind, node, number }, i) => {
		const { fields, body } = eventSchema[kind];
		const values = Object.fromEntries(Object.entries<unknown>(fields).map(([field, type]) => [field, typeof type === "string" ? number : 0]));
		logEvent(source.log, kind, { atUs: i * 10, node }, values as never, body === "none" ? undefined : body === "text" ? "text" : { a: number });
	});
	return source;
}

interface Spans {
	readonly resourceSpans: readonly {
		readonly scopeSpans: readonly { readonly spans: readonly { readonly startTimeUnixNano: string; readonly endTimeUnixNano: string }[] }[];
	}[];
}

async function checkAll(source: MemorySource, filter: ExportFilter): Promise<void> {
	walkPcapng(await bytesOf(source, "pcapng", { filter }));
	const { resourceSpans } = JSON.parse(await textOf(source, "otlp", { filter })) as Spans;
	for (const { startTimeUnixNano, endTimeUnixNano } of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))) {
		expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
	}
	for (const timeBase of ["true", "causal"] as const) {
		const svg = await textOf(source, "svg-timeline", { filter, drawing: { timeBase } });
		const troubles: string[] = [];
		new DOMParser({ onError: (level, message) => void troubles.push(`${level}: ${message}`) }).parseFromString(svg, "image/svg+xml");
		expect(troubles).toEqual([]);
		expect(svg).not.toMatch(/NaN|Infinity|undefined/);
	}
}

describe("packets, spans and diagrams", () => {
	test("hold together whatever is left out", async () => {
		const source = new MemorySource();
		playSyntheticRun(source.log, { eventCount: 700 });
		await fc.assert(
			fc.asyncProperty(filters, (filter) => checkAll(source, filter)),
			{ seed: 31, numRuns: 40 },
		);
	});

	test("hold together whatever the log says", async () => {
		await fc.assert(
			fc.asyncProperty(lies, (events) => checkAll(lyingSource(events), {})),
			{ seed: 32, numRuns: 150 },
		);
	});
});
