/**
 * The diagram's scale and its drawing loop: how much of the run is in sight, what is asked for it, and when it
 * is painted again. Knows the run and a canvas, and no React.
 */
import type { PagedEvent } from "../../shared/contract/event-page.ts";
import { type BandStrip, emptyStrip, stripByOrder, stripHeightPx, stripOf, stripRowPx } from "../../shared/drawing/band-strip.ts";
import type { Band } from "../../shared/drawing/bands.ts";
import { cutSentence } from "../../shared/drawing/timeline-cut.ts";
import { drawTimeline } from "../../shared/drawing/timeline-drawing.ts";
import { TimelinePlaces } from "../../shared/drawing/timeline-places.ts";
import { axisPx, isByOrder, namesPx, type Spot, type TimelineScene } from "../../shared/drawing/timeline-scene.ts";
import { prepare, widthOf } from "../drawing/canvas.ts";
import { CanvasSurface } from "../drawing/canvas-surface.ts";
import type { Drawing } from "../drawing/frame-turns.ts";
import { frameTurns } from "../drawing/page-frames.ts";
import { shownTimeline } from "../export/shown.ts";
import type { LocalClocks } from "../maths/local-clocks.ts";
import { closerStretch, movedUs, orderedEventsMax } from "../maths/order-part.ts";
import { clampScale, panBy, reveal, type TimeBounds, type TimeScale, usAt, xOf, zoomAt } from "../maths/time-scale.ts";
import type { RunController } from "../state/run-controller.ts";
import { isPlaying, shownUs, type TimeBase } from "../state/run-state.ts";
import { readPalette } from "../state/theme.ts";
import { FoundEvents } from "./found-events.ts";
import { type LaneRoom, LaneScroll } from "./lane-scroll.ts";
import { type OrderPart, TimelineModel } from "./timeline-model.ts";

const firstSpanUs = 600_000;
/**
 * While time goes on. The file of a run is half a second behind it, and answers about a recording come later than its
 * instants: so much is in sight that this is the smaller part.
 */
const shownMs = 4_000;
const followRatio = 0.78;
const reachPx = 12;
const crowdedEvents = 700;
const clearEvents = 260;
const quietEvents = 12;
const stepBackRatio = 4;
const spreadRatioMax = 40;
/** More faults of the network at once are shown as how many. */
const stripRowsMax = 3;
const noEvents: readonly PagedEvent[] = [];

export class Diagram implements Drawing {
	scale: TimeScale;
	spots: readonly Spot[] = [];
	readonly lanes: LaneScroll;
	/** The lane that a hand is moving. */
	draggedLane: number | null = null;
	readonly #run: RunController;
	readonly #canvas: HTMLCanvasElement;
	readonly model: TimelineModel;
	readonly #withdraw: () => void;
	readonly #leave: () => void;
	#isDirty = true;
	/** A hand is moving it. */
	#isHeld = false;
	#size = { width: 0, height: 0 };
	/** Until somebody zooms, the diagram chooses how much to show. */
	isOwnChoice = true;
	#last = { shownUs: -1, headUs: -1, isPlaying: false };
	/** At the instant that is shown it has chosen what to show already, too much being in sight. */
	#hasComeCloser = false;
	#hasReadings = false;
	/** By order, where a hand has moved the part that is drawn of too many events; null: it is at the instant. */
	#aroundUs: number | null = null;
	#partScale: { readonly part: OrderPart; readonly scale: TimeScale } | null = null;
	readonly #found: FoundEvents;
	#strip: BandStrip = emptyStrip;
	#stripOf: { readonly bands: readonly Band[] | undefined; readonly ordered: boolean } | undefined;
	#places: { readonly events: unknown; readonly scale: unknown; readonly timeBase: TimeBase; readonly places: TimelinePlaces } | null = null;
	/** Where the instant lies on each lane, in words; empty where the clock of the run says it. */
	cutWords = "";
	onChange: () => void = () => {};

