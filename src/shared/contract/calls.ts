/**
 * Everything the window may ask of the lab, and what it is answered: one line a call, a schema each
 * way, checked at both ends. A change that an older window or lab would misread raises
 * `contractVersion`. Pure.
 */

import { exportFormats } from "../export-formats.ts";
import { kindFilter, logCalls, nodeFilter } from "./log-calls.ts";
import {
	branchNumber,
	bytes,
	count,
	index,
	instantUs,
	jobId,
	labId,
	list,
	nodeIndex,
	nothing,
	type Of,
	runId,
	sessionId,
	signedUs,
	text,
	ticket,
	uploadId,
	z,
} from "./schema.ts";
import { branchView, detail, jobView, kind, labDescription, labSummary, messageShapes, noteView, plan, runView, sessionView, speed } from "./views.ts";

export const contractVersion = 3;

const line = z.string().min(1).max(4_096);
const oneRun = z.strictObject({ run: runId });
const aboutRun = z.strictObject({ run: runView });

/** What a run waits for; looked at after every window. */
const waitFor = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("checkFails") }),
	/** A node states that it leads now. */
	z.strictObject({ kind: z.literal("leader") }),
	z.strictObject({ kind: z.literal("event"), event: kind, node: text(63).nullable() }),
]);

export const uploadPartBytesMax = 1_048_576;
const uploadBytesMax = 4_294_967_296;

