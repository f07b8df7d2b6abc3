/**
 * A made-up run for tests of the store and the exports: plausible traffic between a few nodes, the
 * same for the same seed, through the kernel's own log. It knows nothing of the kernel's physics.
 */

import { digestHeader, EventLog } from "../src/core/event-log.ts";
import { Philox } from "../src/core/random.ts";
import type { NewSession } from "../src/main/store/recording.ts";
import { wholeOf } from "../src/shared/byte-range.ts";
import { canonicalJson } from "../src/shared/canonical-json.ts";
import { encode, type PlainValue } from "../src/shared/codec.ts";
import { layoutOf, offsetOf, RecordBuffer, writeUs } from "../src/shared/event-record.ts";
import { type EventFields, type EventKind, eventSchemaVersion } from "../src/shared/event-schema.ts";
import type { LinkPhysics, Plan } from "../src/shared/plan.ts";
import type { RecordedCommand, SessionDetail } from "../src/shared/session.ts";

const physics: LinkPhysics = {
	floorUs: 500,
	jitter: { kind: "uniform", maxUs: 200 },
	lossRatio: 0.1,
	duplicateRatio: 0,
	corruptRatio: 0,
	reorderRatio: 0,
	reorderUs: 0,
	fifo: false,
	bitsPerSecond: 0,
	queueBytes: 65_536,
};

export function syntheticPlan(nodeCount = 3): Plan {
	const nodes = Array.from({ length: nodeCount }, (_, i) => ({
		name: `web-${i + 1}`,
		role: "web",
		region: 0,
		cores: 2,
		clock: { kind: "perfect", offsetUs: 0 } as const,
		disk: { drives: 1, capacityBytes: 1e9, writeUs: 100, readUs: 100, syncUs: 1_000, bytesPerSecond: 0, readErrorRatio: 0, tornRatio: 0 },
		bootDelayUs: 1_000,
		services: [{ service: "ping", config: { peers: ["web-1"], every: 10 } }],
	}));
	return {
		labId: "synthetic",
		labVersion: 1,
		title: "A made-up run",
		variant: "",
		parameters: { visitors: 12 },
		untilUs: 10_000_000,
		exploreRaces: false,
		regions: ["home"],
		nodes,
		switches: [{ name: "switch-1", region: 0 }],
		links: nodes.map(({ name }, i) => ({ name: `${name}~switch-1`, a: i, b: nodeCount, forward: physics, backward: physics })),
		story: [{ atUs: 2_000, line: "crash web-3" }],
		checks: [{ id: "calm", expression: "noClientErrors", shows: "nobody notices" }],
		names: ["ping.reply", "ping.request", "ping.timer", "ping.work"],
	};
}

export function syntheticSession(options: { readonly seed?: number; readonly detail?: SessionDetail; readonly plan?: Plan } = {}): NewSession {
	const { seed = 7, detail = "full", plan = syntheticPlan() } = options;
	const { labId, labVersion } = plan;
	return {
		header: {
			formatVersion: 1,
			engineVersion: 1,
			eventSchemaVersion,
			labId,
			labVersion,
			seed,
			detail,
			executor: "inline",
			digestHeader: digestHeader({ labId, labVersion, seed }),
			createdMs: 0,
		},
		labText: "id: synthetic\ntitle: A made-up run\n",
		planText: canonicalJson(plan),
	};
}

type Fields<K extends EventKind> = { readonly [F in EventFields<K>]: number };

/** Writes one event of any kind into the log. */
export function logEvent<K extends EventKind>(
	log: EventLog,
	kind: K,
	at: { atUs: number; node: number; lamport?: number },
	fields: Fields<K>,
	body?: PlainValue,
): void {
	const layout = layoutOf(kind);
	const buffer = new RecordBuffer(64);
	const start = buffer.begin(layout, at.atUs, at.node, at.lamport ?? 0, body === undefined ? undefined : wholeOf(encode(body)));
	for (const { name, type } of layout.fields) {
		const value = (fields as { readonly [field: string]: number })[name] as number;
		const at = start + offsetOf(kind, name as EventFields<K>);
		if (type === "us") writeUs(buffer.words, at, value);
		else buffer.words[at] = value;
	}
	log.append(buffer.words, start, buffer.length);
}

