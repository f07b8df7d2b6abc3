/** Drawn by exports too, so it lives in `shared`. */
export { LocalClocks } from "../../shared/drawing/local-clocks.ts";
