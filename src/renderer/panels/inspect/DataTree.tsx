/** Plain data as a tree of names and values; what has changed since the last look is marked. */
import type { ReactElement } from "react";
import { strings } from "../../strings.ts";

const shownMax = 60;
const depthMax = 5;

function isBranch(value: unknown): value is object {
	return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

function leafText(value: unknown): string {
	if (value instanceof Uint8Array) return `<${value.length} bytes>`;
	return typeof value === "string" ? value : JSON.stringify(value);
}

export function DataTree({ value, before, depth = 0 }: { readonly value: unknown; readonly before?: unknown; readonly depth?: number }): ReactElement {
	if (!isBranch(value)) return <p className="tree">{leafText(value)}</p>;
	const entries = Object.entries(value);
	const old = isBranch(before) ? (before as { readonly [key: string]: unknown }) : undefined;
	return (
		<div className="tree">
			{entries.length === 0 && <p>{Array.isArray(value) ? "[]" : "{}"}</p>}
			{entries.slice(0, shownMax).map(([key, item]) => {
				const isDeep = isBranch(item) && Object.keys(item).length > 0;
				const was = old?.[key];
				const isChanged = before !== undefined && !isDeep && JSON.stringify(was) !== JSON.stringify(item);
				return (
					<div key={key}>
						<div className={isChanged ? "tree-row changed" : "tree-row"}>
							<span className="soft">{key}</span>
							{!isDeep && <span className="tree-value">{isBranch(item) ? (Array.isArray(item) ? "[]" : "{}") : leafText(item)}</span>}
							{isChanged && <span className="hidden-visually">{strings.inspect.changed}</span>}
						</div>
						{isDeep && depth < depthMax && <DataTree value={item} before={before === undefined ? undefined : (was ?? null)} depth={depth + 1} />}
					</div>
				);
			})}
			{entries.length > shownMax && <p className="soft">… {entries.length - shownMax}</p>}
		</div>
	);
}