interface InFlight {
	readonly atUs: number;
	readonly from: number;
	readonly to: number;
	readonly sequence: number;
	readonly sentUs: number;
	readonly spanSequence: number;
	readonly isLost: boolean;
}

/** Plays `eventCount` events (or a few more) into the log. */
export function playSyntheticRun(
	log: EventLog,
	options: { readonly seed?: number; readonly eventCount: number; readonly onCommand?: (command: RecordedCommand) => void },
): void {
	const { seed = 7, eventCount, onCommand } = options;
	const random = new Philox(seed);
	const nodes = 3;
	const sequences = [0, 0, 0];
	const spans = [0, 0, 0];
	const inFlight: InFlight[] = [];
	let atUs = 0;
	let commands = 0;
	for (let node = 0; node < nodes; node++) logEvent(log, "nodeBooted", { atUs, node }, { incarnation: 1 });
	for (let step = 0; log.eventCount < eventCount; step++) {
		random.draw(3, step, 0, 0);
		atUs += 1 + (random.w0 % 400);
		while (inFlight[0] !== undefined && inFlight[0].atUs <= atUs) arrive(log, inFlight.shift() as InFlight);
		const from = random.w1 % nodes;
		const to = (from + 1 + (random.w2 % (nodes - 1))) % nodes;
		const sequence = bump(sequences, from);
		const spanSequence = bump(spans, from);
		logEvent(log, "timerFired", { atUs, node: from, lamport: step }, { name: 2, timerSequence: sequence });
		logEvent(
			log,
			"spanStarted",
			{ atUs, node: from },
			{ spanSequence, name: 3, traceNode: from, traceSequence: spanSequence, parentNode: -1, parentSequence: 0 },
		);
		const sent = { sequence, to, name: 1, expects: 1, inReplyTo: 0, traceNode: from, traceSequence: spanSequence, spanNode: from, spanSequence };
		logEvent(log, "messageSent", { atUs, node: from, lamport: step }, sent, {
			text: `=hello ${step}, "you"\n`,
			bytes: new Uint8Array([step & 255, 1, 2]),
			list: [null, true, -1.5],
		});
		const isLost = random.w3 % 10 === 0;
		inFlight.push({ atUs: atUs + 500, from, to, sequence, sentUs: atUs, spanSequence, isLost });
		if (step % 50 !== 49) continue;
		const command: RecordedCommand = { sequence: commands++, atUs, origin: step % 100 === 49 ? "user" : "lab", line: `slow web-${from + 1} ${step}x` };
		onCommand?.(command);
		logEvent(log, "commandApplied", { atUs, node: -1 }, { commandSequence: command.sequence, origin: command.origin === "lab" ? 0 : 1 }, command.line);
		logEvent(log, "nodeSlowed", { atUs, node: from }, { factorMilli: step * 1_000 });
	}
}

function arrive(log: EventLog, message: InFlight): void {
	const { atUs, from, to, sequence, sentUs, spanSequence, isLost } = message;
	if (isLost) {
		logEvent(log, "messageDropped", { atUs, node: from }, { sequence, copy: 0, to, name: 1, link: from, reason: 0 });
		logEvent(log, "spanFinished", { atUs, node: from }, { spanSequence, name: 3, status: 1, startedUs: sentUs }, { error: "timeout" });
		return;
	}
	logEvent(log, "messageDelivered", { atUs, node: to }, { from, sequence, copy: 0, name: 1, inReplyTo: 0, sentUs });
	logEvent(log, "computeFinished", { atUs, node: to }, { askedUs: atUs - 60, startedUs: atUs - 50 });
	logEvent(log, "spanFinished", { atUs, node: from }, { spanSequence, name: 3, status: 0, startedUs: sentUs }, { tries: 1 });
}

function bump(counters: number[], index: number): number {
	const next = (counters[index] as number) + 1;
	counters[index] = next;
	return next;
}

export function syntheticLog(session: NewSession): EventLog {
	return new EventLog(session.header.digestHeader);
}
