/** Drawn by exports too, so it lives in `shared`. */
export {
	initialOrder,
	type LaneLayout,
	type LaneOrder,
	laneHeightPxMax,
	laneHeightPxMin,
	lanesBeyond,
	layOutLanes,
	moveLane,
	placeLane,
	toggleLane,
} from "../../shared/drawing/lanes.ts";
