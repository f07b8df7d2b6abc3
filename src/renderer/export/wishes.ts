/** An export as the lab is asked for it. */
import type { CallRequest } from "../../shared/contract/calls.ts";
import type { ExportFormat } from "../../shared/export-formats.ts";
import type { RunController } from "../state/run-controller.ts";
import { shownUs } from "../state/run-state.ts";
import { themeNow } from "../state/theme.ts";
import { everything, type Scope } from "./scope.ts";
import { shownPlaces } from "./shown.ts";

/** @param by who hands in a report; empty: whoever the notes say */
export function exportRequest(
	run: RunController,
	format: ExportFormat,
	{ scope, by }: { readonly scope: Scope; readonly by: string },
): CallRequest<"jobs.export"> {
	const places = [...(shownPlaces.look(run.id) ?? run.state.places)].map(([vertex, { x, y }]) => ({ vertex, x, y }));
	const isDrawn = format === "svg-topology" || format === "svg-timeline" || format === "html";
	// A picture of everything shows the end; of what is shown, the instant that is looked at.
	const atUs = scope === everything ? null : Math.max(0, Math.floor(shownUs(run.state)));
	return { run: run.id, format, ...scope, kinds: null, drawing: isDrawn ? { atUs, theme: themeNow(), by: format === "html" ? by.trim() : "", places } : null };
}
