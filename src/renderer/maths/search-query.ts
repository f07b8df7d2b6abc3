/** Drawn by exports too, so it lives in `shared`. */
export { isMistake, matches, parseSearch } from "../../shared/search-query.ts";
