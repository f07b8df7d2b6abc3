/**
 * Frames that nobody should send, drawn from the contract itself: requests that fit every schema and make no sense,
 * requests with one part spoiled, and noise. For tests.
 */
import fc from "fast-check";
import type { z } from "zod";
import { encode, type PlainValue } from "../../src/shared/codec.ts";
import { type CallName, callNames, calls } from "../../src/shared/contract/calls.ts";

/** Texts that some schema takes: names of what there is, of what there is not, and lines of every grammar. */
const texts = [
	...["r1", "r999", "j1", "j999", "u1", "u999", "a".repeat(24), "victim", "nobody", "ping", "no-such-lab"],
	...["crash server-1", "crash web-*", "2s resume client", "cut a b", "node=server-1 kind=message", "text~/(((/", "../../etc/passwd", "con", "", "\0"],
	...["image/png", "light", "server-1", "3", "250ms", "\u202e", "x".repeat(3_000)],
];
const numbers = [0, 1, 2, 7, 100, 1_000, 60_000, 1_000_000, 4_095, -1, -1_000_000, 0.01, 0.5, 1e9, Number.MAX_SAFE_INTEGER];

/** What a schema says about itself, as far as it is needed here. */
interface Definition {
	readonly type: string;
	readonly innerType?: z.ZodType;
	readonly element?: z.ZodType;
	readonly options?: readonly z.ZodType[];
	readonly shape?: { readonly [field: string]: z.ZodType };
	readonly values?: readonly PlainValue[];
	readonly entries?: { readonly [name: string]: string };
	readonly valueType?: z.ZodType;
}

const definitionOf = (schema: z.ZodType): Definition => (schema as unknown as { readonly _zod: { readonly def: Definition } })._zod.def;

function ofPool(schema: z.ZodType, pool: readonly PlainValue[]): fc.Arbitrary<PlainValue> {
	const taken = pool.filter((value) => schema.safeParse(value).success);
	if (taken.length === 0) throw new Error("nothing in the pool fits this schema: add what does");
	return fc.constantFrom(...taken);
}

/** Values that the schema takes. */
function fitting(schema: z.ZodType): fc.Arbitrary<PlainValue> {
	const { type, innerType, element, options, shape, values, entries, valueType } = definitionOf(schema);
	switch (type) {
		case "string":
			return ofPool(schema, texts);
		case "number":
			return ofPool(schema, numbers);
		case "boolean":
			return fc.boolean();
		case "literal":
			return fc.constantFrom(...(values ?? []));
		case "enum":
			return fc.constantFrom(...Object.values(entries ?? {}));
		case "custom":
			return fc.uint8Array({ maxLength: 64 });
		case "nullable":
			return fc.oneof(fc.constant(null), fitting(innerType as z.ZodType));
		case "union":
			return fc.oneof(...(options ?? []).map(fitting));
		case "array":
			return fc.array(fitting(element as z.ZodType), { maxLength: 3 });
		case "record":
			return fc.dictionary(fc.constantFrom("visitors", "servers", "__proto__"), fitting(valueType as z.ZodType), { maxKeys: 2 });
		case "object":
			return fc.record(Object.fromEntries(Object.entries(shape ?? {}).map(([field, inner]) => [field, fitting(inner)])));
		default:
			throw new Error(`a schema of a kind that is new here: ${type}`);
	}
}

const junk: fc.Arbitrary<PlainValue> = fc.oneof(
	fc.constantFrom<PlainValue>(null, true, -1, Number.NaN, Number.POSITIVE_INFINITY, "", "\0", "../..", [], {}, "x".repeat(100_000)),
	fc.string({ maxLength: 20 }),
	fc.double(),
	fc.uint8Array({ maxLength: 8 }),
	fc.array(fc.constantFrom<PlainValue>(0, "a", null), { maxLength: 50 }),
	fc.constant(JSON.parse('{"__proto__":{"kind":"call"},"constructor":1}') as PlainValue),
);

/** One field is something else, or gone, or one too many. */
const spoiled = (request: fc.Arbitrary<PlainValue>): fc.Arbitrary<PlainValue> =>
	fc.tuple(request, junk, fc.nat(), fc.constantFrom("changed", "gone", "added")).map(([whole, rubbish, at, how]) => {
		const fields = Object.entries(whole as { readonly [field: string]: PlainValue });
		const [field = "", value = null] = fields[at % Math.max(1, fields.length)] ?? [];
		if (how === "added" || fields.length === 0) return { ...(whole as object), unexpected: rubbish } as PlainValue;
		const kept = fields.filter(([name]) => name !== field);
		// Junk that happens to be what was there before spoils nothing.
		return Object.fromEntries(how === "gone" || rubbish === value ? kept : [...kept, [field, rubbish]]) as PlainValue;
	});

/** A run that is really started, and the measuring of a whole machine, are no matter of ten thousand: they come spoiled alone. */
const costly: ReadonlySet<CallName> = new Set(["runs.start", "runs.continue", "runs.fork", "jobs.coupling"]);

export interface HostileFrame {
	readonly bytes: Uint8Array;
	/** Which call it asks for, by which number; null where that cannot be known. */
	readonly call: { readonly name: string; readonly id: number } | null;
}

interface Call {
	readonly name: string;
	readonly request: PlainValue;
}

const calling: fc.Arbitrary<Call> = fc.constantFrom(...callNames).chain((name) => {
	const whole = fitting(calls[name].request);
	const requests = costly.has(name) ? spoiled(whole) : fc.oneof({ arbitrary: whole, weight: 2 }, { arbitrary: spoiled(whole), weight: 1 });
	return requests.map((request) => ({ name, request }));
});

const numbered = ({ name, request }: Call, id: number): Uint8Array => encode({ kind: "call", id, call: name, request });
/** Calls have numbers from here on; what noise makes of a call has others. */
const firstId = 1_000_000_000;

const noise: fc.Arbitrary<Uint8Array> = fc.oneof(
	fc.uint8Array({ maxLength: 64 }),
	junk.map(encode),
	fc.tuple(calling, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([call, at, byte]) => {
		const flipped = numbered(call, 1).slice();
		flipped[at % flipped.length] = byte;
		return flipped;
	}),
	fc.tuple(calling, fc.nat()).map(([call, at]) => {
		const whole = numbered(call, 1);
		return whole.slice(0, at % whole.length);
	}),
);

/** Always the same for a seed; every call has a number of its own. */
export function hostileFrames({ seed, count }: { readonly seed: number; readonly count: number }): readonly HostileFrame[] {
	const drawn = fc.sample(fc.oneof({ arbitrary: calling, weight: 4 }, { arbitrary: noise, weight: 1 }), { seed, numRuns: count });
	return drawn.map((frame, place) => {
		const id = firstId + place;
		return frame instanceof Uint8Array ? { bytes: frame, call: null } : { bytes: numbered(frame, id), call: { name: frame.name, id } };
	});
}
