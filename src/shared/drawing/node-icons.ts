/** A sign for each state of a node: strokes on a field of 24 by 24. */
import type { NodeState } from "./node-state.ts";

export const nodeIcons: { readonly [state in NodeState]: string } = {
	up: "M5 12.5 10 17.5 19.5 7",
	leader: "M4 18h16M4.5 14.5 3.5 6.5 8.5 10 12 4.5 15.5 10 20.5 6.5 19.5 14.5Z",
	slow: "M6 4h12M6 20h12M8 4c0 5 8 6 8 8s-8 3-8 8M16 4c0 5-8 6-8 8s8 3 8 8",
	paused: "M8.5 5v14M15.5 5v14",
	suspected: "M8 8.5a4 4 0 1 1 5.6 3.7c-1 .5-1.6 1.1-1.6 2.3M12 19v.2",
	booting: "M12 4v7M7 6.6a7.5 7.5 0 1 0 10 0",
	down: "M6 6 18 18M18 6 6 18",
};
