/** What the lab tells the window without being asked. Pure. */
import { count, instantUs, list, nothing, type Of, runId, sessionId, text, z } from "./schema.ts";
import { errorView, instantView, jobView, lineView, runView, speed } from "./views.ts";

/** Between two states of one run. */
export const statusEveryMs = 50;

export const menuActions = ["open", "newRun", "export", "verify", "undo", "palette", "shortcuts", "toggleTheme", "about"] as const;

export const pushes = {
	/** Where a watched live run is; at most every `statusEveryMs`. One that comes late is left out. */
	status: z.strictObject({
		run: runView,
		speed,
		wallMs: z.number(),
		/** Virtual seconds a wall second, lately. */
		paceRatio: z.number(),
		now: instantView,
	}),
	/** Notable events of a watched run, as people read them. */
	lines: z.strictObject({ run: runId, lines: list(lineView, 1_000), omitted: count }),
	paused: z.strictObject({ run: runId, virtualUs: instantUs, reason: z.enum(["asked", "until", "predicate", "step"]) }),
	/** A run came, ended, failed or is recorded further on; told to every window. */
	run: z.strictObject({ run: runView }),
	runClosed: z.strictObject({ run: runId }),
	/** A log is looked at for the first time, for a question of this window: events read so far, of how many. The last one says all of them. */
	reading: z.strictObject({ run: runId, done: count, total: count }),
	job: z.strictObject({ job: jobView }),
	/** The library changed: list it again. */
	library: nothing,
	/** Something to tell the user that nobody asked for: a watchdog's verdict, a full disk. */
	notice: z.strictObject({ run: runId.nullable(), tone: z.enum(["note", "warning", "fault"]), text: text(4_096), error: errorView.nullable() }),
	/** The desktop opened a file: show it. */
	openSession: z.strictObject({ session: sessionId }),
	menu: z.strictObject({ action: z.enum(menuActions) }),
} as const satisfies { readonly [push: string]: z.ZodType };

export type PushName = keyof typeof pushes;
export type Push<Name extends PushName> = Of<(typeof pushes)[Name]>;
