/** Writes a log out into a file of another format, telling how far it is. Runs on a reader's thread. */
import { ContractError } from "../../../shared/contract/errors.ts";
import { isMistake, parseSearch, type SearchQuery } from "../../../shared/search-query.ts";
import { countingSource } from "../../export/counting.ts";
import { exportSession } from "../../export/export.ts";
import { writeIntoFile } from "../../export/into-file.ts";
import type { ExportFilter } from "../../export/source.ts";
import type { OpenLog } from "./place.ts";
import type { Asked, Progress } from "./questions.ts";

function searchOf(line: string | null, log: OpenLog): SearchQuery | undefined {
	if (line === null || line.trim() === "") return undefined;
	const search = parseSearch(line, log.session.plan);
	if (isMistake(search)) throw new ContractError("usage", `the search cannot be read: ${search.said}`);
	return search;
}

/** @throws ContractError `usage` for a search that cannot be read; QuorateError for unreadable logs and full disks */
export async function exportLog(
	log: OpenLog,
	{ request, target, tell }: { readonly request: Asked<"export">["request"]; readonly target: string; readonly tell: Progress },
): Promise<{ readonly bytes: number }> {
	const { format, fromUs, toUs, kinds, nodes, drawing } = request;
	const search = searchOf(request.search, log);
	const filter: ExportFilter = {
		branch: log.branch,
		...(fromUs === null ? {} : { fromUs }),
		...(toUs === null ? {} : { toUs }),
		...(kinds === null ? {} : { kinds: new Set(kinds) }),
		...(nodes === null ? {} : { nodes: new Set(nodes) }),
		...(search === undefined ? {} : { search, searchLine: (request.search ?? "").trim() }),
	};
	const wishes =
		drawing === null
			? {}
			: {
					theme: drawing.theme,
					by: drawing.by,
					...(drawing.atUs === null ? {} : { atUs: drawing.atUs }),
					places: new Map(drawing.places.map(({ vertex, x, y }) => [vertex, { x, y }])),
				};
	const source = countingSource({ ...log, format, tell });
	const bytes = await writeIntoFile(target, (sink) => exportSession(source, format, sink, { filter, drawing: wishes }), { mode: 0o600 });
	tell(log.eventCount, log.eventCount);
	return { bytes };
}
