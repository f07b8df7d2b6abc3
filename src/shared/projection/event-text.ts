/**
 * One sentence for every event, for people: the timeline of the command line and the lists of the
 * window speak the same words. Names come from the plan; a file may be wrong about anything, so an
 * index that names nobody is shown as it is. Not a format: nobody reads it back. Pure.
 */
import { type MessageShapes, nameBody } from "../body-shape.ts";
import type { PlainValue } from "../codec.ts";
import type { DecodedEvent } from "../event-record.ts";
import type { EventKind } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import { formatFactorMilli } from "../quantities.ts";
import { formatDurationUs } from "../units.ts";
import { decodeOrNull, oneLine, preview } from "./preview.ts";

/** Of groups, and of nodes in one, in a sentence. */
const shownMax = 64;

/** Instants of one log have one width: seconds with all six digits, `6.000000s`. */
export function formatInstant(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	return `${seconds}.${String(us - seconds * 1_000_000).padStart(6, "0")}s`;
}

/** Looks the event's words up in the plan. */
class Words {
	readonly #event: DecodedEvent;
	readonly #plan: Plan;
	readonly #bodies: MessageShapes;

	constructor(event: DecodedEvent, plan: Plan, bodies: MessageShapes) {
		this.#event = event;
		this.#plan = plan;
		this.#bodies = bodies;
	}

	number(field: string): number {
		const value = this.#event.fields[field];
		return typeof value === "number" ? value : 0;
	}

