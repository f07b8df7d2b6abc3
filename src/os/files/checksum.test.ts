import { expect, test } from "vitest";
import { crc32c } from "./checksum.ts";

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test("CRC-32C is the one of the standards", () => {
	// RFC 3720, B.4, and the check value of the catalogue of parametrised CRCs.
	expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
	expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
	expect(crc32c(ascii("123456789"))).toBe(0xe3069283);
	expect(crc32c(new Uint8Array())).toBe(0);
});

test("one flipped bit changes it, wherever it is", () => {
	const bytes = Uint8Array.from({ length: 40 }, (_, index) => index);
	const sum = crc32c(bytes);
	for (let bit = 0; bit < 320; bit++) {
		const other = bytes.slice();
		other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
		expect(crc32c(other)).not.toBe(sum);
	}
});
