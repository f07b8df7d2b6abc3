/** Integer hashes: fast, well mixed, the same on every machine. Not for secrets. */

/**
 * Mixes an integer so that neighbours land far apart.
 * @source Appleby, MurmurHash3 finaliser (fmix32)
 * @returns unsigned 32-bit
 */
export function mixHash(value: number): number {
	let hash = value | 0;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * @source Fowler, Noll, Vo: FNV-1a, 32 bits, over UTF-16 units; then mixed
 * @returns unsigned 32-bit
 */
export function textHash(text: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
	return mixHash(hash);
}
