/** What is decided when a run is to be recorded: into which file, under which name, and what tells that file from others. */

import { newSession } from "../app/options.ts";
import type { RunTask } from "../app/run-task.ts";
import { makingOf } from "./log/place.ts";

/** A file of its own, from the first event on. */
export function recordedInto(path: string, made: Parameters<typeof newSession>[0]): RunTask["recording"] {
	return { kind: "at-once", target: { kind: "create", path, session: newSession(made) } };
}

/** @param otherwise where the task makes no file of its own */
export function makingBy({ recording }: RunTask, otherwise: string): string {
	return recording?.kind === "at-once" && recording.target.kind === "create" ? makingOf(recording.target.session.header) : otherwise;
}

/** Of the user's own day, as files are sorted by. */
export function dayAndTime(nowMs: number): string {
	const now = new Date(nowMs);
	const two = (value: number): string => String(value).padStart(2, "0");
	return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}`;
}
