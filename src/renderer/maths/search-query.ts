/** Drawn by exports too, so it lives in `shared`. */
export {
	completeSearch,
	isMistake,
	kindGroups,
	matches,
	parseSearch,
	type SearchableEvent,
	type SearchMistake,
	type SearchQuery,
} from "../../shared/search-query.ts";
