/**
 * The sections of a lab file, read entry by entry so that one mistake hides no other; and what must
 * hold between them before any node exists. Pure.
 */
import type { z } from "zod";
import type { PlainValue } from "../codec.ts";
import { hint } from "../nearest.ts";
import { checkParameters } from "./parameters.ts";
import type { Path } from "./problems.ts";
import {
	checkSchema,
	entriesMax,
	type HeadFile,
	headKeys,
	headSchema,
	linkSchema,
	nodeSchema,
	type ParameterFile,
	parameterSchema,
	regionSchema,
	sectionKeys,
	storyLine,
	storyLinesMax,
	switchSchema,
	type VariantFile,
	variantSchema,
} from "./schema.ts";
import { type Entries, type Entry, readEntries, readShape } from "./shape.ts";
import type { LabSource } from "./source.ts";

type Data = { readonly [key: string]: PlainValue | undefined };
type EntriesOf<Schema extends z.ZodType> = Entries<z.output<Schema>>;

/** What must be known before parameters are put in. */
export interface LabHead {
	readonly parameters: Entries<ParameterFile>;
	/** Ids and parameters as written; their shapes are checked later. */
	readonly variants: readonly { readonly id: PlainValue | undefined; readonly parameters: Data; readonly path: Path }[];
}

/** What the file holds once parameters are put in. */
export interface LabSections {
	readonly head: HeadFile;
	readonly regions: EntriesOf<typeof regionSchema>;
	readonly switches: EntriesOf<typeof switchSchema>;
	readonly nodes: EntriesOf<typeof nodeSchema>;
	readonly links: EntriesOf<typeof linkSchema>;
	readonly checks: EntriesOf<typeof checkSchema>;
	readonly variants: EntriesOf<typeof variantSchema>;
	readonly story: readonly Entry<string>[];
}

export function isData(value: PlainValue | undefined): value is Data & PlainValue {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Reads parameters and finds variants; reports what is wrong with the parameters. */
export function readHead(source: LabSource): LabHead {
	const data: Data = isData(source.data) ? source.data : {};
	const parameters = readEntries(source, parameterSchema, data.parameters, ["parameters"], entriesMax.parameters);
	checkParameters(source, parameters.entries);
	const list = Array.isArray(data.variants) ? (data.variants as readonly PlainValue[]) : [];
	const variants = list.slice(0, entriesMax.variants).map((item, index) => {
		const fields: Data = isData(item) ? item : {};
		return { id: fields.id, parameters: isData(fields.parameters) ? fields.parameters : {}, path: ["variants", index] };
	});
	return { parameters, variants };
}

/** Stands in for a head that could not be read, so that the rest can be looked at. */
const noHead: HeadFile = { id: "lab", title: "", shows: "", duration: 1 };

function readTop(source: LabSource, data: Data): HeadFile {
	for (const key of Object.keys(data)) {
		if (headKeys.includes(key) || sectionKeys.includes(key)) continue;
		source.reportKey([], key, `"${key}" is not known here${hint(key, [...headKeys, ...sectionKeys])}`);
	}
	const head = Object.fromEntries(headKeys.filter((key) => Object.hasOwn(data, key)).map((key) => [key, data[key]]));
	return readShape(source, headSchema, head, []) ?? noHead;
}

/** Reads everything but the parameters; reports what is wrong with shapes, and with checks and variants among themselves. */
export function readSections(source: LabSource, data: PlainValue): LabSections {
	if (!isData(data)) {
		source.report([], "expected a map that begins with id, title and shows");
		data = {};
	}
	const fields: Data = isData(data) ? data : {};
	const read = <Schema extends z.ZodType>(schema: Schema, name: keyof typeof entriesMax): EntriesOf<Schema> =>
		readEntries(source, schema, fields[name], [name], entriesMax[name]);
	const sections: LabSections = {
		head: readTop(source, fields),
		regions: read(regionSchema, "regions"),
		switches: read(switchSchema, "switches"),
		nodes: read(nodeSchema, "nodes"),
		links: read(linkSchema, "links"),
		checks: read(checkSchema, "checks"),
		variants: read(variantSchema, "variants"),
		story: readEntries(source, storyLine, fields.story, ["story"], storyLinesMax).entries,
	};
	if (fields.nodes === undefined || (Array.isArray(fields.nodes) && fields.nodes.length === 0))
		source.report(["nodes"], '"nodes" is missing; expected at least one node');
	checkIds(source, sections);
	return sections;
}

function checkIds(source: LabSource, { checks, variants }: LabSections): void {
	const checkIds = new Set<string>();
	for (const { value, path } of checks.entries) {
		if (checkIds.has(value.id)) source.report([...path, "id"], `a second check has the id ${value.id}`);
		checkIds.add(value.id);
	}
	const variantIds = new Set<string>();
	for (const { value, path } of variants.entries) {
		if (variantIds.has(value.id)) source.report([...path, "id"], `a second variant has the id ${value.id}`);
		variantIds.add(value.id);
		const isKnown = checkIds.has(value.breaks) || !checks.complete;
		if (!isKnown) source.report([...path, "breaks"], `no check has the id ${value.breaks}${hint(value.breaks, [...checkIds])}`);
	}
}

/** A list within an entry, as entries with places of their own. */
export function entriesWithin<Value>(list: readonly Value[] | undefined, path: Path): readonly Entry<Value>[] {
	return (list ?? []).map((value, index) => ({ value, path: [...path, index] }));
}

/** The story of the lab, or the variant's own, or the lab's with the variant's additions. */
export function storyOf(sections: LabSections, variant: Entry<VariantFile> | undefined): readonly Entry<string>[] {
	if (variant === undefined) return sections.story;
	const { story, addStory } = variant.value;
	const base = story === undefined ? sections.story : entriesWithin(story, [...variant.path, "story"]);
	return [...base, ...entriesWithin(addStory, [...variant.path, "addStory"])];
}
