/** Drawn by exports too, so it lives in `shared`. */
export { type Band, type BandFault, bandsOf } from "../../shared/drawing/bands.ts";
