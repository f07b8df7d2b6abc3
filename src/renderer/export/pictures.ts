/**
 * The drawings of the stage as SVG, made of what the window knows: for PNG of what is on the screen.
 * The same functions draw them for the command line and the report.
 */
import { palettes } from "../../shared/drawing/palette.ts";
import { type Heading, withMetadata } from "../../shared/drawing/svg.ts";
import { isByOrder } from "../../shared/drawing/timeline-scene.ts";
import { timelineSvg } from "../../shared/drawing/timeline-svg.ts";
import { topologySvg } from "../../shared/drawing/topology-svg.ts";
import { drawingWords } from "../../shared/drawing/words.ts";
import { type HeldPart, heldAscii, heldOf } from "../../shared/export-held.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import type { RunController } from "../state/run-controller.ts";
import { shownUs } from "../state/run-state.ts";
import { themeNow } from "../state/theme.ts";
import { shownPlaces, shownTimeline } from "./shown.ts";

function headingOf({ plan, state }: RunController, last: string): Heading {
	const variant = plan.variant === "" ? [] : [`variant ${plan.variant}`];
	return { title: plan.title, facts: [plan.labId, ...variant, drawingWords.seed(state.run.seed), last] };
}

/** Of a clock that is behind it may be less than nothing. */
function readingText(us: number): string {
	return us < 0 ? `−${formatInstant(-us)}` : formatInstant(us);
}

/** As it is said in files, as far as the window knows it. */
function withHeld(svg: string, { plan, state: { run } }: RunController, format: string, part: HeldPart): string {
	const { seed, session, branch, events, virtualUs, finished } = run;
	const facts = { format, seed, session, branch, sessionEvents: events, sessionUntilUs: virtualUs, sessionFinished: finished };
	return withMetadata(svg, heldAscii(heldOf(plan, facts, part)));
}

/** Null while the drawing is not on the stage. */
export function topologyPicture(run: RunController): string | null {
	const places = shownPlaces.look(run.id);
	const { shown, standing } = run.state;
	if (places === null || shown === null) return null;
	const svg = topologySvg({
		plan: run.plan,
		places,
		view: shown.view,
		flights: shown.flights,
		standing,
		skewsUs: shown.clocks.map(({ skewUs }) => skewUs),
		heading: headingOf(run, drawingWords.at(formatInstant(shown.view.virtualUs))),
		palette: palettes[themeNow()],
	});
	return withHeld(svg, run, "png-topology", { atUs: shown.view.virtualUs });
}

/** Null while the diagram is not on the stage, or has nothing in sight yet. */
export function timelinePicture(run: RunController): string | null {
	const shown = shownTimeline.look(run.id);
	if (shown === null || shown.inSight === null) return null;
	const { scale, inSight } = shown;
	const { lanes, marks, timeBase, selection, causality } = run.state;
	// Clocks that are behind show what lies before the beginning of the run.
	const isLocal = timeBase === "local";
	const part = isByOrder(timeBase) ? inSight.part : null;
	const stretch = part === null ? scale : { fromUs: part.firstUs, toUs: part.lastUs };
	const fromUs = Math.max(isLocal ? Number.NEGATIVE_INFINITY : 0, Math.round(stretch.fromUs));
	const toUs = Math.max(fromUs + 1, Math.round(stretch.toUs));
	const isDense = inSight.level === "density";
	const nodes = lanes.order.filter((node) => !lanes.hidden.has(node));
	const svg = timelineSvg({
		plan: run.plan,
		nodes,
		fromUs,
		toUs,
		headUs: run.state.run.virtualUs,
		timeBase: isDense && timeBase !== "local" ? "true" : timeBase,
		divergesAt: run.state.divergence?.index ?? null,
		clocks: inSight.clocks,
		events: isLocal ? inSight.events : inSight.events.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs),
		arrows: inSight.arrows,
		density: isDense ? inSight.density : null,
		faults: marks,
		bands: inSight.bands,
		shownUs: shownUs(run.state),
		selected: selection?.kind === "event" ? selection.index : null,
		cone: causality,
		heading: headingOf(run, drawingWords.between(readingText(fromUs), readingText(toUs))),
		palette: palettes[themeNow()],
		widthPx: 1_440,
	});
	return withHeld(svg, run, "png-timeline", { fromUs, toUs, ...(lanes.hidden.size === 0 ? {} : { nodes }) });
}
