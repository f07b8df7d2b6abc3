/** Drawn by exports too, so it lives in `shared`. */
export { clampScale, clockText, panBy, reveal, shortDuration, type TimeBounds, type TimeScale, usAt, xOf, zoomAt } from "../../shared/drawing/time-scale.ts";
