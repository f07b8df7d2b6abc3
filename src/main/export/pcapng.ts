/**
 * Messages as packets, for Wireshark: a node is an address with a name and an interface, a message is
 * a datagram that goes out at one and comes in at another, in virtual microseconds. What is lost never
 * comes in; its end is a packet at the interface `network`, with the reason in its comment. What is no
 * message is left out.
 */
import { type Held, heldAscii, heldLine } from "../../shared/export-held.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { Names } from "../../shared/projection/named-fields.ts";
import { oneLine } from "../../shared/projection/preview.ts";
import { heldIn } from "./held.ts";
import { MessagesUnderWay, type SentMessage } from "./messages-under-way.ts";
import {
	datagram,
	enhancedPacket,
	interfaceDescription,
	nameResolution,
	type Option,
	payloadBytesMax,
	sectionHeader,
	textOption,
	wordOption,
} from "./pcapng-blocks.ts";
import { decodeEvent, type ExportFilter, type ExportSource, type IndexedEvent, isWanted, queryOf } from "./source.ts";
import { bodyValue, valueJson } from "./value-json.ts";

const codes = { comment: 1, applicationName: 4, interfaceName: 2, interfaceDescription: 3, address: 4, resolution: 9, flags: 2 } as const;
const titleCharsMax = 500;
/** Of what a reader can be asked to show. */
const recordCharsMax = 3_900;
const inbound = 1;
const outbound = 2;
/** A port that no protocol of Wireshark's claims. */
export const messagePort = 47_001;

/** 10.0.0.1 for the first node, and on. */
function addressOf(node: number): Uint8Array {
	const number = (node + 1) & 0xffff;
	return Uint8Array.of(10, 0, number >>> 8, number & 0xff);
}

function interfaces(plan: Plan): readonly Buffer[] {
	const resolution: Option = { code: codes.resolution, bytes: Uint8Array.of(6) };
	const ofNodes = plan.nodes.map(({ name, role }, node) =>
		interfaceDescription([
			textOption(codes.interfaceName, name),
			textOption(codes.interfaceDescription, role),
			{ code: codes.address, bytes: Buffer.concat([addressOf(node), Uint8Array.of(255, 255, 0, 0)]) },
			resolution,
		]),
	);
	return [
		...ofNodes,
		interfaceDescription([textOption(codes.interfaceName, "network"), textOption(codes.interfaceDescription, "where messages are lost or wait"), resolution]),
	];
}

class PacketWriter {
	readonly #source: ExportSource;
	readonly #names: Names;
	readonly #messages = new MessagesUnderWay();

	readonly #held: Held;

	constructor(source: ExportSource, held: Held) {
		this.#source = source;
		this.#held = held;
		this.#names = new Names(source.plan);
	}

	*head(): Generator<Buffer> {
		const { plan } = this.#source;
		const about = `${oneLine(plan.title, titleCharsMax)}\n${heldLine(this.#held)}\nTimes are virtual and begin with 1970.`;
		const record = heldAscii(this.#held, recordCharsMax);
		yield sectionHeader([textOption(codes.comment, about), textOption(codes.comment, record), textOption(codes.applicationName, "Quorate")]);
		yield* interfaces(plan);
		if (plan.nodes.length > 0) yield nameResolution(plan.nodes.map(({ name }, node) => ({ address: addressOf(node), name })));
	}

	/** @returns the packet that the event is, if it is one and wanted */
	take(event: IndexedEvent, isVisible: boolean): Buffer | undefined {
		const { kind, node, fields } = event;
		const sequence = Number(fields.sequence);
		const sender = kind === "messageDelivered" ? Number(fields.from) : node;
		const known = kind.startsWith("message") ? this.#messages.of(sender, sequence) : undefined;
		this.#messages.take(event);
		if (!isVisible) return undefined;
		switch (kind) {
			case "messageSent":
				return this.#packet(event, this.#messages.of(node, sequence), { interface: node, direction: outbound, from: node, to: Number(fields.to) });
			case "messageDelivered":
				return this.#packet(event, known, { interface: node, direction: inbound, from: sender, to: node });
			case "messageDropped":
				return this.#packet(event, known, { interface: this.#network, direction: 0, from: node, to: Number(fields.to) });
			case "messageDuplicated":
			case "messageHeld":
				return this.#packet(event, known, { interface: this.#network, direction: 0, from: node, to: known?.to ?? -1 });
			default:
				return undefined;
		}
	}

	get #network(): number {
		return this.#source.plan.nodes.length;
	}

	#packet(
		event: IndexedEvent,
		message: SentMessage | undefined,
		at: { readonly interface: number; readonly direction: number; readonly from: number; readonly to: number },
	): Buffer {
		const isKnown = at.interface >= 0 && at.interface <= this.#network;
		const bytes = datagram({
			source: addressOf(at.from),
			destination: addressOf(at.to),
			port: messagePort,
			identification: Number(event.fields.sequence),
			payload: this.#payload(event, message, at.from),
		});
		const options = [textOption(codes.comment, this.#comment(event, message, at)), ...(at.direction === 0 ? [] : [wordOption(codes.flags, at.direction)])];
		return enhancedPacket({ interface: isKnown ? at.interface : this.#network, atUs: event.atUs, bytes, options });
	}

	#comment(event: IndexedEvent, message: SentMessage | undefined, at: { readonly from: number; readonly to: number }): string {
		const name = this.#names.field("name", message?.name ?? event.fields.name ?? -1) ?? "message";
		const way = `${name} ${this.#names.node(at.from) ?? "?"} -> ${this.#names.node(at.to) ?? "?"}`;
		switch (event.kind) {
			case "messageSent":
				return way;
			case "messageDelivered":
				return `${way}, delivered after ${event.atUs - Number(event.fields.sentUs)} us`;
			case "messageDropped":
				return `${way}, lost: ${String(event.fields.reason)}`;
			default:
				return `${way}, ${eventText(event, this.#source.plan)}`;
		}
	}

	/** What the message carries, as one JSON object; null where its sending is not in the log. */
	#payload(event: IndexedEvent, message: SentMessage | undefined, from: number): Buffer {
		const name = this.#names.field("name", message?.name ?? event.fields.name ?? -1);
		const inReplyTo = Number((message?.sent ?? event).fields.inReplyTo ?? 0);
		const head = {
			kind: name,
			message: `${this.#names.node(from) ?? "?"}#${Number(event.fields.sequence)}`,
			...(Number(event.fields.copy ?? 0) > 0 ? { copy: Number(event.fields.copy) } : {}),
			...(inReplyTo === 0 ? {} : { inReplyTo }),
		};
		const body = message === undefined ? "null" : valueJson(bodyValue(message.sent.body));
		const whole = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"body":${body}}`, "utf8");
		if (whole.length <= payloadBytesMax) return whole;
		return Buffer.from(JSON.stringify({ ...head, body: { $tooLong: { bytes: whole.length, begin: body.slice(0, 8_192) } } }), "utf8");
	}
}

export function* pcapngBytes(source: ExportSource, filter: ExportFilter): Generator<Uint8Array | string> {
	const writer = new PacketWriter(source, heldIn(source, filter, "pcapng"));
	yield* writer.head();
	const { fromUs: _, ...fromTheStart } = queryOf(filter); // what was sent before may arrive within
	let passed = 0;
	for (const stored of source.events(fromTheStart)) {
		if (++passed % 1_024 === 0) yield "";
		const packet = writer.take(decodeEvent(stored), isWanted(stored, filter, source.plan));
		if (packet !== undefined) yield packet;
	}
}
