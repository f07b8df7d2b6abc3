/**
 * The fold that views draw from: live, replayed and imported runs go through the same `apply`. Reads
 * the record's words in place; its memory depends on the plan and not on the length of the run.
 * Knows no kernel and no view. Pure.
 */
import { linkProperties } from "../command.ts";
import { decodeRecord, offsetOf, readUs, recordAtWord, recordKindWord, recordNodeWord } from "../event-record.ts";
import { directions, dropReasons, type EventKind, eventSchema, logLevels } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { usPerSecond } from "../units.ts";
import { eventText } from "./event-text.ts";
import { decodeOrNull, oneLine } from "./preview.ts";
import { type FaultView, type LinkView, linkStatuses, type MessageCounts, type NodeView, nodeStatuses, type ProjectionSnapshot } from "./snapshot.ts";
import { TumblingSeconds } from "./tumbling.ts";

const faultsMax = 200;
const errorCharsMax = 160;

const ids = Object.fromEntries(Object.entries(eventSchema).map(([kind, { id }]) => [kind, id])) as { readonly [K in EventKind]: number };
const controlIdMax = Math.max(...Object.values(eventSchema).map((schema) => (schema.class === "control" ? schema.id : 0)));

const at = {
	crashIncarnation: offsetOf("nodeCrashed", "incarnation"),
	bootIncarnation: offsetOf("nodeBooted", "incarnation"),
	factorMilli: offsetOf("nodeSlowed", "factorMilli"),
	askedUs: offsetOf("computeFinished", "askedUs"),
	startedUs: offsetOf("computeFinished", "startedUs"),
	dropReason: offsetOf("messageDropped", "reason"),
	dropLink: offsetOf("messageDropped", "link"),
	logLevel: offsetOf("logLine", "level"),
};
/** The same in every kind that has both. */
const linkWord = offsetOf("linkCut", "link");
const directionWord = offsetOf("linkCut", "direction");

const down = nodeStatuses.indexOf("down");
const booting = nodeStatuses.indexOf("booting");
const up = nodeStatuses.indexOf("up");
const paused = nodeStatuses.indexOf("paused");
const both = directions.indexOf("both");
const errorLevel = logLevels.indexOf("error");

interface NodeError {
	readonly atUs: number;
	readonly text: string;
}

export class Projection {
	readonly #plan: Plan;
	#virtualUs = 0;
	#events = 0;
	#sent = 0;
	#delivered = 0;
	#duplicated = 0;
	#commandsApplied = 0;
	#commandsRefused = 0;
	readonly #dropped = new Float64Array(dropReasons.length);

	readonly #status: Uint8Array;
	readonly #incarnation: Int32Array;
	readonly #factorMilli: Int32Array;
	readonly #crashes: Float64Array;
	readonly #in: Float64Array;
	readonly #out: Float64Array;
	#errors: (NodeError | undefined)[];
	#busyUs: TumblingSeconds;
	/** Waiting for the CPU, and pieces of work that did. */
	#waitUs: TumblingSeconds;
	#works: TumblingSeconds;
	#inRate: TumblingSeconds;
	#outRate: TumblingSeconds;
	/** Start of the next second, for all of them. */
	#rollUs = usPerSecond;

	/** Two a link: forward, backward. */
	readonly #linkStatus: Uint8Array;
	readonly #linkDropped: Float64Array;
	#linkChanges = new Map<number, Map<string, string>>();
	#partition: readonly (readonly number[])[] | null = null;
	#faults: FaultView[] = [];

	constructor(plan: Plan) {
		const count = plan.nodes.length;
		this.#plan = plan;
		// Every node starts with the run: before its first boot it is no casualty.
		this.#status = new Uint8Array(count).fill(booting);
		this.#incarnation = new Int32Array(count);
		this.#factorMilli = new Int32Array(count).fill(1_000);
		this.#crashes = new Float64Array(count);
		this.#in = new Float64Array(count);
		this.#out = new Float64Array(count);
		this.#errors = plan.nodes.map(() => undefined);
		this.#busyUs = new TumblingSeconds(count);
		this.#waitUs = new TumblingSeconds(count);
		this.#works = new TumblingSeconds(count);
		this.#inRate = new TumblingSeconds(count);
		this.#outRate = new TumblingSeconds(count);
		this.#linkStatus = new Uint8Array(plan.links.length * 2);
		this.#linkDropped = new Float64Array(plan.links.length);
	}