	constructor(run: RunController, canvas: HTMLCanvasElement) {
		this.#run = run;
		this.#canvas = canvas;
		const widthPx = Math.max(50, canvas.clientWidth - namesPx);
		const atUs = shownUs(run.state);
		this.#size = { width: canvas.clientWidth, height: canvas.clientHeight };
		this.scale = clampScale(
			{ fromUs: atUs - firstSpanUs * followRatio, toUs: atUs + firstSpanUs * (1 - followRatio), widthPx },
			{ startUs: 0, endUs: run.state.run.virtualUs },
		);
		this.model = new TimelineModel(run.client, run.id, run.plan, () => {
			this.#isDirty = true;
			this.#choose();
			this.#revealReadings();
			this.onChange();
		});
		this.#found = new FoundEvents(run.plan);
		const room = (): LaneRoom => ({ heightPx: this.#size.height, topPx: axisPx + stripHeightPx(this.strip) });
		this.lanes = new LaneScroll(run, room, () => {
			this.#isDirty = true;
			this.#isHeld = true;
			this.onChange();
		});
		this.#leave = frameTurns.join(this);
		this.#withdraw = shownTimeline.offer(run.id, () => ({ scale: this.scale, inSight: this.model.inSight }));
		this.ask();
	}

	end(): void {
		this.#leave();
		this.model.end();
		this.#withdraw();
	}

	/** A busy run shows as much as can be told apart, a quiet one as much as has anything in it. */
	#choose(): void {
		const { scale, bounds } = this;
		const eventCount = this.model.inSight?.eventCount ?? 0;
		if (!this.isOwnChoice || this.#last.isPlaying) return;
		// There is no more of it than what has happened, however long it may go on.
		const isWhole = scale.fromUs <= bounds.startUs && scale.toUs >= this.#onAxis({ startUs: 0, endUs: this.#run.state.run.virtualUs }).endUs;
		const isQuiet = eventCount < quietEvents && !this.#hasComeCloser && !isWhole;
		if (!isQuiet && eventCount < crowdedEvents) return;
		this.#hasComeCloser ||= !isQuiet;
		const anchorPx = Math.min(scale.widthPx, Math.max(0, xOf(scale, this.#axisUs(shownUs(this.#run.state)))));
		this.setScale(zoomAt(scale, { factor: isQuiet ? 1 / stepBackRatio : eventCount / clearEvents, anchorPx }, bounds));
	}

	/** The instant that is looked at stays where it is, while it is in sight. */
	zoomHere(factor: number): void {
		const { part } = this;
		if (part !== null && factor > 1) {
			this.#closer(part, factor, this.#aroundUs ?? shownUs(this.#run.state));
			return;
		}
		const x = xOf(this.scale, this.#axisUs(shownUs(this.#run.state)));
		this.zoom(factor, x >= 0 && x <= this.scale.widthPx ? x : this.scale.widthPx / 2);
	}

	/** By own clocks, once: the instant is seen at each of them, unless they are so far apart that nothing else would be. */
	#revealReadings(): void {
		const clocks = this.#ownClocks;
		const isNew = clocks !== null && !this.#hasReadings;
		this.#hasReadings = clocks !== null;
		if (!isNew || !this.isOwnChoice || this.#last.isPlaying) return;
		const { fromUs, toUs } = clocks.spreadUs(shownUs(this.#run.state));
		const nowUs = this.scale.toUs - this.scale.fromUs;
		if ((fromUs >= this.scale.fromUs && toUs <= this.scale.toUs) || toUs - fromUs > nowUs * spreadRatioMax) return;
		const spanUs = Math.max(nowUs, (toUs - fromUs) * 1.4);
		this.setScale({ ...this.scale, fromUs: (fromUs + toUs - spanUs) / 2, toUs: (fromUs + toUs + spanUs) / 2 });
	}

	/** By hand: from now on the zoom is left alone. */
	zoom(factor: number, anchorPx: number): void {
		const { part } = this;
		if (part !== null && factor > 1) {
			this.#closer(part, factor, this.instantAt(anchorPx + namesPx) ?? part.lastUs);
			return;
		}
		this.isOwnChoice = false;
		this.moveTo(zoomAt(this.scale, { factor, anchorPx }, this.bounds));
	}

	/** Of a part of what is in sight: all else goes out of sight, and then some of it. */
	#closer(part: OrderPart, factor: number, atUs: number): void {
		this.isOwnChoice = false;
		this.moveTo({ ...this.scale, ...closerStretch(part, { atUs, factor }) });
	}

	/** By hand, along the axis. A part of too many events goes by what is drawn of them. */
	pan(deltaPx: number): void {
		const { part, bounds } = this;
		const events = this.#drawnEvents;
		if (part === null) {
			this.moveTo(panBy(this.scale, deltaPx, bounds));
			return;
		}
		const middleUs = events[events.length >> 1]?.atUs ?? part.firstUs;
		const atUs = movedUs(this.#aroundUs ?? middleUs, deltaPx, part, this.scale.widthPx);
		this.#aroundUs = Math.min(Math.max(0, atUs), this.#run.state.run.virtualUs);
		this.isOwnChoice = false;
		this.moveTo(reveal(this.scale, this.#aroundUs, bounds));
	}

	/** Where places are by order and not all that is in sight is drawn. */
	get part(): OrderPart | null {
		return isByOrder(this.#run.state.timeBase) ? (this.model.inSight?.part ?? null) : null;
	}

	/** By hand, too: it is painted in the very next frame. */
	moveTo(scale: TimeScale): void {
		this.#isHeld = true;
		this.setScale(scale);
	}

	get bounds(): TimeBounds {
		const { virtualUs, untilUs } = this.#run.state.run;
		return this.#onAxis({ startUs: 0, endUs: Math.max(virtualUs, untilUs) });
	}

	/** Everything that has happened. */
	showAll(): void {
		this.isOwnChoice = false;
		this.#aroundUs = null;
		const { startUs, endUs } = this.#onAxis({ startUs: 0, endUs: this.#run.state.run.virtualUs });
		this.moveTo({ ...this.scale, fromUs: startUs, toUs: endUs + (endUs - startUs) * 0.02 });
	}

	/** Clocks that are behind show what lies before the run, and those that are ahead what lies after it. */
	#onAxis(bounds: TimeBounds): TimeBounds {
		return this.#ownClocks?.boundsOf(bounds) ?? bounds;
	}

	get #ownClocks(): LocalClocks | null {
		return this.#run.state.timeBase === "local" ? this.model.clocks : null;
	}

	/** Where on the axis an instant is, when it has to be at one place. */
	#axisUs(atUs: number): number {
		return this.#ownClocks?.middleUs(atUs) ?? atUs;
	}

	/** The instant at a place of the axis. By order places mean none: there it is that of the latest event that is drawn at it. */
	instantAt(x: number): number | undefined {
		if (isByOrder(this.#run.state.timeBase)) {
			const latest = this.spots.reduce((most, spot) => (Math.abs(spot.x - x) <= reachPx ? Math.max(most, spot.index) : most), -1);
			return this.model.inSight?.events.find(({ index }) => index === latest)?.atUs;
		}
		const us = usAt(this.scale, x - namesPx);
		return this.#ownClocks?.instantUs(us) ?? us;
	}

	touch = (): void => {
		this.#isDirty = true;
	};

	resize(): void {
		this.#size = { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
		this.moveTo({ ...this.scale, widthPx: Math.max(50, this.#size.width - namesPx) });
	}

	setScale(scale: TimeScale): void {
		this.scale = clampScale(scale, this.bounds);
		this.#isDirty = true;
		this.ask();
	}

	ask(): void {
		const { state } = this.#run;
		const { lanes, timeBase, run } = state;
		const nodes = lanes.order.filter((node) => !lanes.hidden.has(node));
		const aroundUs = this.#aroundUs ?? shownUs(state);
		this.model.want({ scale: this.scale, nodes, timeBase, headUs: run.virtualUs, aroundUs, isPlaying: isPlaying(state) });
	}

	/** While time goes on, the instant stays at its place and the diagram moves under it. */
	move(): boolean {
		const before = this.#last;
		this.#follow();
		return this.#last !== before && this.#last.isPlaying;
	}

	due(): "now" | "soon" | false {
		return this.#isDirty ? (this.#isHeld ? "now" : "soon") : false;
	}

	#follow(): void {
		const { state } = this.#run;
		const atUs = shownUs(state);
		const headUs = state.run.virtualUs;
		const playing = isPlaying(state);
		if (atUs === this.#last.shownUs && headUs === this.#last.headUs && playing === this.#last.isPlaying) return;
		const spanUs = this.#spanUs(playing);
		this.#hasComeCloser = false;
		this.#aroundUs = null;
		this.#last = { shownUs: atUs, headUs, isPlaying: playing };
		const axisUs = this.#axisUs(atUs);
		const next =
			playing || spanUs !== this.scale.toUs - this.scale.fromUs
				? { ...this.scale, fromUs: axisUs - spanUs * followRatio, toUs: axisUs + spanUs * (1 - followRatio) }
				: reveal(this.scale, axisUs, this.bounds);
		this.setScale(next);
	}

	/** How much there is to be in sight from now on: as much as there is, unless time begins or ends to go on. */
	#spanUs(playing: boolean): number {
		const nowUs = this.scale.toUs - this.scale.fromUs;
		if (!this.isOwnChoice || (!playing && !this.#last.isPlaying)) return nowUs;
		if (!playing) return Math.min(nowUs, firstSpanUs);
		const { speed, paceRatio } = this.#run.state;
		// At full speed the pace changes all the time: it is followed in steps.
		const ratio = speed === "max" ? 2 ** Math.round(Math.log2(Math.max(1, paceRatio))) : speed;
		return ratio * shownMs * 1_000;
	}

	/** Faults of the network have rows of their own above the lanes; by order they have no place, and that is said. */
	get strip(): BandStrip {
		const bands = this.model.inSight?.bands;
		const ordered = isByOrder(this.#run.state.timeBase);
		if (bands === this.#stripOf?.bands && ordered === this.#stripOf?.ordered) return this.#strip;
		this.#stripOf = { bands, ordered };
		this.#strip = bands === undefined ? emptyStrip : ordered ? stripByOrder(bands) : stripOf(bands, stripRowsMax);
		return this.#strip;
	}

	/** The fault of the network whose bar is at a place. */
	bandAt(x: number, y: number): Band | undefined {
		const row = Math.floor((y - axisPx - 2) / stripRowPx);
		if (y < axisPx + 2 || x < namesPx) return undefined;
		const atUs = usAt(this.scale, x - namesPx);
		const slackUs = (this.scale.toUs - this.scale.fromUs) * (3 / this.scale.widthPx);
		for (const [band, itsRow] of this.strip.rows)
			if (itsRow === row && atUs >= band.fromUs - slackUs && atUs <= (band.toUs ?? Number.POSITIVE_INFINITY) + slackUs) return band;
		return undefined;
	}

	paint(): void {
		const context = prepare(this.#canvas, this.#size);
		if (context === null) return;
		this.lanes.revealSelected();
		this.lanes.by(0);
		[this.#isDirty, this.#isHeld] = [false, false];
		const scene = this.#scene();
		const places = this.#placesOf(scene);
		this.spots = drawTimeline(new CanvasSurface(context, widthOf), scene, places);
		const cut = isPlaying(this.#run.state) ? "" : cutSentence(scene, places);
		if (cut === this.cutWords) return;
		this.cutWords = cut;
		this.onChange();
	}

	/** A part that is drawn takes the place of what is in sight; the same object while it is the same. */
	get #drawnScale(): TimeScale {
		const { part, scale } = this;
		if (part === null) return scale;
		if (this.#partScale?.part !== part || this.#partScale.scale.widthPx !== scale.widthPx)
			this.#partScale = { part, scale: { fromUs: part.fromUs, toUs: part.toUs, widthPx: scale.widthPx } };
		return this.#partScale.scale;
	}

	/** Too many of them come of a question that was put when places were by a clock: the next answer has a part of them. */
	get #drawnEvents(): readonly PagedEvent[] {
		const events = this.model.inSight?.events ?? noEvents;
		return this.part === null && isByOrder(this.#run.state.timeBase) && events.length > 2 * orderedEventsMax ? noEvents : events;
	}

	#scene(): TimelineScene {
		const { state, plan } = this.#run;
		const { inSight } = this.model;
		return {
			plan,
			palette: readPalette(),
			scale: this.#drawnScale,
			timeBase: state.timeBase,
			clocks: inSight?.clocks ?? null,
			lanes: this.lanes.layout,
			events: this.#drawnEvents,
			arrows: inSight?.arrows ?? [],
			density: inSight?.level === "density" ? inSight.density : null,
			bands: inSight?.bands ?? [],
			strip: this.strip,
			faults: inSight?.faults ?? [],
			pins: [],
			headUs: state.run.virtualUs,
			shownUs: shownUs(state),
			selected: state.selection?.kind === "event" ? state.selection.index : null,
			selectedNode: this.draggedLane ?? (state.selection?.kind === "node" ? state.selection.node : null),
			cone: state.causality,
			matched: this.#found.among(inSight?.events, state.search),
			divergence: state.divergence,
			topPx: 0,
			widthPx: this.#size.width,
			bottomPx: this.#size.height,
		};
	}

	/** Found anew only when something in sight is another: orders of many events are dear. */
	#placesOf(scene: TimelineScene): TimelinePlaces {
		const { events, scale, timeBase } = scene;
		const known = this.#places;
		if (known?.events === events && known.scale === scale && known.timeBase === timeBase) return known.places;
		this.#places = { events, scale, timeBase, places: new TimelinePlaces(scene) };
		return this.#places.places;
	}

	spotAt(x: number, y: number): Spot | undefined {
		let best: Spot | undefined;
		let bestPx = reachPx;
		for (const spot of this.spots) {
			const px = Math.hypot(spot.x - x, spot.y - y);
			if (px < bestPx) [best, bestPx] = [spot, px];
		}
		return best;
	}
}