export const calls = {
	// --- labs
	"labs.list": { request: nothing, reply: z.strictObject({ labs: list(labSummary, 10_000) }) },
	/** `guide` is Markdown, or empty; `text` the lab's own file. */
	"labs.describe": { request: z.strictObject({ lab: labId }), reply: z.strictObject({ lab: labDescription, guide: text(1_048_576), text: text(8_388_608) }) },

	// --- runs: starting and ending them
	"runs.start": {
		request: z.strictObject({
			lab: labId,
			variant: text(63).nullable(),
			/** Null: the usual one. */
			seed: z.union([z.int().min(0), z.literal("random")]).nullable(),
			/** As a person would write them: `servers` to `7`. */
			parameters: z.record(text(63), text(1_024)),
			untilUs: instantUs.nullable(),
			detail,
			/** Scheduled commands: `6s crash web-3`. */
			story: list(line, 1_000),
			speed,
			startPaused: z.boolean(),
			exploreRaces: z.boolean(),
			/** Null: named by lab and date. */
			session: sessionId.nullable(),
		}),
		reply: aboutRun,
	},
	"runs.list": { request: nothing, reply: z.strictObject({ runs: list(runView, 256) }) },
	/** A recorded branch, to be looked at. `salvage`: what is provably intact of a damaged file. */
	"runs.open": { request: z.strictObject({ session: sessionId, branch: branchNumber, salvage: z.boolean() }), reply: aboutRun },
	/** The plan: topology, names, checks; and what the services call the parts of their messages. Neither changes while the run is known. */
	"runs.describe": { request: oneRun, reply: z.strictObject({ run: runView, plan, bodies: messageShapes }) },
	/** Goes on with a recording that broke off, where it broke off. */
	"runs.continue": { request: z.strictObject({ session: sessionId, branch: branchNumber, speed, startPaused: z.boolean() }), reply: aboutRun },
	/**
	 * Another future from `atUs` on, with these commands first. The old one is kept. A fork is a branch
	 * of the same session; for that, a live run that is forked ends its recording where it is. With
	 * `separate`, the fork has a file of its own and the old run goes on.
	 */
	"runs.fork": {
		request: z.strictObject({
			run: runId,
			atUs: instantUs,
			/** Given at the fork: lines without an instant. */
			commands: list(line, 100),
			untilUs: instantUs.nullable(),
			separate: z.boolean(),
			speed,
			startPaused: z.boolean(),
		}),
		/** `refusals`: why commands made no sense at the fork, when it starts paused. */
		reply: z.strictObject({ run: runView, refusals: list(text(4_096), 100) }),
	},
	/** Ends a live run; it stays to be looked at. */
	"runs.stop": { request: oneRun, reply: aboutRun },
	/** From now on this window is told `status`, `lines` and `paused` of the run, until it says `unwatch` as often as it said this. */
	"runs.watch": { request: oneRun, reply: nothing },
	"runs.unwatch": { request: oneRun, reply: nothing },

	// --- runs: time
	"runs.play": { request: oneRun, reply: nothing },
	"runs.pause": { request: oneRun, reply: nothing },
	/** The next handler, command or network event. */
	"runs.stepEvent": { request: oneRun, reply: nothing },
	/** Until a message is delivered. */
	"runs.stepMessage": { request: oneRun, reply: nothing },
	"runs.setSpeed": { request: z.strictObject({ run: runId, speed }), reply: nothing },
	/** Plays until the instant or what is waited for, whichever comes first, and pauses. */
	"runs.runUntil": { request: z.strictObject({ run: runId, untilUs: instantUs.nullable(), waitFor: waitFor.nullable() }), reply: nothing },
	"runs.toEnd": { request: oneRun, reply: nothing },
	/**
	 * One line of the command grammar. Answered when it has taken effect, or at once when it is for later.
	 * @returns when it takes effect, its canonical form, and why it made no sense (empty when it did)
	 */
	"runs.command": {
		request: z.strictObject({ run: runId, line, atUs: instantUs.nullable() }),
		reply: z.strictObject({ atUs: instantUs, line: text(65_536), refusal: text(65_536) }),
	},

	...logCalls,

	// --- nodes
	/**
	 * What a node holds. Of a recorded run, or at an earlier instant, the run is repeated up to there;
	 * null asks a live run about its present.
	 */
	"nodes.inspect": {
		request: z.strictObject({ run: runId, node: nodeIndex, atUs: instantUs.nullable() }),
		reply: z.strictObject({
			atUs: instantUs,
			/** RAM by service; null when the node is down. Values are plain data. */
			services: z.record(z.string(), z.unknown()).nullable(),
			/** The drives, durable and not yet synced told apart. */
			disks: z.unknown(),
			wallUs: signedUs,
			skewUs: signedUs,
			/** That are set, the next to be due first; `dueUs` as the node's clock goes now. Null: this lab does not tell. */
			timers: list(z.strictObject({ name: text(1_024), dueUs: instantUs }), 10_000).nullable(),
			timersOmitted: count,
			/** Messages that wait for the node, because it is paused or stopped within an instant; `atUs` is when they came. */
			inbox: list(z.strictObject({ from: z.int(), sequence: z.int(), name: z.int(), atUs: instantUs }), 10_000).nullable(),
			inboxOmitted: count,
		}),
	},

	// --- the library
	"sessions.list": { request: nothing, reply: z.strictObject({ folder: text(4_096), sessions: list(sessionView, 10_000) }) },
	"sessions.describe": {
		request: z.strictObject({ session: sessionId }),
		reply: z.strictObject({
			session: sessionView,
			branches: list(branchView, 4_096),
			/** Sentences; empty when the file is sound. */
			damage: list(text(4_096), 1_000),
			labText: text(8_388_608),
		}),
	},
	/** Of one that is being recorded, its run goes on under the new name. */
	"sessions.rename": { request: z.strictObject({ session: sessionId, to: sessionId }), reply: nothing },
	/** Of one that is being recorded, as far as it has come. */
	"sessions.duplicate": { request: z.strictObject({ session: sessionId }), reply: z.strictObject({ session: sessionId }) },
	/** Moved, not removed. One that is being recorded has to be ended first. */
	"sessions.trash": { request: z.strictObject({ session: sessionId }), reply: nothing },
	/** What the window keeps beside a session: places of nodes, hidden lanes. The lab does not read it. */
	"sessions.readLayout": { request: z.strictObject({ session: sessionId }), reply: z.strictObject({ text: text(1_048_576).nullable() }) },
	"sessions.writeLayout": { request: z.strictObject({ session: sessionId, text: text(1_048_576) }), reply: nothing },
	"notes.list": { request: z.strictObject({ session: sessionId }), reply: z.strictObject({ notes: list(noteView, 100_000) }) },
	/** `eventIndex` -1: about nothing in particular. While the session is being recorded the note has no number yet: an id below zero. */
	"notes.add": {
		request: z.strictObject({ session: sessionId, branch: branchNumber, eventIndex: z.int().min(-1), text: z.string().min(1).max(16_384) }),
		reply: z.strictObject({ note: noteView }),
	},

	// --- work that takes long; `job` pushes tell how it goes
	/** Of a session that is being recorded, as far as it has come. */
	"jobs.verify": { request: z.strictObject({ session: sessionId, branch: branchNumber.nullable() }), reply: z.strictObject({ job: jobView }) },
	/** Everything, or what is shown: null filters mean all. */
	"jobs.export": {
		request: z.strictObject({
			run: runId,
			format: z.enum(exportFormats),
			fromUs: instantUs.nullable(),
			toUs: instantUs.nullable(),
			kinds: kindFilter,
			nodes: nodeFilter,
			/** A line of the search grammar: what it does not find is left out. */
			search: text(1_000).nullable(),
			/** For what is drawn: the instant of the topology (null: the end), and where the window has put things. */
			drawing: z
				.strictObject({
					atUs: instantUs.nullable(),
					theme: z.enum(["light", "dark"]),
					/** Of a report: who hands it in; empty: whoever the notes say. Kept nowhere but in the report. */
					by: text(200),
					places: list(z.strictObject({ vertex: index, x: z.number().min(-1e6).max(1e6), y: z.number().min(-1e6).max(1e6) }), 8_192),
				})
				.nullable(),
		}),
		reply: z.strictObject({ job: jobView }),
	},
	/** One box or many, on this machine; joins a measurement that is going on. */
	"jobs.coupling": { request: z.strictObject({}), reply: z.strictObject({ job: jobView }) },
	"jobs.cancel": { request: z.strictObject({ job: jobId }), reply: z.strictObject({ job: jobView }) },

	// --- files between the user and the lab
	/** Hands a made file to the user: the desktop asks where to, a browser is told what to download. */
	"files.save": {
		request: z.strictObject({ ticket }),
		reply: z.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("saved"), name: text(4_096) }),
			z.strictObject({ kind: z.literal("cancelled") }),
			z.strictObject({ kind: z.literal("download"), url: text(1_024) }),
		]),
	},
	/** A ticket for a copy of the session's file. Of one that is being recorded, it ends where the run was. */
	"files.session": { request: z.strictObject({ session: sessionId }), reply: z.strictObject({ ticket, name: text(255), bytes: count }) },
	/** What the page has drawn itself (SVG, PNG), to be saved like an export. */
	"files.keep": {
		request: z.strictObject({ name: text(255), mediaType: z.enum(["image/svg+xml", "image/png", "text/html", "text/plain"]), bytes: bytes(4_000_000) }),
		reply: z.strictObject({ ticket }),
	},
	/** The desktop's own dialog; null when the user thought better of it. */
	"files.open": { request: nothing, reply: z.strictObject({ session: sessionId.nullable() }) },
	/** A session from outside, part by part: dropped on the window or picked in a browser. */
	"uploads.begin": { request: z.strictObject({ name: text(255), bytes: z.int().min(1).max(uploadBytesMax) }), reply: z.strictObject({ upload: uploadId }) },
	"uploads.part": { request: z.strictObject({ upload: uploadId, part: bytes(uploadPartBytesMax) }), reply: z.strictObject({ received: count }) },
	/** Checks the file and takes it into the library. */
	"uploads.end": { request: z.strictObject({ upload: uploadId }), reply: z.strictObject({ session: sessionId }) },
	"uploads.abort": { request: z.strictObject({ upload: uploadId }), reply: nothing },
} as const satisfies { readonly [call: string]: { readonly request: z.ZodType; readonly reply: z.ZodType } };

export type CallName = keyof typeof calls;
export type CallRequest<Name extends CallName> = Of<(typeof calls)[Name]["request"]>;
export type CallReply<Name extends CallName> = Of<(typeof calls)[Name]["reply"]>;
export const callNames = Object.keys(calls) as readonly CallName[];
