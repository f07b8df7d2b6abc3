/**
 * Sums over bytes. CRC-32C guards every chunk on its way and on the drive; the file's own sum (../content.ts) is
 * computed by another rule, so that one mistake cannot hide in both. Pure.
 *
 * @source Castagnoli et al., Optimization of cyclic redundancy-check codes (1993); RFC 3720, B.4
 */

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
	let value = byte;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
	table[byte] = value;
}

/** CRC-32C: 32 bits; finds every burst of up to 32 wrong bits. */
export function crc32c(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 255] as number);
	return (crc ^ 0xffffffff) >>> 0;
}
