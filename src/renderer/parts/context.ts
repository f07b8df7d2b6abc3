/** Hands the window's controller, and the run that is looked at, to the views. */
import { createContext, useContext } from "react";
import type { AppController } from "../state/app-controller.ts";
import type { RunController } from "../state/run-controller.ts";
import type { RunState } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";

export const AppContext = createContext<AppController | null>(null);
export const RunContext = createContext<RunController | null>(null);

export function useApp(): AppController {
	const app = useContext(AppContext);
	if (app === null) throw new Error("a view outside of the window");
	return app;
}

export function useRun(): RunController {
	const run = useContext(RunContext);
	if (run === null) throw new Error("a view of a run where there is none");
	return run;
}

export function useRunState<Part>(select: (state: RunState) => Part): Part {
	return useStore(useRun().store, select);
}
