/** Names, blocks and the room they take, as the database holds them when all is quiet, held against each other. */
import { folderOf } from "../../src/os/files/names.ts";
import { type BlockRecord, type FileRecord, keys, type UsageRecord } from "../../src/os/files/records.ts";
import { type Probed, under } from "./probe.ts";

/** What is to be read of the database for it. */
export const tidyPrefixes = [keys.names, keys.blocks, keys.opens, keys.trash, keys.usages];

/** What is wrong with names in the end: blocks without a name, names without their blocks, room that is counted wrongly, leftovers. */
export function untidy(entries: Probed | null): readonly string[] {
	if (entries === null) return ["in the end the database does not answer"];
	const files = under<FileRecord>(entries, keys.names);
	const blocks = under<BlockRecord>(entries, keys.blocks);
	const problems = [keys.opens, keys.trash].flatMap((prefix) => under(entries, prefix).map(([rest]) => `${prefix}${rest} was left behind`));
	const used = new Map<string, number>();
	for (const [path, { id, bytes, blocks: count }] of files) {
		used.set(folderOf(path), (used.get(folderOf(path)) ?? 0) + bytes);
		const own = blocks.filter(([block]) => block.startsWith(`${id}/`));
		const inAll = own.reduce((sum, [, record]) => sum + record.bytes, 0);
		if (own.length !== count || inAll !== bytes) problems.push(`${path} has ${own.length} of ${count} blocks, and ${inAll} of ${bytes} bytes`);
	}
	const named = new Set(files.map(([, { id }]) => id));
	for (const [block] of blocks) if (!named.has(block.split("/")[0] as string)) problems.push(`block ${block} belongs to no file`);
	for (const [folder, { bytes }] of under<UsageRecord>(entries, keys.usages)) {
		if (bytes !== (used.get(folder) ?? 0)) problems.push(`folder ${folder} is said to have ${bytes} bytes and has ${used.get(folder) ?? 0}`);
	}
	return problems;
}
