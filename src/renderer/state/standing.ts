/** Drawn by exports too, so it lives in `shared`. */
export { noStanding, type Standing, standingNames, standingOf } from "../../shared/projection/standing.ts";
