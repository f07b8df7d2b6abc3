/** One session of each format is kept for ever, and must always be read as it was meant. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSession, type Session } from "../src/main/store/reader.ts";
import { SessionWriter } from "../src/main/store/writer.ts";
import { recordLengthWord } from "../src/shared/event-record.ts";

let folder = "";
let path = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-formats-"));
	path = join(folder, "old.quorate");
	copyFileSync(join(import.meta.dirname, "sessions/format-1.quorate"), path);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A hash over every stored event of a branch, with its index. */
function hashOfEvents(session: Session, branch: number): string {
	const hash = createHash("sha256");
	for (const { index, words, start } of session.events({ branch })) {
		const record = words.subarray(start, start + (words[start + recordLengthWord] as number));
		hash.update(`${index}:${record.join(",")};`);
	}
	return hash.digest("hex");
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function factsOf(session: Session): object {
	const { header, labText, plan } = session;
	return {
		header: { seed: header.seed, labId: header.labId, detail: header.detail, digestHeader: header.digestHeader },
		lab: [labText.length, plan.title, plan.nodes.map(({ name }) => name)],
		branches: session.branches.map(({ branch, parent, forkIndex, forkUs, name, head }) => {
			const { eventCount, untilUs, digest, finished, verdicts } = head;
			const commands = [...session.commands(branch)].map(({ sequence, atUs, origin, line }) => `${sequence} ${atUs} ${origin} ${line}`);
			return {
				branch,
				parent,
				forkIndex,
				forkUs,
				name,
				eventCount,
				untilUs,
				digest: hex(digest),
				finished,
				verdicts,
				commands: [commands.length, commands.at(-1)],
				events: hashOfEvents(session, branch),
			};
		}),
		notes: [...session.notes()],
	};
}

/** What test/support/write-format-session.ts put in, looked up once and never to change. */
const format1 = {
	branches: [
		{
			branch: 0,
			commands: [7, "6 71403 user slow web-2 349x"],
			digest: "698b5d024bba7081064a98f00242de6264b19b9f71fddfd60b362c37a24debca",
			eventCount: 2102,
			events: "c7512583d8cbb3b7558fea4a998055c24298ae5dfdc3778ce82dc1500db3d321",
			finished: true,
			forkIndex: 0,
			forkUs: 0,
			name: "trunk",
			parent: -1,
			untilUs: 72261,
			verdicts: [{ evidence: [7, 9], id: "calm", ok: false }],
		},
		{
			branch: 1,
			commands: [5, "4 50593 user slow web-3 249x"],
			digest: "0999d8674f9a752b49d5d695c85ee810fb142ca95e8e2ff0de7873f52593afd9",
			eventCount: 1520,
			events: "95d1fdf85715c8b6e9254eeb2ccdfa11c453ecb62705623baa4016a3dae626b2",
			finished: false,
			forkIndex: 1510,
			forkUs: 51295,
			name: "what if",
			parent: 0,
			untilUs: 51305,
			verdicts: [],
		},
	],
	header: { detail: "messages", digestHeader: "quorate engine 1 events 2 lab synthetic 1 seed 7", labId: "synthetic", seed: 7 },
	lab: [35, "A made-up run", ["web-1", "web-2", "web-3"]],
	notes: [{ branch: 1, eventIndex: 1519, id: 1, text: "here it turns", wallMs: 1767225600000 }],
};

describe("a session of format 1", () => {
	it("is read as it was written", () => {
		const session = openSession(path);
		expect(factsOf(session)).toEqual(format1);
		session.close();
	});

	it("can be written on", () => {
		const writer = SessionWriter.open(path);
		writer.addNote({ branch: 0, eventIndex: 5, wallMs: 1, text: "seen again" });
		writer.close();
		const session = openSession(path);
		expect([...session.notes()].map(({ text }) => text)).toEqual(["here it turns", "seen again"]);
		session.close();
	});
});
