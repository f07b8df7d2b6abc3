/** How a user says in which way a file is to be kept, and is told how it is. Pure. */
import type { SaveOptions } from "../files/contract.ts";
import type { Option, Options } from "./word.ts";

const coded = "rs-6-3";
const copiesMax = 9;

export const layoutOptions: readonly Option[] = [
	{ name: "copies", value: "N", means: `so many whole copies of every block, 1 to ${copiesMax}`, values: ["1", "2", "3"] },
	{
		name: "layout",
		value: "LAYOUT",
		means: `copies-N, the same, or ${coded}: nine shards of every block on nine machines, any six of which restore it, in the room of one copy and a half`,
		values: ["copies-1", "copies-2", "copies-3", coded],
	},
];

export type ParsedLayout = { readonly ok: true; readonly layout: SaveOptions } | { readonly ok: false; readonly why: string };

/** Neither option: as the file system has it. */
export function parseLayout(options: Options): ParsedLayout {
	const copies = options.get("copies");
	const layout = options.get("layout");
	if (copies !== undefined && layout !== undefined) return { ok: false, why: "say --copies or --layout, not both" };
	if (layout === coded) return { ok: true, layout: { code: true } };
	const count = copies ?? /^copies-(.*)$/.exec(layout ?? "")?.[1];
	if (count === undefined && layout === undefined) return { ok: true, layout: {} };
	if (/^[1-9]$/.test(count ?? "")) return { ok: true, layout: { replication: Number(count) } };
	if (copies !== undefined) return { ok: false, why: `--copies is a whole number from 1 to ${copiesMax}, such as --copies 3` };
	return { ok: false, why: `a layout is copies-1 to copies-${copiesMax}, or ${coded}` };
}
