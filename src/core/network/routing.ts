/**
 * Which link a message takes next: the cheapest live path by the sum of delay floors, through
 * switches only (a node never forwards). Ties go to the link direction with the smallest index, so
 * the answer is a function of the graph alone. One table a destination, built when first asked for
 * and thrown away when the topology changes. Must not know of messages. Runs on the kernel's thread.
 *
 * @source Dijkstra: A Note on Two Problems in Connexion with Graphs (1959), run backward from the destination
 */

/** What routing needs to know of a link direction, as of now. */
export interface Edge {
	readonly from: number;
	readonly to: number;
	readonly floorUs: number;
	readonly carries: boolean;
}

export class Routing {
	readonly #edges: readonly Edge[];
	readonly #nodeCount: number;
	readonly #vertexCount: number;
	/** Edges into vertex v: `#into[#intoStart[v] .. #intoStart[v + 1] - 1]`, ascending. */
	readonly #intoStart: Int32Array;
	readonly #into: Int32Array;
	/** By destination: the edge to take from each vertex, or -1. */
	readonly #tables: Int32Array[];
	readonly #tableVersion: Int32Array;
	readonly #distanceUs: Float64Array;
	#version = 1;

	constructor(edges: readonly Edge[], nodeCount: number, vertexCount: number) {
		this.#edges = edges;
		this.#nodeCount = nodeCount;
		this.#vertexCount = vertexCount;
		this.#intoStart = new Int32Array(vertexCount + 1);
		this.#into = new Int32Array(edges.length);
		this.#tables = Array.from({ length: nodeCount }, () => new Int32Array(0));
		this.#tableVersion = new Int32Array(nodeCount);
		this.#distanceUs = new Float64Array(vertexCount);
		this.#indexEdges();
	}

	/** Call after a floor or a link's state changed. */
	topologyChanged(): void {
		this.#version++;
	}

	/** @returns the edge to take from `vertex` towards node `destination`, or -1 when there is no live path */
	next(vertex: number, destination: number): number {
		if (this.#tableVersion[destination] !== this.#version) this.#build(destination);
		return (this.#tables[destination] as Int32Array)[vertex] as number;
	}

	#indexEdges(): void {
		const start = this.#intoStart;
		for (const edge of this.#edges) start[edge.to + 1] = (start[edge.to + 1] as number) + 1;
		for (let v = 0; v < this.#vertexCount; v++) start[v + 1] = (start[v + 1] as number) + (start[v] as number);
		const next = start.slice();
		this.#edges.forEach((edge, index) => {
			const slot = next[edge.to] as number;
			this.#into[slot] = index;
			next[edge.to] = slot + 1;
		});
	}

	#build(destination: number): void {
		if ((this.#tables[destination] as Int32Array).length === 0) this.#tables[destination] = new Int32Array(this.#vertexCount);
		const table = (this.#tables[destination] as Int32Array).fill(-1);
		const distance = this.#distanceUs.fill(Number.POSITIVE_INFINITY);
		const frontier = new Frontier();
		distance[destination] = 0;
		frontier.push(0, destination);
		while (frontier.size > 0) {
			const { distanceUs, vertex } = frontier.pop();
			if (distanceUs > (distance[vertex] as number)) continue; // a shorter way was found meanwhile
			this.#relax(vertex, destination, table, distance, frontier);
		}
		this.#tableVersion[destination] = this.#version;
	}

	/** Offers every live edge into `vertex` as a way on. */
	#relax(vertex: number, destination: number, table: Int32Array, distance: Float64Array, frontier: Frontier): void {
		const end = this.#intoStart[vertex + 1] as number;
		for (let i = this.#intoStart[vertex] as number; i < end; i++) {
			const index = this.#into[i] as number;
			const edge = this.#edges[index] as Edge;
			if (!edge.carries || edge.from === destination) continue;
			const offered = (distance[vertex] as number) + edge.floorUs;
			const known = distance[edge.from] as number;
			if (offered > known || (offered === known && index > (table[edge.from] as number))) continue;
			table[edge.from] = index;
			distance[edge.from] = offered;
			if (offered < known && edge.from >= this.#nodeCount) frontier.push(offered, edge.from);
		}
	}
}

/** Vertices to settle, nearest first; which of two equally near ones comes first changes no table. */
class Frontier {
	readonly #distances: number[] = [];
	readonly #vertices: number[] = [];

	get size(): number {
		return this.#vertices.length;
	}

	push(distanceUs: number, vertex: number): void {
		let hole = this.#vertices.length;
		this.#distances.push(distanceUs);
		this.#vertices.push(vertex);
		while (hole > 0) {
			const parent = (hole - 1) >> 1;
			if (distanceUs >= (this.#distances[parent] as number)) break;
			this.#place(hole, this.#distances[parent] as number, this.#vertices[parent] as number);
			hole = parent;
		}
		this.#place(hole, distanceUs, vertex);
	}

	pop(): { distanceUs: number; vertex: number } {
		const first = { distanceUs: this.#distances[0] as number, vertex: this.#vertices[0] as number };
		const distanceUs = this.#distances.pop() as number;
		const vertex = this.#vertices.pop() as number;
		const size = this.#vertices.length;
		let hole = 0;
		while (size > 0) {
			let child = 2 * hole + 1;
			if (child >= size) break;
			if (child + 1 < size && (this.#distances[child + 1] as number) < (this.#distances[child] as number)) child++;
			if (distanceUs <= (this.#distances[child] as number)) break;
			this.#place(hole, this.#distances[child] as number, this.#vertices[child] as number);
			hole = child;
		}
		if (size > 0) this.#place(hole, distanceUs, vertex);
		return first;
	}

	#place(slot: number, distanceUs: number, vertex: number): void {
		this.#distances[slot] = distanceUs;
		this.#vertices[slot] = vertex;
	}
}
