/** The drawings of a run as files: the cluster at an instant, and the space-time diagram. */
import type { Point } from "../../shared/drawing/message-path.ts";
import { type DrawingTheme, palettes } from "../../shared/drawing/palette.ts";
import { type Heading, withMetadata } from "../../shared/drawing/svg.ts";
import type { PictureTimeBase } from "../../shared/drawing/timeline-picture.ts";
import { timelineSvg } from "../../shared/drawing/timeline-svg.ts";
import { topologySvg } from "../../shared/drawing/topology-svg.ts";
import { drawingWords } from "../../shared/drawing/words.ts";
import { type Held, heldAscii } from "../../shared/export-held.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { arrangePlan } from "./arrange.ts";
import { sightOf } from "./gather.ts";
import { heldIn, leftOut } from "./held.ts";
import { instantOf } from "./instants.ts";
import type { ExportFilter, ExportSource } from "./source.ts";

export interface DrawingWishes {
	/** Of the topology, where it is the end of what is exported unless told; marked on the diagram, where it is none unless told. */
	readonly atUs?: number;
	readonly theme?: DrawingTheme;
	/** Where a window has put nodes. */
	readonly places?: ReadonlyMap<number, Point>;
	readonly timeBase?: Exclude<PictureTimeBase, "local">;
	/** Of a report: who hands it in. Left out, or empty: whoever its notes say. */
	readonly by?: string;
}

const eventsDrawnMax = 6_000;
const timelineWidthPx = 1_600;

/** Lab, variant and seed: what a drawing is of. */
export function headingOf({ plan, header }: ExportSource, last: string): Heading {
	const variant = plan.variant === "" ? [] : [`variant ${plan.variant}`];
	return { title: plan.title, facts: [header.labId, ...variant, drawingWords.seed(header.seed), last] };
}

/** The end of the run, or of the part that is wanted. */
export function lastInstant(source: ExportSource, { branch, toUs }: ExportFilter): number {
	return Math.min(toUs ?? Number.POSITIVE_INFINITY, source.head(branch ?? 0).untilUs);
}

export function shownNodes({ plan }: ExportSource, { nodes }: ExportFilter): readonly number[] {
	return plan.nodes.flatMap((_, node) => (nodes === undefined || nodes.has(node) ? [node] : []));
}

/** What programs read of a picture; people read its title and its facts. */
function withHeld(svg: string, held: Held): string {
	return withMetadata(svg, heldAscii(held));
}

export async function* topologyFile(source: ExportSource, filter: ExportFilter, wishes: DrawingWishes): AsyncGenerator<string> {
	const atUs = wishes.atUs ?? lastInstant(source, filter);
	const instant = yield* instantOf(source, { branch: filter.branch ?? 0, atUs });
	const places = await arrangePlan(source.plan, wishes.places);
	const heading = headingOf(source, drawingWords.at(formatInstant(atUs)));
	const svg = topologySvg({ ...instant, plan: source.plan, places, heading, palette: palettes[wishes.theme ?? "light"] });
	const { branch = 0 } = filter;
	yield withHeld(svg, heldIn(source, { branch }, "svg-topology", atUs));
}

export function* timelineFile(source: ExportSource, filter: ExportFilter, { theme, timeBase, atUs }: DrawingWishes): Generator<string> {
	const nodes = shownNodes(source, filter);
	const sight = yield* sightOf(source, { filter, nodes, eventsMax: eventsDrawnMax, buckets: 400 });
	const { fromUs: _, toUs: __, ...besidesTime } = filter;
	const { title, facts } = headingOf(source, drawingWords.between(formatInstant(sight.fromUs), formatInstant(sight.toUs)));
	const heading = { title, facts: [...facts, ...leftOut(source, besidesTime)] };
	const svg = timelineSvg({
		...sight,
		plan: source.plan,
		nodes,
		timeBase: sight.density === null ? (timeBase ?? "true") : "true",
		clocks: null,
		shownUs: atUs !== undefined && atUs >= sight.fromUs && atUs <= sight.toUs ? atUs : null,
		heading,
		palette: palettes[theme ?? "light"],
		widthPx: timelineWidthPx,
	});
	yield withHeld(svg, heldIn(source, filter, "svg-timeline"));
}
