/** `quorate info`: what is in a file, without running anything. */
import { statSync } from "node:fs";
import { toHex } from "../../core/digest.ts";
import { branchWord, forkWords } from "../../shared/house-words.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { formatDurationUs } from "../../shared/units.ts";
import type { Session } from "../store/reader.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { counted, grouped } from "./format.ts";
import { type ReadFlags, withSession } from "./sessions.ts";
import type { Terminal } from "./terminal.ts";

const commandsShown = 20;

export interface InfoFlags extends ReadFlags {
	readonly json?: boolean;
}

export async function infoCommand(path: string, flags: InfoFlags, terminal: Terminal): Promise<ExitCode> {
	return withSession(path, flags, terminal, (session) => {
		if (flags.json === true) terminal.line(JSON.stringify(forPrograms(session)));
		else for (const line of linesOf(session)) terminal.line(line);
		return exitCodes.ok;
	});
}

function created(session: Session): string | null {
	const { createdMs } = session.header;
	return createdMs === 0 ? null : new Date(createdMs).toISOString();
}

function forPrograms(session: Session): object {
	const { header, plan, path } = session;
	return {
		file: path,
		bytes: statSync(path).size,
		...header,
		created: created(session),
		title: plan.title,
		variant: plan.variant,
		parameters: plan.parameters,
		nodes: plan.nodes.map(({ name }) => name),
		damage: session.damage?.reasons ?? [],
		branches: session.branches.map(({ branch, parent, forkIndex, forkUs, name, head }) => ({
			branch,
			parent,
			forkIndex,
			forkUs,
			name,
			events: head.eventCount,
			untilUs: head.untilUs,
			finished: head.finished,
			digest: toHex(head.digest),
			checks: head.verdicts,
			commands: [...session.commands(branch)],
		})),
		notes: [...session.notes()],
	};
}

function linesOf(session: Session): string[] {
	const { header, plan, path } = session;
	const parameters = Object.entries(plan.parameters).map(([name, value]) => `${name}=${String(value)}`);
	const notes = [...session.notes()];
	return [
		`${path}, ${grouped(statSync(path).size)} bytes`,
		`  lab       ${header.labId} (version ${header.labVersion}): ${plan.title}${plan.variant === "" ? "" : `, variant ${plan.variant}`}`,
		`  seed      ${header.seed}`,
		...(parameters.length === 0 ? [] : [`  set       ${parameters.join(" ")}`]),
		`  nodes     ${plan.nodes.length}, links ${plan.links.length}`,
		`  made      ${created(session) ?? "at an unknown time"}, executor ${header.executor}, detail ${header.detail}`,
		`  versions  engine ${header.engineVersion}, events ${header.eventSchemaVersion}, format ${header.formatVersion}`,
		...session.branches.flatMap(({ branch }) => branchLines(session, branch)),
		...(notes.length === 0 ? [] : [`  notes     ${counted(notes.length, "note")}`]),
	];
}

function branchLines(session: Session, number: number): string[] {
	const { head, parent, forkUs, forkIndex } = session.branches.find(({ branch }) => branch === number) as Session["branches"][number];
	const origin = parent < 0 ? branchWord(number) : `${forkWords(parent, formatDurationUs(forkUs))}, event ${grouped(forkIndex)}`;
	const commands = [...session.commands(number)];
	const state = head.finished ? "finished" : "broken off, or still being written";
	const shown = commands
		.slice(0, commandsShown)
		.map(({ atUs, origin: giver, line }) => `              ${formatInstant(atUs).padStart(12)}  ${line} (${giver})`);
	if (commands.length > shown.length) shown.push(`              and ${commands.length - shown.length} more`);
	return [
		`  branch ${number}  ${origin}: ${counted(head.eventCount, "event")} up to ${formatDurationUs(head.untilUs)}, ${state}`,
		`              digest ${toHex(head.digest)}`,
		...head.verdicts.map(({ id, ok, observed }) => `              ${ok ? "ok  " : "FAIL"}  ${id}${typeof observed === "string" ? `: ${observed}` : ""}`),
		...shown,
	];
}
