import { describe, expect, test } from "vitest";
import { readRunFlags, readRunLine } from "./run-flags.ts";

describe("the flags of a run", () => {
	test("each says what it changes, in any order and as often as it may", () => {
		expect(
			readRunFlags(
				"--set servers=3 --at \"3s slow web-1 4x\" --variant no-retries --executor inline --seed 7 --at '9s crash web-4' --until 30s --set shape=a=b",
			),
		).toEqual({
			variant: "no-retries",
			seed: 7,
			untilUs: 30_000_000,
			parameters: { servers: "3", shape: "a=b" },
			story: ["3s slow web-1 4x", "9s crash web-4"],
		});
		expect(readRunFlags("")).toEqual({ parameters: {}, story: [] });
	});

	test.each(["--json", "--speed 10 --variant x", "--variant", "--seed many", "--until soon", "--set servers", "servers=3 --set"])(
		"%s is no run that could be set up",
		(flags) => {
			expect(readRunFlags(flags)).toBeNull();
		},
	);

	test("a command line is read for its own lab only", () => {
		expect(readRunLine("npm run -s quorate -- run ping --seed 7", "ping")).toEqual({ seed: 7, parameters: {}, story: [] });
		expect(readRunLine("  quorate run ping", "ping")).toEqual({ parameters: {}, story: [] });
		expect(readRunLine("npm run -s quorate -- run ping", "front-door")).toBeNull();
		expect(readRunLine("a run of ping", "ping")).toBeNull();
	});
});
