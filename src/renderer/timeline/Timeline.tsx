/**
 * The timeline: a space-time diagram in a canvas, with zoom, pan, four kinds of time, lanes that can be
 * hidden and moved, and a keyboard that does all of it.
 */
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { bandSentence } from "../../shared/drawing/band-words.ts";
import type { Band } from "../../shared/drawing/bands.ts";
import { isCopy } from "../../shared/drawing/flights.ts";
import { namesPx } from "../../shared/drawing/timeline-scene.ts";
import { useThemeNow } from "../drawing/use-theme.ts";
import { useRun, useRunState } from "../parts/context.ts";
import { isPlaying, timeBases } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { DiagramCanvas } from "./DiagramCanvas.tsx";
import { Diagram } from "./diagram.ts";
import { LaneList } from "./LaneList.tsx";
import { TimelineLegend } from "./TimelineLegend.tsx";
import type { InSight, OrderPart } from "./timeline-model.ts";

const says = strings.timeline;
const bandsToldMax = 60;

export function Timeline(): ReactElement {
	const run = useRun();
	const canvas = useRef<HTMLCanvasElement>(null);
	const [diagram, setDiagram] = useState<Diagram | null>(null);
	const [, setVersion] = useState(0);
	const timeBase = useRunState((state) => state.timeBase);
	const lanes = useRunState((state) => state.lanes);
	const playing = useRunState(isPlaying);
	const theme = useThemeNow();
	const committed = useRunState((state) => (isPlaying(state) ? -1 : state.run.committedEvents));

	useEffect(() => {
		const element = canvas.current;
		if (element === null) return;
		const made = new Diagram(run, element);
		made.onChange = () => setVersion((version) => version + 1);
		const unsubscribe = run.store.subscribe(made.touch);
		const resized = new ResizeObserver(() => made.resize());
		resized.observe(element);
		const onWheel = (event: WheelEvent): void => {
			event.preventDefault();
			const box = element.getBoundingClientRect();
			if (event.clientX - box.x < namesPx) made.lanes.by(event.deltaY);
			else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) made.pan(event.deltaX + event.deltaY);
			else made.zoom(Math.exp(-event.deltaY / 300), event.clientX - box.x - namesPx);
		};
		element.addEventListener("wheel", onWheel, { passive: false });
		setDiagram(made);
		return () => {
			made.end();
			unsubscribe();
			resized.disconnect();
			element.removeEventListener("wheel", onWheel);
		};
	}, [run]);

	useEffect(() => {
		if (timeBase && lanes && theme) diagram?.ask();
		diagram?.touch();
	}, [diagram, timeBase, lanes, theme]);

	// The last events of a run that has just stopped are in its file a little later; on a slow disk, much later.
	useEffect(() => {
		if (committed >= 0) diagram?.ask();
	}, [diagram, committed]);

	const zoom = (factor: number): void => diagram?.zoomHere(factor);
	const sight = diagram?.model.inSight;
	return (
		<section className="timeline-box" aria-label={strings.stage.names.timeline}>
			<div className="timeline-bar">
				<span className="label">{says.base}</span>
				<fieldset className="segmented" style={{ margin: 0, padding: 0 }} aria-label={says.base}>
					{timeBases.map((base) => (
						<button key={base} type="button" aria-pressed={timeBase === base} onClick={() => run.setTimeBase(base)}>
							{says.bases[base]}
						</button>
					))}
				</fieldset>
				<span className="soft number" role="status">
					{sight && countWords(sight, diagram.part, playing)}
				</span>
				{sight && sight.bandsOmitted > 0 && (
					<span className="chip warning" title={says.bandsOmittedHint}>
						{says.bandsOmitted(sight.bandsOmitted)}
					</span>
				)}
				<span style={{ marginInlineStart: "auto" }} />
				<LaneList />
				<button type="button" className="button icon quiet" aria-label={says.zoomOut} title={says.zoomOut} onClick={() => zoom(0.5)}>
					<ZoomOut size={17} aria-hidden="true" />
				</button>
				<button type="button" className="button icon quiet" aria-label={says.zoomIn} title={says.zoomIn} onClick={() => zoom(2)}>
					<ZoomIn size={17} aria-hidden="true" />
				</button>
				<button type="button" className="button icon quiet" aria-label={says.fit} title={says.fit} onClick={() => diagram?.showAll()}>
					<Maximize size={17} aria-hidden="true" />
				</button>
			</div>
			<DiagramCanvas canvas={canvas} diagram={diagram} />
			<p className="hidden-visually">{diagram?.cutWords}</p>
			<FaultsInSight bands={sight?.bands ?? []} omitted={sight?.bandsOmitted ?? 0} />
			<TimelineLegend hasCopies={sight?.arrows.some(isCopy) ?? false} />
		</section>
	);
}

/** How much of what is in sight is drawn, and how. */
function countWords({ level, eventCount }: InSight, part: OrderPart | null, playing: boolean): string {
	if (part !== null) return says.part({ side: part.side, count: part.eventCount, total: Math.max(part.eventCount, eventCount), isPlaying: playing });
	return level === "density" ? says.density(eventCount) : says.exact(eventCount);
}

/** What the bands say, for those who do not see them. */
function FaultsInSight({ bands, omitted }: { readonly bands: readonly Band[]; readonly omitted: number }): ReactElement | null {
	const run = useRun();
	const headUs = useRunState((state) => state.listed?.view.virtualUs ?? state.run.virtualUs);
	if (bands.length === 0) return null;
	const more = omitted + Math.max(0, bands.length - bandsToldMax);
	return (
		<ul className="hidden-visually" aria-label={says.faultsInSight}>
			{bands.slice(0, bandsToldMax).map((band) => (
				<li key={`${band.index} ${band.kind} ${band.direction}`}>{bandSentence(band, run.plan, headUs)}</li>
			))}
			{more > 0 && <li>{says.moreFaults(more)}</li>}
		</ul>
	);
}
