/** Drawn by exports too, so it lives in `shared`. */
export { type ClockReadings, LocalClocks } from "../../shared/drawing/local-clocks.ts";
