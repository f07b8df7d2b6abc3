/**
 * What a lab offers, for menus and `labs --json`: no services needed, nothing compiled. Pure.
 */
import type { ParameterFile, VariantFile } from "./schema.ts";
import type { LabSections } from "./sections.ts";
import type { Entry } from "./shape.ts";
import type { LabTopic } from "./topics.ts";

export type ParameterDescription = ParameterFile;

export interface LabDescription {
	readonly id: string;
	readonly title: string;
	readonly shows: string;
	readonly durationUs: number;
	readonly topic: LabTopic | null;
	/** Within its topic. */
	readonly place: number | null;
	readonly parameters: readonly ParameterDescription[];
	readonly checks: readonly { readonly id: string; readonly expression: string; readonly shows: string }[];
	readonly variants: readonly { readonly id: string; readonly title: string; readonly breaks: string }[];
}

export function describeSections({ head, checks, variants }: LabSections, parameters: readonly Entry<ParameterFile>[]): LabDescription {
	return {
		id: head.id,
		title: head.title,
		shows: head.shows,
		durationUs: head.duration,
		topic: head.topic ?? null,
		place: head.place ?? null,
		parameters: parameters.map(({ value }) => value),
		checks: checks.entries.map(({ value: { id, expression, shows } }) => ({ id, expression, shows })),
		variants: variants.entries.map(({ value: { id, title, breaks } }: Entry<VariantFile>) => ({ id, title, breaks })),
	};
}
