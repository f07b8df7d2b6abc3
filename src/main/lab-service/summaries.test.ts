import { expect, test } from "vitest";
import { ContractError } from "../../shared/contract/errors.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import { Summaries } from "./summaries.ts";

const entry = { session: "a", bytes: 100, changedMs: 1 };
const flags = { isLive: false, hasPicture: false };

/** Summaries over a reader that refuses each time with the next of these. */
function refusing(codes: readonly ConstructorParameters<typeof ContractError>[0][]) {
	let asked = 0;
	const reader = { ask: () => Promise.reject(new ContractError(codes[asked++] ?? "internal", "no")) } as unknown as ReaderClient;
	return { summaries: new Summaries(reader), asked: () => asked };
}

test("a damaged file is looked at once for as long as it stays as it is", async () => {
	const { summaries, asked } = refusing(["session-damaged"]);
	for (const changedMs of [1, 1, 1]) expect((await summaries.of({ ...entry, changedMs }, "/a", flags)).problem?.code).toBe("session-damaged");
	expect(asked()).toBe(1);
	await summaries.of({ ...entry, changedMs: 2 }, "/a", flags);
	expect(asked()).toBe(2);
});

test("a file that could not be read this time is looked at again the next", async () => {
	const { summaries, asked } = refusing(["session-not-found", "session-locked", "session-damaged"]);
	for (const code of ["session-not-found", "session-locked", "session-damaged"]) expect((await summaries.of(entry, "/a", flags)).problem?.code).toBe(code);
	expect(asked()).toBe(3);
});
