/** Drawn by exports too, so it lives in `shared`. */
export { hullOf } from "../../shared/drawing/hull.ts";
