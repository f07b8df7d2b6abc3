/**
 * Consistent hashing: nodes and keys lie on one ring, and a key belongs to the first N nodes that follow it. A node
 * that comes or goes moves only what lies beside it. Pure.
 *
 * @source Karger and others, Consistent Hashing and Random Trees (STOC 1997); DeCandia and others, Dynamo (SOSP
 * 2007), section 4.2 (each node at several places) and 4.3 (the preference list skips places of the same node)
 */

/** A 32-bit hash of a text. @source FNV-1a, and the finaliser of MurmurHash3 so that similar texts lie far apart */
export function hashOf(text: string): number {
	let hash = 2_166_136_261;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

interface Place {
	readonly at: number;
	readonly node: string;
}

export class Ring {
	readonly #places: readonly Place[];
	readonly #nodes: number;

	/** @param places of each node on the ring */
	constructor(nodes: readonly string[], places: number) {
		const all = nodes.flatMap((node) => Array.from({ length: places }, (_, index): Place => ({ at: hashOf(`${node}/${index}`), node })));
		this.#places = all.sort((a, b) => a.at - b.at || (a.node < b.node ? -1 : 1));
		this.#nodes = nodes.length;
	}

	/** All nodes in the order in which a key prefers them: the first N keep it, the next stand in. */
	preference(key: string): readonly string[] {
		const at = hashOf(key);
		const found = this.#places.findIndex((place) => place.at >= at);
		const first = found < 0 ? 0 : found;
		const nodes: string[] = [];
		for (let step = 0; step < this.#places.length && nodes.length < this.#nodes; step++) {
			const { node } = this.#places[(first + step) % this.#places.length] as Place;
			if (!nodes.includes(node)) nodes.push(node);
		}
		return nodes;
	}
}
