/**
 * Going on from the past of a session: which run to repeat, up to where, and what is new. The old
 * future stays in the file. Reads the session; starts nothing.
 */
import { digestHeader, engineVersion } from "../../core/event-log.ts";
import type { RecordedCommand } from "../../core/kernel.ts";
import { blockEvents } from "../../core/log-sink.ts";
import { parseScheduled } from "../../shared/command-grammar.ts";
import { QuorateError } from "../../shared/errors.ts";
import { eventSchemaVersion } from "../../shared/event-schema.ts";
import type { SessionDetail } from "../../shared/session.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { openSession, type Session } from "../store/reader.ts";
import { newSession, plainTask } from "./options.ts";
import type { ExecutorOptions, ForkPoint, RunTask, Speed } from "./run-task.ts";

export interface ForkWishes {
	readonly path: string;
	readonly branch: number;
	readonly atUs: number;
	/** The session's own end when left out. */
	readonly untilUs?: number | undefined;
	/** `8s restart web-3` */
	readonly story: readonly string[];
	/** A file of its own; null: a new branch of the session. */
	readonly save: { readonly path: string; readonly detail: SessionDetail; readonly createdMs: number } | null;
	readonly executor: ExecutorOptions;
	readonly speed: Speed;
}

/** @throws QuorateError `session-unsupported` when this engine would give other events */
export function requireSameEngine({ path, header }: Session): void {
	const { labId, labVersion, seed, digestHeader: recorded } = header;
	if (recorded === digestHeader({ labId, labVersion, seed })) return;
	throw new QuorateError(
		"session-unsupported",
		`${path} was recorded by engine ${header.engineVersion} with events of version ${header.eventSchemaVersion}; this is engine ${engineVersion} with version ${eventSchemaVersion}, which would give other events`,
		{
			kept: "The file was not changed; `quorate replay` and `quorate export` read it.",
			advice: `Use the version of Quorate that recorded it, or run the lab anew.`,
		},
	);
}

/** The commands to give again so that a branch repeats itself. */
export function givenCommands(session: Session, branch: number): RecordedCommand[] {
	const given: RecordedCommand[] = [];
	for (const { atUs, line, origin } of session.commands(branch)) if (origin !== "lab") given.push({ atUs, line, origin });
	return given;
}

export function prepareFork(wishes: ForkWishes): RunTask {
	const session = openSession(wishes.path);
	try {
		requireSameEngine(session);
		return forkOf(session, wishes);
	} finally {
		session.close();
	}
}

function forkOf(session: Session, { path, branch, atUs, untilUs, story, save, executor, speed }: ForkWishes): RunTask {
	const { plan, header, labText } = session;
	const head = session.head(branch);
	if (atUs < 0 || atUs > head.untilUs) {
		throw new QuorateError("usage", `${path} reaches to ${formatDurationUs(head.untilUs)}, so it cannot be forked at ${formatDurationUs(atUs)}`);
	}
	const endUs = untilUs ?? Math.max(plan.untilUs, head.untilUs);
	if (endUs <= atUs) throw new QuorateError("usage", `the fork at ${formatDurationUs(atUs)} would have no future: the run ends at ${formatDurationUs(endUs)}`);
	const wished = story.map((line) => parseScheduled(line, plan));
	const early = wished.find((command) => command.atUs < atUs);
	if (early !== undefined)
		throw new QuorateError("usage", `"${early.line}" at ${formatDurationUs(early.atUs)} lies before the fork at ${formatDurationUs(atUs)}`);
	const { seed } = header;
	return {
		...plainTask({ plan, seed, executor, speed }),
		commands: givenCommands(session, branch).filter((command) => command.atUs < atUs),
		untilUs: endUs,
		fork: { atUs, expected: lastBlockBefore(session, branch, atUs) },
		wishes: wished,
		recording:
			save === null
				? { kind: "from-fork", path, parent: branch, name: "" }
				: {
						kind: "at-once",
						target: {
							kind: "create",
							path: save.path,
							session: newSession({ plan, seed, labText, detail: save.detail, executor: executor.name, createdMs: save.createdMs }),
						},
					},
	};
}

function lastBlockBefore(session: Session, branch: number, atUs: number): ForkPoint["expected"] {
	let last: ForkPoint["expected"] = null;
	for (const { block, digest, untilUs, eventCount } of session.blocks({ branch })) {
		if (untilUs >= atUs || eventCount < blockEvents) break;
		last = { block, digest };
	}
	return last;
}
