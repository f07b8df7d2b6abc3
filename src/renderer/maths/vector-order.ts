/** Drawn by exports too, so it lives in `shared`. */
export { clockText, type OrderedEvent, vectorClocks, weightOf } from "../../shared/drawing/vector-order.ts";
