import { expect, test } from "vitest";
import { QuorateError } from "../errors.ts";
import { ContractError, contractErrorCodes, errorFromView, errorViewOf } from "./errors.ts";

const secret = "/home/teacher/Quorate/key.yaml";

test.each([
	["an error of the machine", Object.assign(new Error(`EACCES: permission denied, open '${secret}'`), { code: "EACCES", path: secret })],
	["a mistake in the program", new TypeError(`${secret} is not a function`)],
	["a text", secret],
	["an object that says it is one of ours", { code: "usage", message: secret, kept: secret, advice: secret }],
	["nothing at all", undefined],
	["null", null],
])("what the contract does not know, %s, crosses it without its insides", (_, thrown) => {
	const view = errorViewOf(thrown);
	expect(view.code).toBe("internal");
	expect(JSON.stringify(view)).not.toMatch(/teacher|EACCES|TypeError|\bat \b|\.ts/);
});

test.each(["ENOSPC", "EDQUOT", "EFBIG"])("a disk that is full (%s) is told as that, without its insides", (code) => {
	const view = errorViewOf(Object.assign(new Error(`${code}: write ${secret}`), { code }));
	expect(view.code).toBe("disk-full");
	expect(JSON.stringify(view)).not.toContain("teacher");
	expect([view.kept, view.advice]).not.toContain("");
});

test("a refusal crosses with its code, what was kept and what to do, and no more than a window can show", () => {
	const told = { kept: "All of it.", advice: "Try again." };
	for (const error of [new ContractError("too-busy", "wait", told), new QuorateError("session-locked", "locked", told)])
		expect(errorFromView(errorViewOf(error))).toMatchObject({ name: "ContractError", code: error.code, message: error.message, ...told });
	const long = "x".repeat(10_000);
	const view = errorViewOf(new ContractError("usage", long, { kept: long, advice: long }));
	expect([view.message.length, view.kept.length, view.advice.length]).toEqual([4_096, 4_096, 4_096]);
});

test("every code is listed once", () => {
	expect(new Set(contractErrorCodes).size).toBe(contractErrorCodes.length);
});
