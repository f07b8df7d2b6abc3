/** Walks the blocks of a pcapng file and checks their structure; knows nothing of who wrote it. */

export interface WalkedPacket {
	readonly interface: number;
	readonly atUs: bigint;
	readonly bytes: Buffer;
	readonly comment: string;
	readonly flags: number;
}

export interface WalkedInterface {
	readonly name: string;
	readonly description: string;
	/** With its mask; empty where it has none. */
	readonly address: string;
}

export interface WalkedFile {
	/** What the section says of itself. */
	readonly about: readonly string[];
	readonly madeBy: string;
	readonly ends: readonly WalkedInterface[];
	readonly interfaces: readonly string[];
	readonly names: ReadonlyMap<string, string>;
	readonly packets: readonly WalkedPacket[];
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

const commentCode = 1;

/** @param comments gets every comment: of other options there is one */
function optionsOf(bytes: Buffer, comments: string[] = []): ReadonlyMap<number, Buffer> {
	const options = new Map<number, Buffer>();
	for (let at = 0; at < bytes.length; ) {
		const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
		if (code === 0) {
			if (length !== 0 || at + 4 !== bytes.length) throw new Error("the end of options is not the end");
			return options;
		}
		if (code === commentCode) comments.push(bytes.subarray(at + 4, at + 4 + length).toString("utf8"));
		options.set(code, bytes.subarray(at + 4, at + 4 + length));
		at += 4 + padded(length);
	}
	if (bytes.length > 0) throw new Error("options without an end");
	return options;
}

function namesOf(body: Buffer): readonly (readonly [string, string])[] {
	const names: (readonly [string, string])[] = [];
	for (let at = 0; ; ) {
		const [type, length] = [body.readUInt16LE(at), body.readUInt16LE(at + 2)];
		if (type === 0) return names;
		const value = body.subarray(at + 4, at + 4 + length);
		if (type !== 1 || value.at(-1) !== 0) throw new Error("no record of a name");
		names.push([[...value.subarray(0, 4)].join("."), value.subarray(4, -1).toString("utf8")]);
		at += 4 + padded(length);
	}
}

/** Twice the header's words, with its checksum, add up to all ones. */
function checkHeader(packet: Buffer): void {
	let sum = 0;
	for (let at = 0; at < 20; at += 2) sum += packet.readUInt16BE(at);
	while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
	if (sum !== 0xffff) throw new Error("the header's checksum is wrong");
	if (packet.readUInt16BE(2) !== packet.length || packet.readUInt16BE(24) !== packet.length - 20) throw new Error("the lengths of the headers are wrong");
}

/** @throws Error saying what breaks the format */
export function walkPcapng(file: Buffer): WalkedFile {
	const ends: WalkedInterface[] = [];
	const about: string[] = [];
	let section: ReadonlyMap<number, Buffer> = new Map();
	const names = new Map<string, string>();
	const packets: WalkedPacket[] = [];
	for (let at = 0; at < file.length; ) {
		const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
		if (length % 4 !== 0 || at + length > file.length || file.readUInt32LE(at + length - 4) !== length)
			throw new Error(`the block at ${at} has no good length`);
		const body = file.subarray(at + 8, at + length - 4);
		if (at === 0 && (type !== 0x0a0d0d0a || body.readUInt32LE(0) !== 0x1a2b3c4d)) throw new Error("it does not begin with a section");
		if (type === 1) {
			const options = optionsOf(body.subarray(8));
			if (options.get(9)?.[0] !== 6) throw new Error("an interface does not count in microseconds");
			if (body.readUInt16LE(0) !== 101) throw new Error("its packets do not begin with their IP header");
			const text = (code: number): string => options.get(code)?.toString("utf8") ?? "";
			ends.push({ name: text(2), description: text(3), address: [...(options.get(4) ?? [])].join(".") });
		} else if (type === 4) for (const [address, name] of namesOf(body)) names.set(address, name);
		else if (type === 6) {
			const captured = body.readUInt32LE(12);
			const bytes = body.subarray(20, 20 + captured);
			checkHeader(bytes);
			const options = optionsOf(body.subarray(20 + padded(captured)));
			packets.push({
				interface: body.readUInt32LE(0),
				atUs: (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)),
				bytes,
				comment: options.get(1)?.toString("utf8") ?? "",
				flags: options.get(2)?.readUInt32LE() ?? 0,
			});
		} else if (type === 0x0a0d0d0a) section = optionsOf(body.subarray(16), about);
		else throw new Error(`a block of type ${type}`);
		at += length;
	}
	return { about, madeBy: section.get(4)?.toString("utf8") ?? "", ends, interfaces: ends.map(({ name }) => name), names, packets };
}
