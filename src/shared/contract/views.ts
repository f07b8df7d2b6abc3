/**
 * What the lab tells about runs, sessions and labs: the shapes that replies and pushes are made of.
 * Pure.
 */
import { type MessageShapes, shapeDepthMax } from "../body-shape.ts";
import { dropReasons, type EventKind, eventKinds } from "../event-schema.ts";
import type { LabDescription } from "../lab/describe.ts";
import { labTopics } from "../lab/topics.ts";
import type { Plan } from "../plan.ts";
import type { BoardEntry } from "../projection/fact-board.ts";
import type { ProjectionSnapshot } from "../projection/snapshot.ts";
import { sessionDetails } from "../session.ts";
import { couplingReport } from "./coupling.ts";
import { contractErrorCodes } from "./errors.ts";
import {
	branchNumber,
	bytes,
	count,
	durationUs,
	index,
	instantUs,
	jobId,
	labId,
	list,
	nodeIndex,
	runId,
	sessionId,
	signedUs,
	text,
	ticket,
	z,
} from "./schema.ts";

export const nodesMax = 1_024;
/** Of records in one page, four bytes each. */
export const pageBytesMax = 8_388_608;

export const kind = z.enum(eventKinds as readonly [EventKind, ...EventKind[]]);
export const speed = z.union([z.number().min(0.01).max(100), z.literal("max")]);
export const detail = z.enum(sessionDetails);

export const errorView = z.strictObject({ code: z.enum(contractErrorCodes), message: text(65_536), kept: text(65_536), advice: text(65_536) });

export const thumbnailNodesMax = 100;
export const thumbnailLinksMax = 300;

/** What a small picture of a cluster is drawn from. */
const clusterView = {
	/** The plan's first nodes, then switches (role `switch`). */
	nodes: list(z.strictObject({ role: text(64), region: z.int().min(-1) }), thumbnailNodesMax),
	/** Pairs of indices into `nodes`. */
	links: list(z.tuple([index, index]), thumbnailLinksMax),
};

export const labSummary = z.strictObject({
	id: labId,
	title: text(1_024),
	shows: text(65_536),
	durationUs,
	topic: z.enum(labTopics).nullable(),
	place: z.int().nullable(),
	/** As it is with every parameter at its default. */
	cluster: z.strictObject(clusterView),
});
export const labDescription = z.looseObject({
	id: z.string(),
	title: z.string(),
	shows: z.string(),
	durationUs,
	parameters: z.array(z.looseObject({ name: z.string(), type: z.string() })),
	checks: z.array(z.looseObject({ id: z.string(), expression: z.string(), shows: z.string() })),
	variants: z.array(z.looseObject({ id: z.string(), title: z.string(), breaks: z.string() })),
}) as unknown as z.ZodType<LabDescription>;

const named = z.looseObject({ name: z.string(), region: z.int().min(-1) });
/** What the window leans on; the rest was checked when the lab was compiled or the file was opened. */
export const plan = z
	.looseObject({
		labId: z.string(),
		title: z.string(),
		untilUs: durationUs,
		regions: z.array(z.string()),
		nodes: z.array(named).min(1).max(nodesMax),
		switches: z.array(named),
		links: z.array(z.looseObject({ name: z.string(), a: index, b: index })),
		checks: z.array(z.looseObject({ id: z.string(), expression: z.string() })),
		names: z.array(z.string()),
	})
	.refine(({ nodes, switches, links }) => links.every(({ a, b }) => Math.max(a, b) < nodes.length + switches.length), "a link ends nowhere")
	.refine(
		({ nodes, switches, regions }) => [...nodes, ...switches].every(({ region }) => region < regions.length),
		"something lies in no region",
	) as unknown as z.ZodType<Plan>;

/** Shapes within shapes, to a bound. */
function shapeOf(depth: number): z.ZodType {
	const named = { name: text(64).optional() };
	if (depth === 0) return text(64);
	const inner = shapeOf(depth - 1);
	return z.union([
		text(64),
		z.strictObject({ name: text(64), words: list(text(64), 64) }),
		z.strictObject({ ...named, parts: list(inner, 64) }),
		z.strictObject({ ...named, each: inner }),
		z.strictObject({ ...named, within: z.record(text(64), inner) }),
	]);
}
const shape = shapeOf(shapeDepthMax).optional();
/** What the parts of bodies are called, by the names of messages; see body-shape.ts. */
export const messageShapes = z.record(text(200), z.strictObject({ body: shape, answer: shape })) as unknown as z.ZodType<MessageShapes>;

/** `live`: it has a present and can be acted on. `recorded`: it is looked at, and can be forked. */
const runKinds = ["live", "recorded"] as const;
/** `failed`: the run itself broke off, see its error; what was committed is in the file. */
const runModes = ["running", "paused", "ended", "failed"] as const;

