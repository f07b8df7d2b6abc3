/** Drawn by exports too, so it lives in `shared`. */
export {
	type LinkState,
	linkStateOf,
	linkStates,
	linkTones,
	loadLimitRatio,
	loadTone,
	type NodeShape,
	type NodeState,
	nodeStateOf,
	nodeStates,
	nodeTones,
	queueOf,
	type Roles,
	shapeOf,
	type Tone,
} from "../../shared/drawing/node-state.ts";
