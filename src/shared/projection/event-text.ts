/**
 * One sentence for every event, for people: the timeline of the command line and the lists of the
 * window speak the same words. Names come from the plan; a file may be wrong about anything, so an
 * index that names nobody is shown as it is. Not a format: nobody reads it back. Pure.
 */
import { unreachable } from "../errors.ts";
import type { DecodedEvent } from "../event-record.ts";
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import { formatFactorMilli } from "../quantities.ts";
import { formatDurationUs } from "../units.ts";
import { decodeOrNull, oneLine, preview } from "./preview.ts";

/** Instants of one log have one width: seconds with all six digits, `6.000000s`. */
export function formatInstant(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	return `${seconds}.${String(us - seconds * 1_000_000).padStart(6, "0")}s`;
}

/** Looks the event's words up in the plan. */
class Words {
	readonly #event: DecodedEvent;
	readonly #plan: Plan;

	constructor(event: DecodedEvent, plan: Plan) {
		this.#event = event;
		this.#plan = plan;
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
		return preview(decodeOrNull(this.#event.body));
	}

	line(charsMax = 200): string {
		const value = decodeOrNull(this.#event.body);
		return typeof value === "string" ? oneLine(value, charsMax) : "";
	}

	groups(): string {
		const value = decodeOrNull(this.#event.body);
		const groups: readonly unknown[] = Array.isArray(value) ? value : [];
		return groups.map((group) => `{${Array.isArray(group) ? group.map((node) => this.#nodeName(Number(node))).join(" ") : "?"}}`).join(" ");
	}

	linkChange(): string {
		const value = decodeOrNull(this.#event.body) as { readonly property?: unknown; readonly value?: unknown } | null;
		return `${String(value?.property ?? "?")} to ${String(value?.value ?? "?")}`;
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

const givers: { readonly [origin: string]: string } = { lab: "the story", user: "the user", watchdog: "the watchdog" };

function controlText(event: DecodedEvent, words: Words): string | undefined {
	switch (event.kind) {
		case "commandApplied":
			return `${givers[words.text("origin")] ?? "?"}: ${words.line()}`;
		case "commandRefused":
			return `refused: ${words.line()} (given by ${givers[words.text("origin")] ?? "?"})`;
		case "nodeBooted":
			return `${words.self} boots, incarnation ${words.number("incarnation")}`;
		case "nodeCrashed": {
			const detail = words.line();
			return `${words.self} ${crashTexts[words.text("reason")] ?? "crashed"}${detail === "" ? "" : `: ${detail}`}`;
		}
		case "nodeRestarting":
			return `${words.self} is switched on and will be up at ${formatInstant(words.number("readyUs"))}`;
		case "nodePaused":
			return `${words.self} is paused`;
		case "nodeResumed":
			return `${words.self} goes on`;
		case "nodeSlowed":
			return words.number("factorMilli") === 1_000
				? `${words.self} runs at normal speed`
				: `${words.self}'s CPU takes ${formatFactorMilli(words.number("factorMilli"))} as long`;
		case "diskWiped":
			return `${words.self}'s disks are wiped`;
		case "diskLost":
			return `${words.self} lost ${words.number("lost")} disk operations that were not synced; ${words.number("torn")} more are torn`;
		case "clockStepped":
			return `${words.self}'s clock jumps by ${words.us("deltaUs")}`;
		case "clockDriftChanged":
			return `${words.self}'s clock drifts by ${words.number("driftPpm")}ppm`;
		case "linkCut":
			return `the link ${words.link()} is cut`;
		case "linkHealed":
			return `the link ${words.link()} carries again`;
		case "linkClogged":
			return `the link ${words.link()} is clogged`;
		case "linkChanged":
			return `the link ${words.link()} changes ${words.linkChange()}`;
		case "networkPartitioned":
			return `the network falls apart into ${words.groups()}`;
		case "networkHealed":
			return "every link and partition is healed";
		case "asked":
			return `${words.self} is asked "${words.line()}"`;
		default:
			return undefined;
	}
}

function networkText(event: DecodedEvent, words: Words): string | undefined {
	switch (event.kind) {
		case "messageSent": {
			const answers = words.number("inReplyTo");
			const what = answers === 0 ? words.name("name") : `${words.name("name")} in reply to #${answers}`;
			return `${words.message(words.self)} to ${words.node("to")}: ${what}, ${words.body()}`;
		}
		case "messageDelivered":
			return `${words.message(words.node("from"))} reaches ${words.self} after ${formatDurationUs(event.atUs - words.number("sentUs"))}: ${words.name("name")}`;
		case "messageDropped":
			return `${words.message(words.self)} to ${words.node("to")} is lost: ${dropTexts[words.text("reason")] ?? words.text("reason")} (${words.name("name")})`;
		case "messageDuplicated":
			return `${words.message(words.self)} is doubled on the link ${words.link()}`;
		case "messageHeld":
			return `${words.message(words.self)} waits at the clogged link ${words.link()}`;
		case "messageForwarded":
			return `${words.message(words.self)} passes ${words.vertex("vertex")}`;
		default:
			return undefined;
	}
}

function nodeText(event: DecodedEvent, words: Words): string | undefined {
	switch (event.kind) {
		case "timerFired":
			return `${words.self}'s timer ${words.name("name")} #${words.number("timerSequence")} fires`;
		case "computeFinished": {
			const [askedUs, startedUs] = [words.number("askedUs"), words.number("startedUs")];
			const waited = startedUs > askedUs ? ` after waiting for ${formatDurationUs(startedUs - askedUs)}` : "";
			return `${words.self} computed for ${formatDurationUs(event.atUs - startedUs)}${waited}`;
		}
		case "diskWritten":
			return `${words.self} writes to drive ${words.number("drive")} (${words.text("operation")} #${words.number("diskSequence")}): ${words.body()}`;
		case "diskSynced":
			return `${words.self}'s drive ${words.number("drive")} is durable up to #${words.number("diskSequence")}`;
		case "diskRead":
			return `${words.self} reads ${words.line()} from drive ${words.number("drive")}, ${words.number("bytes")} bytes`;
		case "diskFailed":
			return `${words.self}'s drive ${words.number("drive")} refuses ${words.line()}: ${words.text("reason")}`;
		case "spanStarted":
			return `${words.self} begins ${words.name("name")} #${words.number("spanSequence")}`;
		case "spanFinished": {
			const took = formatDurationUs(event.atUs - words.number("startedUs"));
			return `${words.self} ends ${words.name("name")} #${words.number("spanSequence")}, ${words.text("status")} after ${took}, ${words.body()}`;
		}
		case "logLine":
			return `${words.self} says${words.text("level") === "info" ? "" : ` (${words.text("level")})`}: ${words.line()}`;
		case "measured":
			return `${words.self} measures ${words.name("name")} = ${words.number("value")}`;
		case "answered":
			return `${words.self} answers: ${words.line()}`;
		default:
			return undefined;
	}
}

/** @returns one line without its instant, at most some hundreds of characters */
export function eventText(event: DecodedEvent, plan: Plan): string {
	const words = new Words(event, plan);
	const text = controlText(event, words) ?? networkText(event, words) ?? nodeText(event, words);
	return text ?? unreachable(event.kind as never);
}