	text(field: string): string {
		return String(this.#event.fields[field] ?? "");
	}

	get self(): string {
		return this.#nodeName(this.#event.node);
	}

	node(field: string): string {
		return this.#nodeName(this.number(field));
	}

	name(field: string): string {
		return this.#plan.names[this.number(field)] ?? `name ${this.number(field)}`;
	}

	vertex(field: string): string {
		return indexOf(this.#plan).vertexNames[this.number(field)] ?? `vertex ${this.number(field)}`;
	}

	us(field: string): string {
		return formatDurationUs(this.number(field));
	}

	/** From an instant of the event's fields to the event. */
	since(field: string): string {
		return formatDurationUs(this.#event.atUs - this.number(field));
	}

	/** `a and b`, `a -> b` by the event's direction. */
	link(): string {
		const link = this.#plan.links[this.number("link")];
		if (link === undefined) return `link ${this.number("link")}`;
		const vertices = indexOf(this.#plan).vertexNames;
		const [a, b] = [vertices[link.a] ?? "?", vertices[link.b] ?? "?"];
		switch (this.text("direction")) {
			case "forward":
				return `from ${a} to ${b}`;
			case "backward":
				return `from ${b} to ${a}`;
			default:
				return `between ${a} and ${b}`;
		}
	}

	/** A message as commands name it, `client-1#42`, and which copy of it. */
	message(sender: string): string {
		const copy = this.number("copy");
		return `${sender}#${this.number("sequence")}${copy > 0 ? ` (copy ${copy})` : ""}`;
	}

	body(): string {
		return preview(carriedBy(this.#event, this.#plan, this.#bodies));
	}

	line(charsMax = 200): string {
		const value = decodeOrNull(this.#event.body);
		return typeof value === "string" ? oneLine(value, charsMax) : "";
	}

	groups(): string {
		const value = decodeOrNull(this.#event.body);
		const groups: readonly unknown[] = Array.isArray(value) ? value.slice(0, shownMax) : [];
		const texts = groups.map((group) => (Array.isArray(group) ? group.slice(0, shownMax).map((node) => this.#nodeName(Number(node))) : ["?"]).join(" "));
		return oneLine(texts.map((text) => `{${text}}`).join(" "), 200);
	}

	linkChange(): string {
		const value = decodeOrNull(this.#event.body) as { readonly property?: unknown; readonly value?: unknown } | null;
		return `${oneLine(String(value?.property ?? "?"), 40)} to ${oneLine(String(value?.value ?? "?"), 40)}`;
	}

	#nodeName(node: number): string {
		return this.#plan.nodes[node]?.name ?? (node === -1 ? "the cluster" : `node ${node}`);
	}
}

const crashTexts: { readonly [reason: string]: string } = {
	command: "crashed",
	exception: "crashed, because its program threw",
	hung: "was stopped, because a handler did not return",
	outOfMemory: "was stopped, because it ran out of memory",
};

const dropTexts: { readonly [reason: string]: string } = {
	loss: "lost on a link",
	corruption: "damaged on a link, and the checksum found it",
	cut: "lost on a link that was cut while it crossed",
	partition: "stopped by a partition",
	noRoute: "without a live path",
	queueFull: "refused by a full queue",
	nodeDown: "met a receiver that is down",
	tooLarge: "over the size limit",
	command: "dropped by hand",
};

const deathTexts: { readonly [cause: string]: string } = { wear: " of wear", start: ": it does not start again", command: "" };

const givers: { readonly [origin: string]: string } = { lab: "the story", user: "the user", watchdog: "the watchdog" };

function clause(condition: boolean, text: string): string {
	return condition ? text : "";
}

/** A sentence a kind; the compiler sees to it that none is missing. */
const texts: { readonly [kind in EventKind]: (words: Words) => string } = {
	commandApplied: (words) => `${givers[words.text("origin")] ?? "?"}: ${words.line()}`,
	commandRefused: (words) => `refused: ${words.line()} (given by ${givers[words.text("origin")] ?? "?"})`,
	nodeBooted: (words) => `${words.self} boots, incarnation ${words.number("incarnation")}`,
	nodeCrashed: (words) => `${words.self} ${crashTexts[words.text("reason")] ?? "crashed"}${clause(words.line() !== "", `: ${words.line()}`)}`,
	nodeRestarting: (words) => `${words.self} is switched on and will be up at ${formatInstant(words.number("readyUs"))}`,
	nodePaused: (words) => `${words.self} is paused`,
	nodeResumed: (words) => `${words.self} goes on`,
	nodeSlowed: (words) =>
		words.number("factorMilli") === 1_000
			? `${words.self} runs at normal speed`
			: `${words.self}'s CPU takes ${formatFactorMilli(words.number("factorMilli"))} as long`,
	diskWiped: (words) => `${words.self}'s disks are wiped`,
	diskLost: (words) => `${words.self} lost ${words.number("lost")} disk operations that were not synced; ${words.number("torn")} more are torn`,
	clockStepped: (words) => `${words.self}'s clock jumps by ${words.us("deltaUs")}`,
	clockDriftChanged: (words) => `${words.self}'s clock drifts by ${words.number("driftPpm")}ppm`,
	linkCut: (words) => `the link ${words.link()} is cut`,
	linkHealed: (words) => `the link ${words.link()} carries again`,
	linkClogged: (words) => `the link ${words.link()} is clogged`,
	linkChanged: (words) => `the link ${words.link()} changes ${words.linkChange()}`,
	networkPartitioned: (words) => `the network falls apart into ${words.groups()}`,
	networkHealed: () => "every link and partition is healed",
	driveFailed: (words) => `${words.self}'s drive ${words.number("drive")} dies${deathTexts[words.text("cause")] ?? ""}`,
	asked: (words) => `${words.self} is asked "${words.line()}"`,

	messageSent: (words) => {
		const answers = words.number("inReplyTo");
		return `${words.message(words.self)} to ${words.node("to")}: ${words.name("name")}${clause(answers !== 0, ` in reply to #${answers}`)}, ${words.body()}`;
	},
	messageDelivered: (words) => `${words.message(words.node("from"))} reaches ${words.self} after ${words.since("sentUs")}: ${words.name("name")}`,
	messageDropped: (words) =>
		`${words.message(words.self)} to ${words.node("to")} is lost: ${dropTexts[words.text("reason")] ?? words.text("reason")} (${words.name("name")})`,
	messageDuplicated: (words) => `${words.message(words.self)} is doubled on the link ${words.link()}`,
	messageHeld: (words) => `${words.message(words.self)} waits at the clogged link ${words.link()}`,
	messageForwarded: (words) => `${words.message(words.self)} passes ${words.vertex("vertex")}`,

	timerFired: (words) => `${words.self}'s timer ${words.name("name")} #${words.number("timerSequence")} fires`,
	computeFinished: (words) => {
		const waitedUs = words.number("startedUs") - words.number("askedUs");
		return `${words.self} computed for ${words.since("startedUs")}${clause(waitedUs > 0, ` after waiting for ${formatDurationUs(waitedUs)}`)}`;
	},
	diskWritten: (words) =>
		`${words.self} writes to drive ${words.number("drive")} (${words.text("operation")} #${words.number("diskSequence")}): ${words.body()}`,
	diskSynced: (words) => `${words.self}'s drive ${words.number("drive")} is durable up to #${words.number("diskSequence")}`,
	diskRead: (words) => `${words.self} reads ${words.line()} from drive ${words.number("drive")}, ${words.number("bytes")} bytes`,
	diskFailed: (words) => `${words.self}'s drive ${words.number("drive")} refuses ${words.line()}: ${words.text("reason")}`,
	spanStarted: (words) => `${words.self} begins ${words.name("name")} #${words.number("spanSequence")}`,
	spanFinished: (words) =>
		`${words.self} ends ${words.name("name")} #${words.number("spanSequence")}, ${words.text("status")} after ${words.since("startedUs")}, ${words.body()}`,
	logLine: (words) => `${words.self} says${clause(words.text("level") !== "info", ` (${words.text("level")})`)}: ${words.line()}`,
	measured: (words) => `${words.self} measures ${words.name("name")} = ${words.number("value")}`,
	answered: (words) => `${words.self} answers: ${words.line()}`,
	factStated: (words) => `${words.self} states ${words.name("name")}: ${words.body()}`,
};

/**
 * @param bodies what the parts of messages are called; those of other messages are told by their places
 * @returns one line without its instant, at most some hundreds of characters
 */
export function eventText(event: DecodedEvent, plan: Plan, bodies: MessageShapes = {}): string {
	return texts[event.kind](new Words(event, plan, bodies));
}

/** What an event carries; what a message carries has the names that its service gives to the parts. */
export function carriedBy({ kind, fields, body }: DecodedEvent, { names }: Pick<Plan, "names">, bodies: MessageShapes): PlainValue {
	const value = decodeOrNull(body);
	const name = kind === "messageSent" ? names[Number(fields.name)] : undefined;
	if (name === undefined || !Object.hasOwn(bodies, name)) return value;
	return nameBody(value, fields.inReplyTo === 0 ? bodies[name]?.body : bodies[name]?.answer);
}
