/** Drawn by exports too, so it lives in `shared`. */
export { type CausalOrder, causalOrder, type Stamped } from "../../shared/drawing/causal-order.ts";
