/** What lies on a node's drives: its files with their durable records, and the writes that a crash would still take. */
import type { ReactElement } from "react";
import { strings } from "../../strings.ts";
import { Badge } from "../../views/parts/Badge.tsx";
import { flagIn, listIn, numberIn, textIn, textsIn } from "../../views/parts/values.ts";
import { DataTree } from "./DataTree.tsx";

type Plain = Parameters<typeof textIn>[0];

const says = strings.inspect;
const filesMax = 40;
/** Of one file: the latest are looked for. */
const recordsMax = 8;
const unsyncedMax = 6;

export interface DrivesProps {
	readonly disks: unknown;
	/** As they were when they were looked at last; undefined: nothing is compared. */
	readonly before: unknown;
}

export function Drives({ disks, before }: DrivesProps): ReactElement {
	const drives = Array.isArray(disks) ? (disks as readonly Plain[]) : [];
	const were = Array.isArray(before) ? (before as readonly Plain[]) : null;
	if (drives.length === 0) return <p className="soft">{says.nothingWritten}</p>;
	return (
		<>
			{drives.map((drive) => {
				const index = numberIn(drive, "drive");
				const was = were?.find((other) => numberIn(other, "drive") === index);
				return <Drive key={index} drive={drive} index={index} was={were === null ? null : was} />;
			})}
		</>
	);
}

/** @param was null: nothing is compared */
function Drive({ drive, index, was }: { readonly drive: Plain; readonly index: number; readonly was: Plain | null }): ReactElement {
	const files = listIn(drive, "files");
	const unsynced = textsIn(drive, "unsynced");
	const isDead = flagIn(drive, "dead");
	return (
		<section className="inspect-drive" aria-label={says.drive(index)}>
			<p className="inspect-drive-head">
				<span className="label">{says.drive(index)}</span>
				{isDead && <Badge tone="bad" icon="cross" text={says.driveDead} />}
				{unsynced.length > 0 ? (
					<Badge tone="warning" icon="warning" text={says.unsynced(unsynced.length)} />
				) : (
					!isDead && <Badge tone="good" icon="disk" text={says.synced} />
				)}
			</p>
			{files.slice(0, filesMax).map((file) => {
				const path = textIn(file, "path");
				const before = was === null ? null : listIn(was, "files").find((other) => textIn(other, "path") === path);
				return <File key={path} path={path} records={listIn(file, "records")} before={before === null ? null : listIn(before, "records")} />;
			})}
			{files.length > filesMax && <p className="soft">{says.more(files.length - filesMax)}</p>}
			{unsynced.length > 0 && (
				<ul className="inspect-unsynced" aria-label={says.unsynced(unsynced.length)}>
					{unsynced.slice(-unsyncedMax).map((line, place) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: two writes may be to one file
						<li key={place} className="mono">
							{line}
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

interface FileProps {
	readonly path: string;
	readonly records: readonly Plain[];
	/** Null: nothing is compared. */
	readonly before: readonly Plain[] | null;
}

function File({ path, records, before }: FileProps): ReactElement {
	const from = Math.max(0, records.length - recordsMax);
	const numbered = (list: readonly Plain[]): object => Object.fromEntries(list.slice(from).map((record, place) => [String(from + place + 1), record]));
	const isChanged = before !== null && JSON.stringify(before) !== JSON.stringify(records);
	return (
		<details open={records.length <= recordsMax || isChanged}>
			<summary>
				<span className="mono">{path}</span> <span className="soft number">{says.records(records.length)}</span>
				{isChanged && <span className="tree-mark">{says.changed}</span>}
			</summary>
			{from > 0 && <p className="soft">{says.earlierRecords(from)}</p>}
			<DataTree value={numbered(records)} {...(before === null ? {} : { before: numbered(before) })} />
		</details>
	);
}
