/**
 * The blocks of a pcapng file, little-endian, and the datagrams in them. Knows bytes and no run.
 *
 * @source IETF draft-ietf-opsawg-pcapng; RFC 791 (IPv4), RFC 768 (UDP)
 */

const linkTypeRaw = 101; // packets begin with their IP header
const optionTextMax = 4_000;

export interface Option {
	readonly code: number;
	readonly bytes: Uint8Array;
}

const padded = (length: number): number => (length + 3) & ~3;

/** A text without the zeros that would end it early, no longer than a reader can be asked to show. */
export function textOption(code: number, text: string): Option {
	const bytes = Buffer.from(text.replaceAll("\0", " "), "utf8");
	let end = Math.min(bytes.length, optionTextMax);
	// Cut between characters: a continuation byte is never the first of one.
	while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--;
	return { code, bytes: bytes.subarray(0, end) };
}

export function wordOption(code: number, value: number): Option {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value >>> 0);
	return { code, bytes };
}

function optionBytes(options: readonly Option[]): Buffer {
	const parts = options.flatMap(({ code, bytes }) => {
		const head = Buffer.alloc(4);
		head.writeUInt16LE(code, 0);
		head.writeUInt16LE(bytes.length, 2);
		return [head, bytes, Buffer.alloc(padded(bytes.length) - bytes.length)];
	});
	return options.length === 0 ? Buffer.alloc(0) : Buffer.concat([...parts, Buffer.alloc(4)]);
}

function block(type: number, body: readonly Uint8Array[]): Buffer {
	const length = 12 + body.reduce((sum, part) => sum + part.length, 0);
	const head = Buffer.alloc(8);
	head.writeUInt32LE(type, 0);
	head.writeUInt32LE(length, 4);
	const tail = Buffer.alloc(4);
	tail.writeUInt32LE(length, 0);
	return Buffer.concat([head, ...body, tail]);
}

export function sectionHeader(options: readonly Option[]): Buffer {
	const body = Buffer.alloc(16);
	body.writeUInt32LE(0x1a2b3c4d, 0);
	body.writeUInt16LE(1, 4);
	body.writeUInt16LE(0, 6);
	body.writeBigInt64LE(-1n, 8);
	return block(0x0a0d0d0a, [body, optionBytes(options)]);
}

export function interfaceDescription(options: readonly Option[]): Buffer {
	const body = Buffer.alloc(8);
	body.writeUInt16LE(linkTypeRaw, 0);
	return block(1, [body, optionBytes(options)]);
}

/** Names for addresses. */
export function nameResolution(names: readonly { readonly address: Uint8Array; readonly name: string }[]): Buffer {
	const records = names.flatMap(({ address, name }) => {
		const value = Buffer.concat([address, Buffer.from(`${name.replaceAll("\0", "_")}\0`, "utf8")]);
		const head = Buffer.alloc(4);
		head.writeUInt16LE(1, 0);
		head.writeUInt16LE(value.length, 2);
		return [head, value, Buffer.alloc(padded(value.length) - value.length)];
	});
	return block(4, [...records, Buffer.alloc(4)]);
}

export interface Packet {
	readonly interface: number;
	readonly atUs: number;
	readonly bytes: Uint8Array;
	readonly options: readonly Option[];
}

export function enhancedPacket({ interface: id, atUs, bytes, options }: Packet): Buffer {
	const body = Buffer.alloc(20);
	body.writeUInt32LE(id, 0);
	body.writeUInt32LE(Math.floor(atUs / 4_294_967_296), 4);
	body.writeUInt32LE(atUs % 4_294_967_296, 8);
	body.writeUInt32LE(bytes.length, 12);
	body.writeUInt32LE(bytes.length, 16);
	return block(6, [body, bytes, Buffer.alloc(padded(bytes.length) - bytes.length), optionBytes(options)]);
}

export interface Datagram {
	readonly source: Uint8Array;
	readonly destination: Uint8Array;
	readonly port: number;
	readonly identification: number;
	readonly payload: Uint8Array;
}

/** What fits into a datagram. */
export const payloadBytesMax = 60_000;

function headerChecksum(header: Buffer): number {
	let sum = 0;
	for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
	while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
	return ~sum & 0xffff;
}

/** IPv4 around UDP; the checksum over the payload is left out, as IPv4 allows. */
export function datagram({ source, destination, port, identification, payload }: Datagram): Buffer {
	const ip = Buffer.alloc(20);
	ip.writeUInt8(0x45, 0);
	ip.writeUInt16BE(28 + payload.length, 2);
	ip.writeUInt16BE(identification & 0xffff, 4);
	ip.writeUInt8(64, 8);
	ip.writeUInt8(17, 9);
	ip.set(source, 12);
	ip.set(destination, 16);
	ip.writeUInt16BE(headerChecksum(ip), 10);
	const udp = Buffer.alloc(8);
	udp.writeUInt16BE(port, 0);
	udp.writeUInt16BE(port, 2);
	udp.writeUInt16BE(8 + payload.length, 4);
	return Buffer.concat([ip, udp, payload]);
}
