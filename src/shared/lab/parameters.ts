/**
 * Parameters of a lab: their values (the file's, then the variant's, then the user's) and putting
 * them where the file names them. `${servers}` alone is the value itself; within a text it is
 * replaced by its text. There is no expression language. Pure.
 */
import type { PlainValue } from "../codec.ts";
import { QuorateError } from "../errors.ts";
import { hint } from "../nearest.ts";
import { formatDurationUs, tryParseDurationUs } from "../units.ts";
import type { Path } from "./problems.ts";
import type { ParameterFile } from "./schema.ts";
import { type Entry, show } from "./shape.ts";
import type { LabSource } from "./source.ts";

export type ParameterValue = number | string | boolean;
export type ParameterValues = { readonly [name: string]: ParameterValue };

/**
 * Checks a value against its parameter.
 * @returns the value in its canonical form, or the sentence that refuses it
 */
function acceptValue(parameter: ParameterFile, value: PlainValue | undefined): { readonly value: ParameterValue } | string {
	switch (parameter.type) {
		case "integer":
		case "number": {
			const kind = parameter.type === "integer" ? "a whole number" : "a number";
			const fits = typeof value === "number" && (parameter.type === "number" || Number.isSafeInteger(value));
			if (!fits || value < parameter.min || value > parameter.max) return `expected ${kind} from ${parameter.min} to ${parameter.max}`;
			return { value };
		}
		case "duration": {
			const us = typeof value === "string" ? tryParseDurationUs(value) : undefined;
			const [min, max] = [tryParseDurationUs(parameter.min) ?? 0, tryParseDurationUs(parameter.max) ?? 0];
			if (us === undefined || us < min || us > max) return `expected a duration from ${parameter.min} to ${parameter.max}`;
			return { value: formatDurationUs(us) };
		}
		case "choice":
			if (typeof value !== "string" || !parameter.choices.includes(value)) return `expected one of ${parameter.choices.join(", ")}`;
			return { value };
		case "boolean":
			return typeof value === "boolean" ? { value } : "expected true or false";
	}
}

/** What the text of `--set servers=7` means for this parameter; the text itself when it means nothing. */
function fromText(parameter: ParameterFile, text: string): PlainValue {
	if (parameter.type === "boolean") return text === "true" ? true : text === "false" ? false : text;
	const isNumber = (parameter.type === "integer" || parameter.type === "number") && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text);
	return isNumber ? Number(text) : text;
}

/** Reports what is wrong with the parameters themselves. */
export function checkParameters(source: LabSource, parameters: readonly Entry<ParameterFile>[]): void {
	const seen = new Set<string>();
	for (const { value: parameter, path } of parameters) {
		if (seen.has(parameter.name)) source.report([...path, "name"], `a second parameter is called ${parameter.name}`);
		seen.add(parameter.name);
		const accepted = acceptValue(parameter, parameter.default);
		if (typeof accepted === "string") source.report([...path, "default"], `${accepted}; found ${show(parameter.default)}`);
	}
}

/** Lays a variant's values over the defaults; reports names and values that do not fit. */
export function variantValues(source: LabSource, parameters: readonly Entry<ParameterFile>[], given: ParameterValues, path: Path): Map<string, ParameterValue> {
	const values = new Map<string, ParameterValue>();
	for (const { value: parameter } of parameters) {
		const accepted = acceptValue(parameter, parameter.default);
		values.set(parameter.name, typeof accepted === "string" ? parameter.default : accepted.value);
	}
	for (const [name, value] of Object.entries(given)) {
		const parameter = parameters.find((entry) => entry.value.name === name)?.value;
		if (parameter === undefined) {
			source.reportKey(path, name, `no parameter is called ${name}${hint(name, [...values.keys()])}`);
			continue;
		}
		const accepted = acceptValue(parameter, value);
		if (typeof accepted === "string") source.report([...path, name], `${accepted} for ${name}; found ${show(value)}`);
		else values.set(name, accepted.value);
	}
	return values;
}

/**
 * Lays the user's texts over the values.
 * @throws QuorateError `usage` for an unknown name or a value that does not fit
 */
export function overrideValues(
	parameters: readonly Entry<ParameterFile>[],
	values: Map<string, ParameterValue>,
	given: { readonly [name: string]: string },
): void {
	for (const [name, text] of Object.entries(given)) {
		const parameter = parameters.find((entry) => entry.value.name === name)?.value;
		if (parameter === undefined) throw new QuorateError("usage", `the lab has no parameter called ${name}${hint(name, [...values.keys()])}`);
		const accepted = acceptValue(parameter, fromText(parameter, text));
		if (typeof accepted === "string") throw new QuorateError("usage", `${accepted} for ${name} (${parameter.title}); found ${show(text)}`);
		values.set(name, accepted.value);
	}
}

const referencePattern = /\$\{([^{}]*)\}/g;

/** Replaces every `${name}` in a value, reporting names that no parameter has. */
export function substitute(source: LabSource, value: PlainValue, path: Path, values: ReadonlyMap<string, ParameterValue>): PlainValue {
	if (typeof value === "string") return substituteText(source, value, path, values);
	if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
	if (isList(value)) return value.map((item, index) => substitute(source, item, [...path, index], values));
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(source, item, [...path, key], values)]));
}

function isList(value: PlainValue): value is readonly PlainValue[] {
	return Array.isArray(value);
}

function substituteText(source: LabSource, text: string, path: Path, values: ReadonlyMap<string, ParameterValue>): PlainValue {
	const whole = /^\$\{([^{}]*)\}$/.exec(text)?.[1];
	if (whole !== undefined && values.has(whole)) return values.get(whole) as ParameterValue;
	return text.replace(referencePattern, (reference, name: string) => {
		const value = values.get(name);
		if (value !== undefined) return String(value);
		source.report(path, `no parameter is called "${name}"${hint(name, [...values.keys()])}`);
		return reference;
	});
}
