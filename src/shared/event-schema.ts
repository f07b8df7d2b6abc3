/**
 * Every kind of event there is: the vocabulary of the log, the store, the views and the exports.
 *
 * A kind is a stable number, a version and a fixed list of fields. On the wire and on disk an event
 * is a run of 32-bit words (see event-record.ts); this table alone says what they mean, so readers,
 * docs/events.md and the checks are all derived from it. Ids are never reused; a changed meaning is
 * a new version, and the session format (docs/session-format.md) says how old ones are read.
 */

/**
 * - `int`: signed 32-bit integer.
 * - `us`: signed 53-bit integer in microseconds (two words).
 * - `node`, `link`, `vertex`, `name`: an index into the plan's table of that name (`-1`: none).
 * - an array of strings: an enumeration; the word holds the index.
 */
export type FieldType = "int" | "us" | "node" | "link" | "vertex" | "name" | readonly string[];

/** What the variable part holds, if there is one: a codec value of the type told. */
export type BodyType = "none" | "value" | "text";

/** Who appends it: decides nothing, but tells a reader which part of the house speaks. */
export type EventClass = "control" | "network" | "node";

export interface EventKindSchema {
	readonly id: number;
	readonly version: number;
	readonly class: EventClass;
	readonly summary: string;
	readonly fields: { readonly [field: string]: FieldType };
	readonly body: BodyType;
	readonly bodySummary?: string;
}

export const dropReasons = [
	"loss", // the link's loss draw
	"corruption", // the checksum failed on arrival
	"cut", // the link went down while the message crossed it
	"partition", // a partition stood between sender and receiver
	"noRoute", // no live path
	"queueFull", // the bandwidth queue had no room
	"nodeDown", // the receiver was down on arrival
	"tooLarge", // over the message limit
	"command", // dropped by hand
] as const;
export type DropReason = (typeof dropReasons)[number];

export const crashReasons = ["command", "exception", "hung", "outOfMemory"] as const;
export type CrashReason = (typeof crashReasons)[number];

export const directions = ["both", "forward", "backward"] as const;
export type Direction = (typeof directions)[number];

export const commandOrigins = ["lab", "user", "watchdog"] as const;
export type CommandOrigin = (typeof commandOrigins)[number];

export const diskOperations = ["append", "put", "remove"] as const;
export const diskFailures = ["full", "readError", "notFound", "corrupt", "dead"] as const;
/** `wear`: its time had come; `start`: it did not start again with its machine. */
export const driveFailureCauses = ["wear", "start", "command"] as const;
export type DriveFailureCause = (typeof driveFailureCauses)[number];
export const spanStatuses = ["ok", "error"] as const;
/** Whether the sender of a message waits for a reply to it. */
export const messageExpectations = ["nothing", "reply"] as const;
export const logLevels = ["debug", "info", "warn", "error"] as const;

const trace = { traceNode: "node", traceSequence: "int", spanNode: "node", spanSequence: "int" } as const;

