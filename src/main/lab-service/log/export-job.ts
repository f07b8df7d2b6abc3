/** Writes a log out into a file of another format, telling how far it is. */
import { once } from "node:events";
import { createWriteStream, statSync } from "node:fs";
import { ContractError } from "../../../shared/contract/errors.ts";
import { type ExportFormat, type ExportSource, exportFormats, exportSession } from "../../export/export.ts";
import type { OpenLog } from "./place.ts";
import type { Asked, Progress } from "./questions.ts";

const tellEvery = 4_096;

/** The log as exports read it, counting as it goes. */
function counted({ session, eventCount }: OpenLog, tell: Progress): ExportSource {
	return {
		header: session.header,
		plan: session.plan,
		*events(query) {
			for (const event of session.events(query)) {
				if (event.index % tellEvery === 0) tell(event.index, eventCount);
				yield event;
			}
		},
	};
}

function isWritten(format: string): format is ExportFormat {
	return (exportFormats as readonly string[]).includes(format);
}

/** @throws ContractError `not-here` for formats that this lab does not write; QuorateError for unreadable logs */
export async function exportLog(
	log: OpenLog,
	{ request, target, tell }: { readonly request: Asked<"export">["request"]; readonly target: string; readonly tell: Progress },
): Promise<{ readonly bytes: number }> {
	const { format, fromUs, toUs, kinds, nodes } = request;
	if (!isWritten(format)) throw new ContractError("not-here", `this version does not write ${format}`, { advice: `It writes ${exportFormats.join(", ")}.` });
	const file = createWriteStream(target, { mode: 0o600 });
	const failed = once(file, "error").then(([error]) => Promise.reject(error as Error));
	failed.catch(() => {}); // told by whichever wait meets it first
	const filter = {
		branch: log.branch,
		...(fromUs === null ? {} : { fromUs }),
		...(toUs === null ? {} : { toUs }),
		...(kinds === null ? {} : { kinds: new Set(kinds) }),
		...(nodes === null ? {} : { nodes: new Set(nodes) }),
	};
	await exportSession(
		counted(log, tell),
		format,
		{ write: (text) => (file.write(text) ? undefined : Promise.race([once(file, "drain").then(() => undefined), failed])) },
		filter,
	);
	file.end();
	await Promise.race([once(file, "close"), failed]);
	tell(log.eventCount, log.eventCount);
	return { bytes: statSync(target).size };
}
