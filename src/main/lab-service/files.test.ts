import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Files } from "./files.ts";

const owner = {};
const whole = { name: "homework.quorate", bytes: 3 };

let folder = "";
let files: Files;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-uploads-"));
	files = new Files(() => folder);
});

afterEach(async () => {
	await files.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("an upload", () => {
	test("whose window goes while its file is being made is not begun, and leaves nothing", async () => {
		const gone = new AbortController();
		const begun = files.begin(owner, whole, gone.signal);
		gone.abort();
		await files.abandon(owner);
		await expect(begun).rejects.toMatchObject({ code: "cancelled" });
		expect([files.held.uploads, readdirSync(folder)]).toEqual([0, []]);
	});

	test("is one of four, also while their files are being made; a fifth is asked to wait until one of them is over", async () => {
		const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => files.begin(owner, whole)));
		expect(outcomes.map((outcome) => (outcome.status === "fulfilled" ? "begun" : outcome.reason.code))).toEqual([
			...["begun", "begun", "begun", "begun"],
			...["too-busy", "too-busy"],
		]);
		await files.abandon(owner);
		expect([files.held.uploads, readdirSync(folder)]).toEqual([0, []]);
		await files.begin(owner, whole);
	});

	test("that could not be written is thrown away whole, and its file is closed", async () => {
		const probe = await open(join(folder, "probe"), "wx");
		const handles = Object.getPrototypeOf(probe) as FileHandle;
		await probe.close();
		rmSync(join(folder, "probe"));
		const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
		const write = vi.spyOn(handles, "write").mockRejectedValueOnce(full);
		try {
			const upload = await files.begin(owner, whole);
			await expect(files.part(owner, upload, new Uint8Array(3))).rejects.toBe(full);
			await expect(files.end(owner, upload)).rejects.toBe(full);
			// A handle that is closed has no number any more.
			const { fd } = write.mock.contexts[0] as unknown as FileHandle;
			expect([fd, files.held.uploads, readdirSync(folder)]).toEqual([-1, 0, []]);
		} finally {
			write.mockRestore();
		}
	});

	test("whose file cannot be made takes nobody's place", async () => {
		const nowhere = new Files(() => join(folder, "gone"));
		for (let i = 0; i < 5; i++) await expect(nowhere.begin(owner, whole)).rejects.toMatchObject({ code: "ENOENT" });
	});
});

describe("made files", () => {
	test("are kept up to sixty-four, the oldest goes first, and what is told to be kept is what lies on the disk", () => {
		const kept = Array.from({ length: 70 }, (_, i) => files.keepBytes(new Uint8Array(i + 1), { name: `${i}.png`, mediaType: "image/png" }));
		expect(files.held).toEqual({ uploads: 0, files: 64, bytes: kept.slice(6).reduce((sum, { bytes }) => sum + bytes, 0) });
		expect(() => files.get(kept[5]?.ticket ?? "")).toThrow(/no longer kept/);
		expect(files.get(kept[6]?.ticket ?? "").bytes).toBe(7);
	});
});
