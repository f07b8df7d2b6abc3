/**
 * The one place where the contract takes its validator from, and the words that its tables are written
 * with. Compiled validators are switched off first, because the page's policy forbids code made from
 * text. Pure.
 */
import { config, z } from "zod";
import { usMax } from "../units.ts";

config({ jitless: true });

export { z };

/** What arrives is nobody's to change; bytes stay bytes. */
export type Frozen<Value> = Value extends Uint8Array
	? Uint8Array
	: Value extends readonly (infer Item)[]
		? readonly Frozen<Item>[]
		: Value extends object
			? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
			: Value;

/** The type a schema stands for. */
export type Of<Schema extends z.ZodType> = Frozen<z.output<Schema>>;

/** True time since the run began. */
export const instantUs = z.int().min(0).max(usMax);
export const durationUs = z.int().min(0).max(usMax);
/** May lie before zero: what a node believes, or a distance. */
export const signedUs = z.int();
export const index = z.int().min(0).max(usMax);
export const count = z.int().min(0).max(usMax);
export const text = (charsMax: number) => z.string().max(charsMax);
export const list = <Item extends z.ZodType>(item: Item, lengthMax: number) => z.array(item).max(lengthMax);
export const bytes = (lengthMax: number) => z.instanceof(Uint8Array).refine((value) => value.length <= lengthMax, `more than ${lengthMax} bytes`);

/** Given by the service; says nothing but which. */
export const runId = z.string().regex(/^r[1-9]\d{0,9}$/);
export const jobId = z.string().regex(/^j[1-9]\d{0,9}$/);
export const uploadId = z.string().regex(/^u[1-9]\d{0,9}$/);
export const ticket = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);
/**
 * A session's name in the library, without folder or ending. Names that some file system reads
 * otherwise (`con`, `a.`, `../a`) are no names.
 */
export const sessionId = z
	.string()
	.regex(/^[\p{L}\p{N}_][\p{L}\p{N} _.,()+@=-]{0,99}$/u)
	.refine((name) => !/[. ]$/.test(name) && !/^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i.test(name), "is no name for a file");
export const branchNumber = z.int().min(0).max(4_095);
export const nodeIndex = z.int().min(0).max(1_023);
/** A lab's id; files of the user's own are opened by the host, never by a path from the page. */
export const labId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
export const nothing = z.strictObject({});
