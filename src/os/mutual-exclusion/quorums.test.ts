import { describe, expect, test } from "vitest";
import { quorumOf } from "./quorums.ts";

describe("quorums", () => {
	const sizes = Array.from({ length: 70 }, (_, index) => index + 1);
	test("any two share a member, and everybody is in its own, for 1 to 70 members", () => {
		for (const members of sizes) {
			const quorums = Array.from({ length: members }, (_, me) => quorumOf(me, members));
			for (const [me, quorum] of quorums.entries()) {
				expect(quorum).toContain(me);
				expect(quorum.every((member) => member >= 0 && member < members)).toBe(true);
				for (const other of quorums) expect(quorum.some((member) => other.includes(member))).toBe(true);
			}
		}
	});

	test.each([3, 7, 13, 21, 31, 57])("%i members have the smallest quorums there are: K(K-1)+1 = N", (members) => {
		for (let me = 0; me < members; me++) {
			const size = quorumOf(me, members).length;
			expect(size * (size - 1) + 1).toBe(members);
		}
	});

	test("other sizes take less than two rows of a square", () => {
		for (const members of sizes) expect(quorumOf(0, members).length).toBeLessThanOrEqual(2 * Math.ceil(Math.sqrt(members)) - 1);
	});
});
