/** Packets are read by Wireshark's own reader where it is installed, and walked block by block everywhere. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "../support/command-line.ts";
import { bytesOf, type Line, linesOf, recordTrouble, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { walkPcapng } from "../support/pcapng-walk.ts";
import { logEvent, syntheticPlan } from "../synthetic-run.ts";

const folder = new Folder();
afterAll(() => folder.remove());
const capture = folder.file("run.pcapng");
let lines: readonly Line[] = [];
const messageSent = { sequence: 1, to: 1, name: 1, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0 };

beforeAll(async () => {
	const path = await recordTrouble(folder);
	await withSession(path, async (session) => {
		writeFileSync(capture, await bytesOf(session, "pcapng"));
		lines = await linesOf(session);
	});
});

const count = (kind: string): number => lines.filter((line) => line.kind === kind).length;

describe("packets, block by block", () => {
	test("are sealed, named and in the order of time, one for each thing that befell a message", async () => {
		const path = await recordTrouble(folder, "again.quorate");
		const { interfaces, names, packets } = walkPcapng(await withSession(path, (session) => bytesOf(session, "pcapng")));
		expect(interfaces).toEqual(["crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5", "network"]);
		expect([...names]).toContainEqual(["10.0.0.1", "crowd"]);
		const kinds = ["messageSent", "messageDelivered", "messageDropped", "messageDuplicated", "messageHeld"];
		expect(packets.length).toBe(kinds.reduce((sum, kind) => sum + count(kind), 0));
		packets.forEach((packet, i) => {
			expect(packet.atUs).toBeGreaterThanOrEqual(packets[i - 1]?.atUs ?? 0n);
			expect(packet.flags).toBe(packet.interface === interfaces.length - 1 ? 0 : packet.comment.includes("delivered after") ? 1 : 2);
		});
	});

	test("say what they are of, and who took them", async () => {
		const { about, madeBy, ends } = walkPcapng(readFileSync(capture));
		expect(about[0]).toBe("The front door\nfront-door, seed 1, session trouble, 1.000000s long; holds everything\nTimes are virtual and begin with 1970.");
		expect(madeBy).toBe("Quorate");
		expect(ends.slice(0, 2)).toEqual([
			{ name: "crowd", description: "client", address: "10.0.0.1.255.255.0.0" },
			{ name: "balancer", description: "balancer", address: "10.0.0.2.255.255.0.0" },
		]);
		expect(ends.at(-1)).toEqual({ name: "network", description: "where messages are lost or wait", address: "" });
	});

	test("say from whom to whom, which message it is, and what it carries", async () => {
		const { interfaces, packets } = walkPcapng(readFileSync(capture));
		const of = lines.filter(({ kind }) => /^message(Sent|Delivered|Dropped|Duplicated|Held)$/.test(kind));
		const sent = new Map(of.flatMap((line) => (line.kind === "messageSent" ? [[`${line.node}#${line.fields.sequence}`, line]] : [])));
		const address = (name: unknown): string => `10.0.0.${interfaces.indexOf(String(name)) + 1}`;
		packets.forEach(({ atUs, bytes, comment, ...packet }, i) => {
			const { kind, node, fields, ...line } = of[i] as Line;
			const from = kind === "messageDelivered" ? fields.from : node;
			const message = sent.get(`${from}#${fields.sequence}`) as Line;
			const { to, name, inReplyTo } = message.fields;
			expect(atUs).toBe(BigInt(line.atUs));
			expect(interfaces[packet.interface]).toBe(kind === "messageSent" || kind === "messageDelivered" ? node : "network");
			expect([bytes[0], bytes[8], bytes[9], bytes.readUInt16BE(4)]).toEqual([0x45, 64, 17, Number(fields.sequence) & 0xffff]);
			expect([[...bytes.subarray(12, 16)].join("."), [...bytes.subarray(16, 20)].join(".")]).toEqual([address(from), address(to)]);
			expect([bytes.readUInt16BE(20), bytes.readUInt16BE(22)]).toEqual([47_001, 47_001]);
			expect(JSON.parse(bytes.subarray(28).toString("utf8"))).toEqual({
				kind: name,
				message: `${from}#${fields.sequence}`,
				...(Number(fields.copy ?? 0) > 0 ? { copy: fields.copy } : {}),
				...(inReplyTo === 0 ? {} : { inReplyTo }),
				body: message.body,
			});
			const way = `${name} ${from} -> ${to}`;
			if (kind === "messageSent") expect(comment).toBe(way);
			if (kind === "messageDelivered") expect(comment).toBe(`${way}, delivered after ${line.atUs - message.atUs} us`);
			if (kind === "messageDropped") expect(comment).toBe(`${way}, lost: ${fields.reason}`);
			if (kind === "messageHeld") expect(comment.startsWith(`${way}, `) && / waits? /.test(comment), comment).toBe(true);
		});
	});

	test("of a part know what was sent before it, and show nothing of that", async () => {
		const source = new MemorySource();
		logEvent(source.log, "messageSent", { atUs: 10, node: 0 }, messageSent, "sent before");
		logEvent(source.log, "messageDelivered", { atUs: 30, node: 1 }, { from: 0, sequence: 1, copy: 0, name: 1, inReplyTo: 0, sentUs: 10 });
		logEvent(source.log, "messageSent", { atUs: 50, node: 0 }, { ...messageSent, sequence: 2 }, "sent after");
		const { packets } = walkPcapng(await bytesOf(source, "pcapng", { filter: { fromUs: 20, toUs: 40 } }));
		expect(packets.map(({ atUs, bytes }) => [atUs, JSON.parse(bytes.subarray(28).toString("utf8"))])).toEqual([
			[30n, { kind: "ping.request", message: "web-1#1", body: "sent before" }],
		]);
	});

	test("number messages in sixteen bits, as their headers have room for", async () => {
		const source = new MemorySource();
		logEvent(source.log, "messageSent", { atUs: 10, node: 0 }, { ...messageSent, sequence: 0x1_2345 }, null);
		expect(walkPcapng(await bytesOf(source, "pcapng")).packets[0]?.bytes.readUInt16BE(4)).toBe(0x2345);
	});

	test("keep an instant of many years, and messages larger than a datagram", async () => {
		const source = new MemorySource();
		const atUs = 285 * 365 * 86_400 * 1_000_000;
		logEvent(source.log, "messageSent", { atUs, node: 0 }, messageSent, "x".repeat(100_000));
		const [packet] = walkPcapng(await bytesOf(source, "pcapng")).packets;
		expect(packet?.atUs).toBe(BigInt(atUs));
		expect(JSON.parse(packet?.bytes.subarray(28).toString("utf8") ?? "")).toMatchObject({
			kind: "ping.request",
			body: { $tooLong: { bytes: expect.any(Number) } },
		});
	});

	test("hold together whatever nodes are called, and when an arrival's sending is not in the log", async () => {
		const plan = syntheticPlan();
		const source = new MemorySource({ ...plan, nodes: plan.nodes.map((node, i) => ({ ...node, name: ["a\0b", "ü".repeat(3_000), "😀"][i] as string })) });
		logEvent(source.log, "messageDelivered", { atUs: 1, node: 1 }, { from: 0, sequence: 7, copy: 0, name: 1, inReplyTo: 0, sentUs: 0 });
		logEvent(source.log, "messageDropped", { atUs: 2, node: 2 }, { sequence: 8, copy: 0, to: 1, name: 1, link: 0, reason: 2 });
		const { interfaces, packets } = walkPcapng(await bytesOf(source, "pcapng"));
		expect(interfaces[1]).toMatch(/^ü+$/);
		expect(packets.map(({ bytes }) => JSON.parse(bytes.subarray(28).toString("utf8")).body)).toEqual([null, null]);
	});
});

function tshark(...words: readonly string[]): readonly string[] {
	const { stdout, stderr, status } = spawnSync("tshark", ["-r", capture, "-N", "n", ...words], { encoding: "utf8", maxBuffer: 1 << 28 });
	if (status !== 0) throw new Error(stderr);
	return stdout.trimEnd().split("\n");
}

const isInstalled = spawnSync("tshark", ["--version"]).status === 0;

describe("packets, read by Wireshark", () => {
	test.skipIf(!isInstalled)("(where tshark is installed) are all there, with names, interfaces and virtual times", () => {
		const rows = tshark(
			"-T",
			"fields",
			"-e",
			"frame.time_epoch",
			"-e",
			"frame.interface_name",
			"-e",
			"ip.src_host",
			"-e",
			"ip.dst_host",
			"-e",
			"frame.comment",
		);
		const sent = lines.filter(({ kind }) => /^message(Sent|Delivered|Dropped|Duplicated|Held)$/.test(kind));
		expect(rows.length).toBe(sent.length);
		rows.forEach((row, i) => {
			const [time = "", at, from, to, comment = ""] = row.split("\t");
			const { kind, atUs, node, fields } = sent[i] as Line;
			expect(Math.round(Number(time) * 1e6)).toBe(atUs);
			if (kind === "messageSent") expect([at, from, to, comment]).toEqual([node, node, fields.to, `${fields.name} ${node} -> ${fields.to}`]);
			if (kind === "messageDelivered") expect([at, from, to]).toEqual([node, fields.from, node]);
			if (kind === "messageDropped")
				expect([at, from, to, comment]).toEqual(["network", node, fields.to, `${fields.name} ${node} -> ${fields.to}, lost: ${fields.reason}`]);
		});
	});

	test.skipIf(!isInstalled)("(where tshark is installed) are well-formed, and their bodies can be read as JSON", () => {
		expect(tshark("-Y", "_ws.malformed || ip.checksum.status == 0", "-o", "ip.check_checksum:TRUE")).toEqual([""]);
		const kinds = tshark("-d", "udp.port==47001,json", "-T", "fields", "-e", "json.value.string", "-Y", 'frame.comment contains "lost"');
		expect(kinds.length).toBe(count("messageDropped"));
		for (const row of kinds) expect(row).toMatch(/http\.|health/);
	});
});
