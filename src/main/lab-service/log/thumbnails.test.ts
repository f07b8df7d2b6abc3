import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { record } from "../../../../test/support/recorded-run.ts";
import { thumbnailBuckets, thumbnailMarksMax, thumbnailView } from "../../../shared/contract/views.ts";
import { openSession } from "../../store/reader.ts";
import { thumbnailOf } from "./thumbnails.ts";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-thumbnails-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
	[0, "full"],
	[700, "full"],
	[30_000, "full"],
	[30_000, "messages"],
	[270_000, "summary"],
] as const)("the thumbnail of %i events at detail %s", (eventCount, detail) => {
	test("counts about what happened when, marks what was done, and fits its schema", () => {
		const path = join(folder, `${eventCount}-${detail}.quorate`);
		const played = record(path, detail, eventCount);
		const session = openSession(path, { depth: "structure" });
		try {
			const thumbnail = thumbnailOf(session, 0);
			expect(thumbnailView.parse(thumbnail)).toEqual(thumbnail);
			const { untilUs } = session.head(0);
			const exact = new Array<number>(thumbnailBuckets).fill(0);
			for (const atUs of played.timesUs) {
				const bucket = Math.min(thumbnailBuckets - 1, Math.floor((atUs * thumbnailBuckets) / (untilUs + 1)));
				exact[bucket] = (exact[bucket] as number) + 1;
			}
			// No bucket is wrong by more than the two pieces of log at its ends.
			const piece = eventCount <= 4_096 ? 1 : 2 * 1_024 * Math.ceil(eventCount / 1_024 / 256);
			for (const [bucket, counted] of thumbnail.counts.entries()) expect(Math.abs(counted - (exact[bucket] as number))).toBeLessThanOrEqual(piece);
			const sum = thumbnail.counts.reduce((total, counted) => total + counted, 0);
			expect(Math.abs(sum - played.events.length)).toBeLessThanOrEqual(thumbnailBuckets / 2);
			const given = [...session.commands(0)];
			expect(thumbnail.marks).toEqual(given.slice(0, thumbnailMarksMax).map(({ atUs, line }) => ({ atUs, verb: line.split(" ")[0]?.slice(0, 16) })));
			expect(thumbnail.marksOmitted).toBe(Math.min(1_000, Math.max(0, given.length - thumbnailMarksMax)));
		} finally {
			session.close();
		}
	});
});
