/** What the window as a whole is showing, and what it begins with. Pure. */
import type { RunWishes } from "../../shared/lab/run-flags.ts";
import type { Beside } from "./beside.ts";
import type { JobView, LabSummary, RunView, SessionView } from "./contract-types.ts";
import type { Notice } from "./notices.ts";
import type { RunController } from "./run-controller.ts";
import type { Place, StageView } from "./run-state.ts";
import type { Theme } from "./theme.ts";

export type Dialog =
	| ({ readonly kind: "newRun"; readonly lab: string } & Partial<RunWishes>)
	| { readonly kind: "palette"; readonly line: string }
	| { readonly kind: "keys" }
	| { readonly kind: "export" }
	| { readonly kind: "untilTime" }
	| { readonly kind: "rename"; readonly session: string };

export interface Said {
	readonly id: number;
	readonly text: string;
	readonly at: Place;
}

export interface AppState {
	readonly connection: "connecting" | "open" | "lost";
	readonly lostBecause: string;
	readonly hasOpenDialog: boolean;
	readonly labs: readonly LabSummary[];
	readonly sessions: readonly SessionView[];
	readonly runs: readonly RunView[];
	readonly current: RunController | null;
	/** Another run beside the current one. */
	readonly beside: Beside | null;
	readonly isOpening: boolean;
	readonly dialog: Dialog | null;
	readonly notices: readonly Notice[];
	/** All notes are read, not only the latest. */
	readonly areNotesOpen: boolean;
	/** Why what the user just wanted made no sense, where they wanted it. */
	readonly said: Said | null;
	readonly jobs: readonly JobView[];
	readonly theme: Theme;
}

/** What two runs are shown in. */
export const stagesBeside: readonly StageView[] = ["split", "topology", "timeline", "services", "charts"];

export function initialAppState(theme: Theme): AppState {
	return {
		connection: "connecting",
		lostBecause: "",
		hasOpenDialog: false,
		labs: [],
		sessions: [],
		runs: [],
		current: null,
		beside: null,
		isOpening: false,
		dialog: null,
		notices: [],
		areNotesOpen: false,
		said: null,
		jobs: [],
		theme,
	};
}
