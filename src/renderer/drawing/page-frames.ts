/** The loop of all drawings of this window. */
import { FrameTurns } from "./frame-turns.ts";

export const frameTurns = new FrameTurns({ request: (step) => requestAnimationFrame(step), cancel: (id) => cancelAnimationFrame(id) });