	/** Another projection that stands where this one does. */
	clone(): Projection {
		const twin = new Projection(this.#plan);
		twin.#virtualUs = this.#virtualUs;
		twin.#events = this.#events;
		twin.#sent = this.#sent;
		twin.#delivered = this.#delivered;
		twin.#duplicated = this.#duplicated;
		twin.#commandsApplied = this.#commandsApplied;
		twin.#commandsRefused = this.#commandsRefused;
		twin.#dropped.set(this.#dropped);
		twin.#status.set(this.#status);
		twin.#incarnation.set(this.#incarnation);
		twin.#factorMilli.set(this.#factorMilli);
		twin.#crashes.set(this.#crashes);
		twin.#in.set(this.#in);
		twin.#out.set(this.#out);
		twin.#errors = [...this.#errors];
		twin.#busyUs = this.#busyUs.clone();
		twin.#waitUs = this.#waitUs.clone();
		twin.#works = this.#works.clone();
		twin.#inRate = this.#inRate.clone();
		twin.#outRate = this.#outRate.clone();
		twin.#rollUs = this.#rollUs;
		twin.#linkStatus.set(this.#linkStatus);
		twin.#linkDropped.set(this.#linkDropped);
		twin.#linkChanges = new Map([...this.#linkChanges].map(([link, changes]) => [link, new Map(changes)]));
		twin.#partition = this.#partition;
		twin.#faults = [...this.#faults];
		return twin;
	}

	get virtualUs(): number {
		return this.#virtualUs;
	}

	get events(): number {
		return this.#events;
	}

	/** Time passes though nothing happens. */
	advanceTo(virtualUs: number): void {
		if (virtualUs > this.#virtualUs) this.#virtualUs = virtualUs;
		if (virtualUs >= this.#rollUs) this.#roll(virtualUs);
	}

	/**
	 * Folds in the record at `start`; records come in log order.
	 * @param index its place in the log, where not every event is given
	 */
	apply(words: Int32Array, start: number, index = this.#events): void {
		const atUs = readUs(words, start + recordAtWord);
		const node = words[start + recordNodeWord] as number;
		this.#virtualUs = atUs;
		if (atUs >= this.#rollUs) this.#roll(atUs);
		this.#events = index + 1;
		const kind = words[start + recordKindWord] as number;
		switch (kind) {
			case ids.messageSent:
				this.#sent++;
				this.#out[node] = (this.#out[node] as number) + 1;
				this.#outRate.add(node, 1);
				return;
			case ids.messageDelivered:
				this.#delivered++;
				this.#in[node] = (this.#in[node] as number) + 1;
				this.#inRate.add(node, 1);
				return;
			case ids.computeFinished:
				this.#compute(words, start, node, atUs);
				return;
			case ids.messageDropped:
				this.#drop(words, start);
				return;
			case ids.messageDuplicated:
				this.#duplicated++;
				return;
			case ids.logLine:
				if (words[start + at.logLevel] === errorLevel) this.#error(words, start, node, atUs);
				return;
			case ids.diskFailed:
				this.#error(words, start, node, atUs);
				return;
			default:
				if (kind <= controlIdMax) this.#control(kind, words, start, index);
		}
	}

	messages(): MessageCounts {
		const dropped: { [reason in (typeof dropReasons)[number]]?: number } = {};
		for (const [index, reason] of dropReasons.entries()) if ((this.#dropped[index] as number) > 0) dropped[reason] = this.#dropped[index] as number;
		return { sent: this.#sent, delivered: this.#delivered, dropped, duplicated: this.#duplicated };
	}

	snapshot(): ProjectionSnapshot {
		return {
			virtualUs: this.#virtualUs,
			events: this.#events,
			messages: this.messages(),
			nodes: this.#plan.nodes.map((_, node) => this.#nodeView(node)),
			links: this.#plan.links.map((_, link) => this.#linkView(link)),
			partition: this.#partition,
			faults: [...this.#faults],
			commandsApplied: this.#commandsApplied,
			commandsRefused: this.#commandsRefused,
		};
	}

	#nodeView(node: number): NodeView {
		const { name, role, cores } = this.#plan.nodes[node] as Plan["nodes"][number];
		const error = this.#errors[node];
		return {
			name,
			role,
			status: nodeStatuses[this.#status[node] as number] as NodeView["status"],
			incarnation: this.#incarnation[node] as number,
			factorMilli: this.#factorMilli[node] as number,
			cpuWaitUs: Math.round(this.#waitUs.last(node) / Math.max(1, this.#works.last(node))),
			utilisationRatio: Math.min(1, this.#busyUs.last(node) / (usPerSecond * cores)),
			messagesIn: this.#in[node] as number,
			messagesOut: this.#out[node] as number,
			messagesInPerSecond: this.#inRate.last(node),
			messagesOutPerSecond: this.#outRate.last(node),
			crashes: this.#crashes[node] as number,
			lastError: error?.text ?? "",
			lastErrorUs: error?.atUs ?? -1,
		};
	}

	#linkView(link: number): LinkView {
		const changes = this.#linkChanges.get(link);
		return {
			name: (this.#plan.links[link] as Plan["links"][number]).name,
			forward: linkStatuses[this.#linkStatus[link * 2] as number] as LinkView["forward"],
			backward: linkStatuses[this.#linkStatus[link * 2 + 1] as number] as LinkView["backward"],
			dropped: this.#linkDropped[link] as number,
			changes: changes === undefined ? [] : [...changes].map(([what, value]) => `${what} ${value}`),
		};
	}

	#roll(atUs: number): void {
		this.#busyUs.roll(atUs);
		this.#waitUs.roll(atUs);
		this.#works.roll(atUs);
		this.#inRate.roll(atUs);
		this.#outRate.roll(atUs);
		this.#rollUs = this.#busyUs.endUs;
	}

	#compute(words: Int32Array, start: number, node: number, atUs: number): void {
		const startedUs = readUs(words, start + at.startedUs);
		this.#busyUs.addSpan(node, startedUs, atUs);
		this.#waitUs.add(node, startedUs - readUs(words, start + at.askedUs));
		this.#works.add(node, 1);
	}

	#drop(words: Int32Array, start: number): void {
		const reason = words[start + at.dropReason] as number;
		const link = words[start + at.dropLink] as number;
		this.#dropped[reason] = (this.#dropped[reason] as number) + 1;
		if (link >= 0) this.#linkDropped[link] = (this.#linkDropped[link] as number) + 1;
	}

	/** Control events are few: they may cost more. */
	#control(kind: number, words: Int32Array, start: number, index: number): void {
		const atUs = readUs(words, start + recordAtWord);
		const node = words[start + recordNodeWord] as number;
		switch (kind) {
			case ids.commandApplied:
				this.#commandsApplied++;
				return; // its effects follow
			case ids.commandRefused:
				this.#commandsRefused++;
				break;
			case ids.nodeBooted:
				this.#status[node] = up;
				this.#incarnation[node] = words[start + at.bootIncarnation] as number;
				if (this.#incarnation[node] === 1) return;
				break;
			case ids.nodeCrashed:
				this.#status[node] = down;
				this.#crashes[node] = (this.#crashes[node] as number) + 1;
				this.#error(words, start, node, atUs);
				break;
			case ids.nodeRestarting:
				this.#status[node] = booting;
				break;
			case ids.nodePaused:
				this.#status[node] = paused;
				break;
			case ids.nodeResumed:
				this.#status[node] = up;
				break;
			case ids.nodeSlowed:
				this.#factorMilli[node] = words[start + at.factorMilli] as number;
				break;
			default:
				this.#network(kind, words, start);
		}
		this.#fault(words, start, index);
	}

	#network(kind: number, words: Int32Array, start: number): void {
		switch (kind) {
			case ids.linkCut:
				this.#setLink(words, start, linkStatuses.indexOf("cut"));
				return;
			case ids.linkClogged:
				this.#setLink(words, start, linkStatuses.indexOf("clogged"));
				return;
			case ids.linkHealed:
				this.#setLink(words, start, linkStatuses.indexOf("up"));
				return;
			case ids.linkChanged:
				this.#changeLink(words, start);
				return;
			case ids.networkPartitioned: {
				const event = decodeRecord(words, start);
				if (typeof event !== "string") this.#partition = decodeOrNull(event.body) as readonly (readonly number[])[] | null;
				return;
			}
			case ids.networkHealed:
				this.#linkStatus.fill(0);
				this.#partition = null;
		}
	}

	#setLink(words: Int32Array, start: number, status: number): void {
		const link = words[start + linkWord] as number;
		const direction = words[start + directionWord] as number;
		if (direction === both || directions[direction] === "forward") this.#linkStatus[link * 2] = status;
		if (direction === both || directions[direction] === "backward") this.#linkStatus[link * 2 + 1] = status;
	}

	#changeLink(words: Int32Array, start: number): void {
		const event = decodeRecord(words, start);
		if (typeof event === "string") return;
		const change = decodeOrNull(event.body) as { readonly property?: unknown; readonly value?: unknown } | null;
		const link = words[start + linkWord] as number;
		const property = linkProperties.find((name) => name === change?.property);
		if (property === undefined || this.#plan.links[link] === undefined) return;
		const changes = this.#linkChanges.get(link) ?? new Map<string, string>();
		this.#linkChanges.set(link, changes);
		const direction = String(event.fields.direction);
		changes.set(direction === "both" ? property : `${property} ${direction}`, oneLine(String(change?.value), 40));
	}

	#error(words: Int32Array, start: number, node: number, atUs: number): void {
		const event = decodeRecord(words, start);
		if (typeof event === "string" || node < 0 || node >= this.#errors.length) return;
		const body = decodeOrNull(event.body);
		const detail = typeof body === "string" ? body : "";
		const reason = event.fields.reason === undefined ? "" : String(event.fields.reason);
		const text = [reason, detail].filter((part) => part !== "").join(": ");
		this.#errors[node] = { atUs, text: oneLine(text, errorCharsMax) };
	}

	#fault(words: Int32Array, start: number, index: number): void {
		const event = decodeRecord(words, start);
		if (typeof event === "string") return;
		if (this.#faults.length >= faultsMax * 2) this.#faults = this.#faults.slice(-faultsMax);
		this.#faults.push({ index, atUs: event.atUs, kind: event.kind, text: eventText(event, this.#plan) });
	}
}
