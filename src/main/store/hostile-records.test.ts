import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { syntheticSession } from "../../../test/synthetic-run.ts";
import { QuorateError } from "../../shared/errors.ts";
import { layoutOf } from "../../shared/event-record.ts";
import { eventKinds } from "../../shared/event-schema.ts";
import { sessionDetails } from "../../shared/session.ts";
import { exportFormats, exportSession } from "../export/export.ts";
import { type PackedBlock, packRun } from "./packing.ts";
import { openSession } from "./reader.ts";
import { sha256 } from "./seal.ts";
import { SessionWriter } from "./writer.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-hostile-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Somebody who can write the file can seal it: such a file is sound to the last byte, and its records are anything. */
function forge(path: string, detail: (typeof sessionDetails)[number], block: Partial<PackedBlock>): void {
	const writer = SessionWriter.create(path, syntheticSession({ detail }));
	writer.writeBlock(0, { block: 0, eventCount: 1, storedCount: 1, fromUs: 0, untilUs: 0, digest: new Uint8Array(32), parts: [], complete: true, ...block });
	writer.close();
}

async function readEverything(path: string): Promise<void> {
	const session = openSession(path);
	try {
		for (const format of exportFormats) await exportSession(session, format, { write: () => {} });
	} finally {
		session.close();
	}
}

/** Words that look like records more often than chance would have it. */
const plausibleWords = fc
	.array(
		fc.oneof(
			fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((word) => [word]),
			fc
				.tuple(fc.constantFrom(...eventKinds), fc.nat(12), fc.nat(40), fc.array(fc.integer({ min: -2, max: 70 }), { maxLength: 24 }))
				.map(([kind, offset, more, rest]) => {
					const { id, fixedWords, bodyLengthWord } = layoutOf(kind);
					const words = [offset, id, fixedWords + (bodyLengthWord < 0 ? 0 : Math.ceil(more / 4)), ...rest];
					if (bodyLengthWord > 0) words[bodyLengthWord + 1] = more;
					return Array.from({ length: fixedWords + 1 + Math.ceil(more / 4) }, (_, i) => words[i] ?? 0);
				}),
		),
		{ minLength: 1, maxLength: 6 },
	)
	.map((runs) => Int32Array.from(runs.flat()));

it("forged records are read or refused, and never do anything else", async () => {
	let files = 0;
	await fc.assert(
		fc.asyncProperty(plausibleWords, fc.integer({ min: 1, max: 8 }), fc.constantFrom(...sessionDetails), async (words, storedCount, detail) => {
			const path = join(folder, `${files++}.quorate`);
			const [part] = packRun({ words, wordCount: words.length, storedCount: 1, prefixed: true });
			if (part === undefined) throw new Error("one part");
			forge(path, detail, { eventCount: 8, storedCount, parts: [{ ...part, firstOffset: 0, storedCount }] });
			try {
				await readEverything(path);
			} catch (error) {
				if (!(error instanceof QuorateError && error.code === "session-damaged")) throw error;
			}
			rmSync(path);
		}),
		{ seed: 21, numRuns: 150 },
	);
});

it("a blob that unpacks to more than it says is refused without being unpacked", async () => {
	const path = join(folder, "bomb.quorate");
	const records = new Uint8Array(zstdCompressSync(new Uint8Array(300_000_000)));
	forge(path, "full", { parts: [{ firstOffset: 0, storedCount: 1, rawBytes: 64, checksum: sha256(records), records }] });
	const before = process.memoryUsage().arrayBuffers;
	await expect(readEverything(path)).rejects.toMatchObject({ code: "session-damaged" });
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
});
