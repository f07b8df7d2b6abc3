/** Drawn by exports too, so it lives in `shared`. */
export { lanesBeyond, layOutLanes } from "../../shared/drawing/lanes.ts";