export const eventSchema = {
	// --- control: faults and commands, applied at an exact instant before any node runs at it
	commandApplied: {
		id: 1,
		version: 1,
		class: "control",
		summary: "A command took effect.",
		fields: { commandSequence: "int", origin: commandOrigins },
		body: "text",
		bodySummary: "the command's canonical line",
	},
	commandRefused: {
		id: 2,
		version: 1,
		class: "control",
		summary: "A command made no sense at its instant and changed nothing.",
		fields: { commandSequence: "int", origin: commandOrigins },
		body: "text",
		bodySummary: "the line, a colon, and why",
	},
	nodeBooted: {
		id: 3,
		version: 1,
		class: "control",
		summary: "A node started with empty RAM and whatever its disk kept.",
		fields: { incarnation: "int" },
		body: "none",
	},
	nodeCrashed: {
		id: 4,
		version: 1,
		class: "control",
		summary: "A node stopped; its RAM is gone, its synced disk stays.",
		fields: { incarnation: "int", reason: crashReasons },
		body: "text",
		bodySummary: "what was thrown, or empty",
	},
	nodeRestarting: {
		id: 5,
		version: 1,
		class: "control",
		summary: "A node was switched on and will have booted at readyUs.",
		fields: { readyUs: "us" },
		body: "none",
	},
	nodePaused: { id: 6, version: 1, class: "control", summary: "A node stopped running without losing anything.", fields: {}, body: "none" },
	nodeResumed: { id: 7, version: 1, class: "control", summary: "A paused node went on; what waited is handled now.", fields: {}, body: "none" },
	nodeSlowed: {
		id: 8,
		version: 1,
		class: "control",
		summary: "A node's CPU takes factorMilli / 1000 times as long from now on.",
		fields: { factorMilli: "int" },
		body: "none",
	},
	diskWiped: { id: 9, version: 1, class: "control", summary: "A node's disks are empty.", fields: {}, body: "none" },
	diskLost: {
		id: 10,
		version: 1,
		class: "control",
		summary: "A crash threw away unsynced disk operations.",
		fields: { lost: "int", torn: "int" },
		body: "none",
	},
	clockStepped: { id: 11, version: 1, class: "control", summary: "A node's wall clock jumped by deltaUs.", fields: { deltaUs: "us" }, body: "none" },
	clockDriftChanged: {
		id: 12,
		version: 1,
		class: "control",
		summary: "A node's clocks run driftPpm fast (negative: slow).",
		fields: { driftPpm: "int" },
		body: "none",
	},
	linkCut: {
		id: 13,
		version: 1,
		class: "control",
		summary: "A link carries nothing in this direction; what crossed it is lost.",
		fields: { link: "link", direction: directions },
		body: "none",
	},
	linkHealed: {
		id: 14,
		version: 1,
		class: "control",
		summary: "A link carries again (a clog lets go of what it held).",
		fields: { link: "link", direction: directions },
		body: "none",
	},
	linkClogged: {
		id: 15,
		version: 1,
		class: "control",
		summary: "A link holds everything it is given until it is healed.",
		fields: { link: "link", direction: directions },
		body: "none",
	},
	linkChanged: {
		id: 16,
		version: 1,
		class: "control",
		summary: "A property of a link was changed.",
		fields: { link: "link", direction: directions },
		body: "value",
		bodySummary: "{ property, value }",
	},
	networkPartitioned: {
		id: 17,
		version: 1,
		class: "control",
		summary: "Groups of nodes can no longer reach each other.",
		fields: {},
		body: "value",
		bodySummary: "node indices, an array a group",
	},
	networkHealed: { id: 18, version: 1, class: "control", summary: "Every cut, clog and partition ended.", fields: {}, body: "none" },
	asked: {
		id: 19,
		version: 1,
		class: "control",
		summary: "A user typed a line at a node.",
		fields: { askSequence: "int" },
		body: "text",
		bodySummary: "the line",
	},
	driveFailed: {
		id: 20,
		version: 1,
		class: "control",
		summary: "A drive died for good, with all that was on it.",
		fields: { drive: "int", cause: driveFailureCauses },
		body: "none",
	},

	// --- network
	messageSent: {
		id: 32,
		version: 1,
		class: "network",
		summary: "A program handed a message to the network.",
		fields: { sequence: "int", to: "node", name: "name", expects: messageExpectations, inReplyTo: "int", ...trace },
		body: "value",
		bodySummary: "what the message carries",
	},
	messageDelivered: {
		id: 33,
		version: 1,
		class: "network",
		summary: "A message reached its program (node is the receiver).",
		fields: { from: "node", sequence: "int", copy: "int", name: "name", inReplyTo: "int", sentUs: "us" },
		body: "none",
	},
	messageDropped: {
		id: 34,
		version: 1,
		class: "network",
		summary: "A message was lost (node is the sender).",
		fields: { sequence: "int", copy: "int", to: "node", name: "name", link: "link", reason: dropReasons },
		body: "none",
	},
	messageDuplicated: {
		id: 35,
		version: 1,
		class: "network",
		summary: "A link made a second copy of a message (node is the sender).",
		fields: { sequence: "int", copy: "int", link: "link" },
		body: "none",
	},
	messageHeld: {
		id: 36,
		version: 1,
		class: "network",
		summary: "A clogged link took a message and holds it (node is the sender).",
		fields: { sequence: "int", copy: "int", link: "link" },
		body: "none",
	},
	messageForwarded: {
		id: 37,
		version: 1,
		class: "network",
		summary: "A switch or region passed a message on (node is the sender).",
		fields: { sequence: "int", copy: "int", vertex: "vertex", link: "link" },
		body: "none",
	},

	// --- node: what programs do
	timerFired: {
		id: 48,
		version: 1,
		class: "node",
		summary: "A timer of the node's own clock ran out.",
		fields: { name: "name", timerSequence: "int" },
		body: "none",
	},
	computeFinished: {
		id: 49,
		version: 1,
		class: "node",
		summary: "The CPU finished a piece of work it started at startedUs, asked for at askedUs.",
		fields: { askedUs: "us", startedUs: "us" },
		body: "none",
	},
	diskWritten: {
		id: 50,
		version: 1,
		class: "node",
		summary: "A write reached the drive's cache; it is durable only after a later diskSynced.",
		fields: { drive: "int", diskSequence: "int", operation: diskOperations },
		body: "value",
		bodySummary: "[path, bytes]",
	},
	diskSynced: {
		id: 51,
		version: 1,
		class: "node",
		summary: "Every write of the drive up to diskSequence is durable.",
		fields: { drive: "int", diskSequence: "int" },
		body: "none",
	},
	diskRead: {
		id: 52,
		version: 1,
		class: "node",
		summary: "A file was read.",
		fields: { drive: "int", diskSequence: "int", bytes: "int" },
		body: "text",
		bodySummary: "the path",
	},
	diskFailed: {
		id: 53,
		version: 2,
		class: "node",
		summary: "A drive refused an operation.",
		fields: { drive: "int", diskSequence: "int", reason: diskFailures },
		body: "text",
		bodySummary: "the path",
	},
	spanStarted: {
		id: 54,
		version: 1,
		class: "node",
		summary: "A piece of a request's work began (W3C trace context, with node and sequence as ids).",
		fields: { spanSequence: "int", name: "name", traceNode: "node", traceSequence: "int", parentNode: "node", parentSequence: "int" },
		body: "none",
	},
	spanFinished: {
		id: 55,
		version: 1,
		class: "node",
		summary: "A piece of a request's work ended.",
		fields: { spanSequence: "int", name: "name", status: spanStatuses, startedUs: "us" },
		body: "value",
		bodySummary: "attributes",
	},
	logLine: { id: 56, version: 1, class: "node", summary: "A program wrote a line.", fields: { level: logLevels }, body: "text", bodySummary: "the line" },
	measured: { id: 57, version: 1, class: "node", summary: "A program reported a number.", fields: { name: "name", value: "us" }, body: "none" },
	answered: {
		id: 58,
		version: 1,
		class: "node",
		summary: "A node answered what a user had typed.",
		fields: { askSequence: "int" },
		body: "text",
		bodySummary: "the answer",
	},
	factStated: {
		id: 59,
		version: 1,
		class: "node",
		summary: "A program stated a fact by which an invariant of its service is judged.",
		fields: { name: "name" },
		body: "value",
		bodySummary: "the fact",
	},
} as const satisfies { readonly [kind: string]: EventKindSchema };

export type EventKind = keyof typeof eventSchema;
export type EventFields<K extends EventKind> = keyof (typeof eventSchema)[K]["fields"] & string;

export const eventKinds = Object.keys(eventSchema) as readonly EventKind[];

/** Kind by id; holes are undefined. */
export const eventKindById: readonly (EventKind | undefined)[] = (() => {
	const byId: (EventKind | undefined)[] = [];
	for (const kind of eventKinds) byId[eventSchema[kind].id] = kind;
	return byId;
})();

/** Version of the table as a whole: raised whenever any kind is added or changed. */
export const eventSchemaVersion = 3;
