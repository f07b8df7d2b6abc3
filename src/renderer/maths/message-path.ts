/** Drawn by exports too, so it lives in `shared`. */
export type { Point } from "../../shared/drawing/message-path.ts";