/** One run, whether it goes on now or was opened from a file. */
export const runView = z.strictObject({
	run: runId,
	kind: z.enum(runKinds),
	mode: z.enum(runModes),
	/** Where it is recorded. */
	session: sessionId,
	branch: branchNumber,
	/** The run this one was forked from, while the service still knows it. */
	parent: runId.nullable(),
	/** 0 for a trunk. */
	forkUs: instantUs,
	labId: text(1_024),
	title: text(65_536),
	variant: text(1_024),
	seed: z.int().min(0),
	detail,
	executor: z.enum(["threads", "inline"]),
	/** How far it has come. */
	virtualUs: instantUs,
	/** Where it ends by itself. */
	untilUs: instantUs,
	events: count,
	/** How many of them are in the file, and so in reach of queries. */
	committedEvents: count,
	/** True when the run came to its own end. */
	finished: z.boolean(),
	error: errorView.nullable(),
});

const nodeView = z.looseObject({
	name: z.string(),
	role: z.string(),
	status: z.enum(["down", "booting", "up", "paused"]),
	incarnation: count,
	factorMilli: z.int(),
	utilisationRatio: z.number(),
	cpuWaitUs: z.number(),
	messagesIn: count,
	messagesOut: count,
	messagesInPerSecond: z.number(),
	messagesOutPerSecond: z.number(),
	crashes: count,
	lastError: z.string(),
	lastErrorUs: signedUs,
});
const linkStatus = z.enum(["up", "cut", "clogged"]);
const linkView = z.looseObject({ name: z.string(), forward: linkStatus, backward: linkStatus, dropped: count, changes: z.array(z.string()) });

/** The fold over the log; see projection/snapshot.ts. */
const snapshot = z.looseObject({
	virtualUs: instantUs,
	events: count,
	messages: z.looseObject({ sent: count, delivered: count, dropped: z.record(z.string(), count), duplicated: count }),
	nodes: z.array(nodeView).max(nodesMax),
	links: z.array(linkView),
	partition: z.array(z.array(z.int())).nullable(),
	faults: z.array(z.looseObject({ index, atUs: instantUs, kind, text: z.string() })),
	commandsApplied: count,
	commandsRefused: count,
}) as unknown as z.ZodType<ProjectionSnapshot>;

/**
 * A message on its way. Over one link when the lab is asked of its present; from end to end (`link` -1)
 * when it is told from the log.
 */
export const flightView = z.strictObject({
	from: z.int(),
	to: z.int(),
	sequence: z.int(),
	copy: z.int(),
	/** Index into the plan's names. */
	name: z.int(),
	/** It answers another message, by what its sender said; programs may answer by plain messages too. */
	isReply: z.boolean(),
	link: z.int(),
	/** True when it crosses its link from b to a. */
	backward: z.boolean(),
	enteredUs: instantUs,
	/** -1: not known, or not before a clogged link is healed. */
	arrivesUs: z.int().min(-1),
	/** Told from the log: whether it will arrive. Live, nobody knows yet, and `lost` is one that is no more. */
	fate: z.enum(["unknown", "delivered", "lost"]),
	/**
	 * Live, when it was lost, a moment ago: where it was between `enteredUs` and `arrivesUs`. Both are this instant
	 * where it is not known how far it had come. Null for all others.
	 */
	lostUs: instantUs.nullable(),
});
export const flightsMax = 2_000;

export const clockView = z.strictObject({
	/** What the node believes the time is. */
	wallUs: signedUs,
	/** Its distance from true time. */
	skewUs: signedUs,
});

export const verdictView = z.strictObject({
	id: text(1_024),
	ok: z.boolean(),
	/** True once nothing that follows can change `ok`. */
	final: z.boolean(),
	expression: text(65_536),
	observed: text(65_536),
	evidence: list(z.strictObject({ index, atUs: instantUs, text: text(65_536) }), 16),
});

/** Everything that is drawn of one instant. */
export const instantView = z.strictObject({
	view: snapshot,
	flights: list(flightView, flightsMax),
	/** More are under way than are told. */
	flightsOmitted: count,
	/** In the plan's order of nodes. */
	clocks: list(clockView, nodesMax),
	checks: list(verdictView, 65_536),
});

/** The latest statement of a node about a thing; see projection/fact-board.ts. */
export const boardEntry = z.strictObject({
	node: nodeIndex,
	/** Index into the plan's names. */
	name: count,
	/** Empty: about the node as a whole. */
	key: text(256),
	index,
	atUs: instantUs,
	/** Plain data. */
	value: z.unknown(),
}) as unknown as z.ZodType<BoardEntry>;

export const lineView = z.strictObject({ index, atUs: instantUs, tone: z.enum(["fault", "warning", "note"]), text: text(4_096) });

