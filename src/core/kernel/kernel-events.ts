/**
 * Writes the kernel's own events: control and what becomes of messages. One function a kind, so that
 * the rest of the kernel reads as sentences.
 */
import { encode, type PlainValue } from "../../shared/codec.ts";
import { layoutOf, writeUs } from "../../shared/event-record.ts";
import {
	type CommandOrigin,
	type CrashReason,
	commandOrigins,
	crashReasons,
	type Direction,
	type DriveFailureCause,
	type DropReason,
	directions,
	driveFailureCauses,
	dropReasons,
	type EventKind,
	type eventSchema,
} from "../../shared/event-schema.ts";
import type { EventLog } from "../event-log.ts";
import type { Flight } from "../network/flight.ts";
import type { NetworkLog } from "../network/network-log.ts";

type FieldValues<K extends EventKind> = { readonly [F in keyof (typeof eventSchema)[K]["fields"]]: number };

export class KernelEvents implements NetworkLog {
	readonly #log: EventLog;

	constructor(log: EventLog) {
		this.#log = log;
	}

	// --- control

	commandApplied(atUs: number, command: { readonly sequence: number; readonly origin: CommandOrigin; readonly line: string }): void {
		this.#write("commandApplied", { atUs, node: -1 }, { commandSequence: command.sequence, origin: commandOrigins.indexOf(command.origin) }, command.line);
	}

	commandRefused(atUs: number, command: { readonly sequence: number; readonly origin: CommandOrigin; readonly line: string }, why: string): void {
		this.#write(
			"commandRefused",
			{ atUs, node: -1 },
			{ commandSequence: command.sequence, origin: commandOrigins.indexOf(command.origin) },
			`${command.line}: ${why}`,
		);
	}

	nodeBooted(atUs: number, node: number, incarnation: number): void {
		this.#write("nodeBooted", { atUs, node }, { incarnation });
	}

	nodeCrashed(atUs: number, node: number, crash: { readonly incarnation: number; readonly reason: CrashReason; readonly detail: string }): void {
		this.#write("nodeCrashed", { atUs, node }, { incarnation: crash.incarnation, reason: crashReasons.indexOf(crash.reason) }, crash.detail);
	}

	nodeRestarting(atUs: number, node: number, readyUs: number): void {
		this.#write("nodeRestarting", { atUs, node }, { readyUs });
	}

	nodeMarked(kind: "nodePaused" | "nodeResumed" | "diskWiped", atUs: number, node: number): void {
		this.#write(kind, { atUs, node }, {});
	}

	nodeSlowed(atUs: number, node: number, factorMilli: number): void {
		this.#write("nodeSlowed", { atUs, node }, { factorMilli });
	}

	diskLost(atUs: number, node: number, fate: { readonly lost: number; readonly torn: number }): void {
		this.#write("diskLost", { atUs, node }, fate);
	}

	driveFailed(atUs: number, node: number, drive: number, cause: DriveFailureCause): void {
		this.#write("driveFailed", { atUs, node }, { drive, cause: driveFailureCauses.indexOf(cause) });
	}

	clockStepped(atUs: number, node: number, deltaUs: number): void {
		this.#write("clockStepped", { atUs, node }, { deltaUs });
	}

	clockDriftChanged(atUs: number, node: number, driftPpm: number): void {
		this.#write("clockDriftChanged", { atUs, node }, { driftPpm });
	}

	linkMarked(kind: "linkCut" | "linkHealed" | "linkClogged", atUs: number, link: number, direction: Direction): void {
		this.#write(kind, { atUs, node: -1 }, { link, direction: directions.indexOf(direction) });
	}

	linkChanged(atUs: number, link: number, direction: Direction, change: { readonly property: string; readonly value: number }): void {
		this.#write("linkChanged", { atUs, node: -1 }, { link, direction: directions.indexOf(direction) }, { ...change });
	}

	networkPartitioned(atUs: number, groups: readonly (readonly number[])[]): void {
		this.#write("networkPartitioned", { atUs, node: -1 }, {}, groups);
	}

	networkHealed(atUs: number): void {
		this.#write("networkHealed", { atUs, node: -1 }, {});
	}

	asked(atUs: number, node: number, askSequence: number, line: string): void {
		this.#write("asked", { atUs, node }, { askSequence }, line);
	}

	// --- network (NetworkLog)

	messageDropped(atUs: number, flight: Flight, link: number, reason: DropReason): void {
		const { sequence, copy, to, name } = flight;
		this.#write("messageDropped", { atUs, node: flight.from }, { sequence, copy, to, name, link, reason: dropReasons.indexOf(reason) });
	}

	messageDuplicated(atUs: number, flight: Flight, link: number): void {
		this.#write("messageDuplicated", { atUs, node: flight.from }, { sequence: flight.sequence, copy: flight.copy, link });
	}

	messageHeld(atUs: number, flight: Flight, link: number): void {
		this.#write("messageHeld", { atUs, node: flight.from }, { sequence: flight.sequence, copy: flight.copy, link });
	}

	messageForwarded(atUs: number, flight: Flight, vertex: number, link: number): void {
		this.#write("messageForwarded", { atUs, node: flight.from }, { sequence: flight.sequence, copy: flight.copy, vertex, link });
	}

	#write<K extends EventKind>(kind: K, at: { readonly atUs: number; readonly node: number }, values: FieldValues<K>, body?: PlainValue): void {
		const layout = layoutOf(kind);
		this.#log.write(layout, at, body === undefined ? undefined : encode(body), (words, start) => {
			for (const { name, type, offset } of layout.fields) {
				const value = (values as { readonly [field: string]: number })[name] as number;
				if (type === "us") writeUs(words, start + offset, value);
				else words[start + offset] = value;
			}
		});
	}
}
