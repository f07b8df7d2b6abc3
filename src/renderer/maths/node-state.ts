/** Drawn by exports too, so it lives in `shared`. */
export {
	type LinkState,
	linkStateOf,
	linkTones,
	loadLimitRatio,
	loadTone,
	type NodeShape,
	type NodeState,
	nodeStateOf,
	nodeTones,
	queueOf,
	shapeOf,
} from "../../shared/drawing/node-state.ts";