/** A run of records as they lie in the log; `readEventPage` takes them apart. */
export const eventPage = z.strictObject({
	/** Of each record, ascending. */
	indexes: list(index, 2_000),
	/** The records one after another: little-endian words as in event-record.ts. */
	words: bytes(pageBytesMax),
	/** Where to go on in the same direction; null: there is no more that fits. */
	nextIndex: index.nullable(),
	/** Events of the run that are in reach, whether or not they fit. */
	eventCount: count,
});

/** One message in the log, from its sending to what became of it. */
export const arrowView = z.strictObject({
	from: nodeIndex,
	to: nodeIndex,
	sequence: z.int(),
	copy: z.int(),
	name: z.int(),
	/** It answers another message; see `flightView`. */
	isReply: z.boolean(),
	sentIndex: index,
	sentUs: instantUs,
	/** -1: still under way where the log ends. */
	endIndex: z.int().min(-1),
	endUs: z.int().min(-1),
	fate: z.enum(["delivered", "lost", "underWay"]),
	/** Why it was lost; null when it was not. */
	reason: z.enum(dropReasons).nullable(),
});

export const spanView = z.strictObject({
	node: nodeIndex,
	sequence: z.int(),
	parentNode: z.int(),
	parentSequence: z.int(),
	name: z.int(),
	startedUs: instantUs,
	/** -1: not finished where the log ends. */
	finishedUs: z.int().min(-1),
	status: z.enum(["ok", "error", "open"]),
	startIndex: z.int().min(-1),
	finishIndex: z.int().min(-1),
	attributes: z.unknown(),
});

export const traceSummary = z.strictObject({
	traceNode: z.int(),
	traceSequence: z.int(),
	name: z.int(),
	startedUs: instantUs,
	finishedUs: z.int().min(-1),
	status: z.enum(["ok", "error", "open"]),
	spans: count,
});

export const branchView = z.strictObject({
	branch: branchNumber,
	parent: z.int().min(-1),
	name: text(1_024),
	forkIndex: index,
	forkUs: instantUs,
	eventCount: count,
	untilUs: instantUs,
	finished: z.boolean(),
	/** `failed`: and nothing that might follow could mend it. */
	checks: list(z.strictObject({ id: text(1_024), ok: z.boolean(), failed: z.boolean() }), 65_536),
});

export const thumbnailBuckets = 60;
export const thumbnailMarksMax = 60;

/** What a picture of a session in the library is drawn from; of its longest branch. Empty far down a long list. */
export const thumbnailView = z.strictObject({
	...clusterView,
	/** Events in each of `thumbnailBuckets` equal parts of the time up to here. */
	untilUs: instantUs,
	counts: list(count, thumbnailBuckets),
	/** What was done to the cluster: the first word of each command. */
	marks: list(z.strictObject({ atUs: instantUs, verb: text(16) }), thumbnailMarksMax),
	marksOmitted: count,
});

/** A file of the library, as far as it can be told without reading it whole. */
export const sessionView = z.strictObject({
	session: sessionId,
	bytes: count,
	/** Wall time, milliseconds since 1970. */
	changedMs: z.number(),
	/** Being recorded by a run of this service. */
	isLive: z.boolean(),
	/** Null when the file could not be looked into; `problem` says why. */
	content: z
		.strictObject({
			labId: text(1_024),
			title: text(65_536),
			variant: text(1_024),
			seed: z.int().min(0),
			detail,
			createdMs: count,
			events: count,
			untilUs: instantUs,
			branches: count,
			/** False when the recording broke off; such a run can be continued. */
			finished: z.boolean(),
			checksFailed: count,
			nodes: count,
			thumbnail: thumbnailView,
		})
		.nullable(),
	problem: errorView.nullable(),
});

export const noteView = z.strictObject({ id: z.int(), branch: branchNumber, eventIndex: z.int().min(-1), wallMs: z.number(), text: text(65_536) });

const jobStates = ["running", "done", "failed", "cancelled"] as const;
export const jobView = z.strictObject({
	job: jobId,
	kind: z.enum(["verify", "export", "coupling"]),
	state: z.enum(jobStates),
	/** Events dealt with, and how many there are to deal with. */
	done: count,
	total: count,
	error: errorView.nullable(),
	/** What verify found. */
	verdict: z
		.strictObject({
			same: z.boolean(),
			/** One sentence a branch. */
			branches: list(
				z.strictObject({
					branch: branchNumber,
					same: z.boolean(),
					events: count,
					text: text(4_096),
					/** The first event known to differ; null when none does. */
					index: index.nullable(),
					recorded: text(4_096).nullable(),
					repeated: text(4_096).nullable(),
				}),
				4_096,
			),
		})
		.nullable(),
	/** What export made; `files.save` gives it to the user. */
	file: z.strictObject({ ticket, name: text(255), mediaType: text(255), bytes: count }).nullable(),
	/** What was measured on this machine. */
	coupling: couplingReport.nullable(),
});
