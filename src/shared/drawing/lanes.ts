/**
 * Lanes of the space-time diagram: one a node, in an order the user may change, some hidden. Which
 * lane is where, which one is under the pointer. Pure.
 */

export interface LaneOrder {
	/** Every node once. */
	readonly order: readonly number[];
	readonly hidden: ReadonlySet<number>;
}

export interface LaneLayout {
	/** Shown nodes, top to bottom. */
	readonly nodes: readonly number[];
	readonly laneHeightPx: number;
	readonly heightPx: number;
	/** Middle of a node's lane, or undefined when it is hidden. */
	yOf(node: number): number | undefined;
	nodeAt(yPx: number): number | undefined;
}

export const laneHeightPxMin = 18;
export const laneHeightPxMax = 104;

/** Lanes share the height there is; when it is too little for all, the diagram becomes higher and scrolls. */
export function layOutLanes({ order, hidden }: LaneOrder, { heightPx, topPx }: { readonly heightPx: number; readonly topPx: number }): LaneLayout {
	const nodes = order.filter((node) => !hidden.has(node));
	const wanted = (heightPx - topPx) / Math.max(1, nodes.length);
	const laneHeightPx = Math.min(Math.max(wanted, laneHeightPxMin), laneHeightPxMax);
	const rows = new Map(nodes.map((node, row) => [node, row]));
	return {
		nodes,
		laneHeightPx,
		heightPx: topPx + nodes.length * laneHeightPx,
		yOf: (node) => {
			const row = rows.get(node);
			return row === undefined ? undefined : topPx + (row + 0.5) * laneHeightPx;
		},
		nodeAt: (yPx) => nodes[Math.floor((yPx - topPx) / laneHeightPx)],
	};
}

export function initialOrder(count: number): LaneOrder {
	return { order: Array.from({ length: count }, (_, node) => node), hidden: new Set() };
}

/** Moves a node up (-1) or down (+1) past the next lane that is shown. */
export function moveLane({ order, hidden }: LaneOrder, node: number, direction: 1 | -1): LaneOrder {
	const moved = [...order];
	const from = moved.indexOf(node);
	let to = from + direction;
	while (to >= 0 && to < moved.length && hidden.has(moved[to] as number)) to += direction;
	if (from < 0 || to < 0 || to >= moved.length) return { order, hidden };
	moved.splice(from, 1);
	moved.splice(to, 0, node);
	return { order: moved, hidden };
}

/** Puts a node where another one is; that one and those between make room. */
export function placeLane({ order, hidden }: LaneOrder, node: number, at: number): LaneOrder {
	const [from, to] = [order.indexOf(node), order.indexOf(at)];
	if (from < 0 || to < 0 || from === to) return { order, hidden };
	const moved = [...order];
	moved.splice(from, 1);
	moved.splice(to, 0, node);
	return { order: moved, hidden };
}

/**
 * Lanes that lie out of sight, wholly or for the most part.
 * @param viewPx from the upper edge of the first lane that can be seen to the lower edge of the last
 */
export function lanesBeyond(
	{ nodes, laneHeightPx }: Pick<LaneLayout, "nodes" | "laneHeightPx">,
	{ scrollPx, viewPx }: { readonly scrollPx: number; readonly viewPx: number },
): { readonly above: number; readonly below: number } {
	const isAbove = (row: number): boolean => (row + 0.5) * laneHeightPx < scrollPx;
	const isBelow = (row: number): boolean => (row + 0.5) * laneHeightPx > scrollPx + viewPx;
	const rows = nodes.map((_, row) => row);
	return { above: rows.filter(isAbove).length, below: rows.filter(isBelow).length };
}

export function toggleLane({ order, hidden }: LaneOrder, node: number): LaneOrder {
	const changed = new Set(hidden);
	if (!changed.delete(node)) changed.add(node);
	// A diagram without lanes could not be brought back by hand.
	return changed.size >= order.length ? { order, hidden } : { order, hidden: changed };
}
