/** Drawn by exports too, so it lives in `shared`. */
export { besideLine, between, distance, type Edge, type Flight, type Point, pointAlong, progressOf, Routes } from "../../shared/drawing/message-path.ts";
