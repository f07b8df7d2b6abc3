/** Reads what a client sent as hostile: nothing that is no transaction comes near the log. Pure. */
import { encode, type PlainValue } from "../../shared/codec.ts";
import { type Condition, keyLengthMax, type Operation, operationsMax, type ReadRequest, type RunRequest, rangeLimitMax, valueBytesMax } from "./contract.ts";

type Fields = { readonly [field: string]: PlainValue | undefined };

function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function isKey(value: unknown): value is string {
	return typeof value === "string" && value.length > 0 && value.length <= keyLengthMax;
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** @returns what is wrong with a list, or null */
function whyNotAll(value: unknown, whyNot: (item: unknown) => string | null): string | null {
	if (!Array.isArray(value)) return "a list is missing";
	if (value.length > operationsMax) return `more than ${operationsMax} parts`;
	for (const item of value) {
		const why = whyNot(item);
		if (why !== null) return why;
	}
	return null;
}

function whyNotValue(value: PlainValue | undefined): string | null {
	if (value === undefined) return "a value is missing";
	return encode(value).length > valueBytesMax ? `a value is larger than ${valueBytesMax} bytes` : null;
}

function whyNotCondition(item: unknown): string | null {
	if (!isFields(item) || !isKey(item.key)) return `a key is a text of 1 to ${keyLengthMax} characters`;
	const { is } = item as Partial<Condition>;
	if (is === "absent") return null;
	if (is === "version") return isCount(item.version) ? null : "a version is a whole number";
	return is === "value" ? whyNotValue(item.value) : "a condition is absent, version or value";
}

function whyNotOperation(item: unknown, mayWrite: boolean): string | null {
	if (!isFields(item)) return "an operation is missing";
	const { do: what } = item as Partial<Operation>;
	if (what === "range") {
		const isBounded = isCount(item.limit) && (item.limit as number) <= rangeLimitMax;
		return typeof item.from === "string" && typeof item.to === "string" && isBounded ? null : `a range has from, to and a limit of at most ${rangeLimitMax}`;
	}
	if (!isKey(item.key)) return `a key is a text of 1 to ${keyLengthMax} characters`;
	if (what === "get") return null;
	if (!mayWrite) return "only get and range are reads";
	if (what === "put") return whyNotValue(item.value);
	return what === "delete" ? null : "an operation is get, range, put or delete";
}

/** @returns a sentence, or null when it is a run request */
export function whyNotRun(body: unknown): string | null {
	if (!isFields(body)) return "no request";
	const { session, sequence, answered, transaction } = body as Partial<RunRequest>;
	if (!isCount(session) || !isCount(sequence) || !isCount(answered)) return "a session, a sequence and the last answer are whole numbers";
	if (!isFields(transaction)) return "no transaction";
	return (
		whyNotAll(transaction.when, whyNotCondition) ??
		whyNotAll(transaction.run, (item) => whyNotOperation(item, true)) ??
		whyNotAll(transaction.otherwise, (item) => whyNotOperation(item, true))
	);
}

/** @returns a sentence, or null when it is a read request */
export function whyNotRead(body: unknown): string | null {
	if (!isFields(body)) return "no request";
	return whyNotAll((body as Partial<ReadRequest>).operations, (item) => whyNotOperation(item, false));
}
