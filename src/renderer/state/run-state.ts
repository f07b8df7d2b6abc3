/**
 * What the window knows of one run: where it is, what is drawn of it, what is selected. Data only.
 */
import type { PagedEvent } from "../../shared/contract/event-page.ts";
import { initialOrder, type LaneOrder } from "../../shared/drawing/lanes.ts";
import type { Plan } from "../../shared/plan.ts";
import type { CausalCone, ConeMessageSide, ConeSide } from "../../shared/projection/causal-cone.ts";
import type { ConeRings } from "../../shared/projection/cone-rings.ts";
import { noStanding, type Standing } from "../../shared/projection/standing.ts";
import type { Speed } from "../maths/speed-scale.ts";
import type { BranchView, EventNeighbour, FlightView, InstantView, LineView, NoteView, RunView } from "./contract-types.ts";

/** What can be acted on. */
export type Target =
	| { readonly kind: "node"; readonly node: number }
	| { readonly kind: "link"; readonly link: number }
	/** A message under way, as it was when it was picked. */
	| { readonly kind: "message"; readonly flight: FlightView };

export type Selection = Target | { readonly kind: "event"; readonly index: number } | { readonly kind: "check"; readonly id: string } | null;

export const stageViews = ["split", "topology", "timeline", "services", "branches", "charts", "requests"] as const;
export type StageView = (typeof stageViews)[number];

export const sideTabs = ["nodes", "events", "inspect", "checks", "notes", "guide"] as const;
export type SideTab = (typeof sideTabs)[number];

export const timeBases = ["true", "local", "causal", "vector"] as const;
/** Which time the diagram's horizontal axis shows. */
export type TimeBase = (typeof timeBases)[number];

/** An event that is looked at closely, with its neighbours in causal order. */
export interface EventDetail {
	readonly event: PagedEvent;
	readonly neighbours: readonly EventNeighbour[];
}

/** What led to the selected event and what came of it: what every view lights. */
export interface Causality {
	/** The event itself. */
	readonly index: number;
	/** Events by index; bounded, see `truncated`. */
	readonly past: ReadonlySet<number>;
	readonly future: ReadonlySet<number>;
	/** Nodes, links and messages that they reach. */
	readonly cone: CausalCone;
	/** What drawings light of it. */
	readonly rings: ConeRings;
	readonly truncated: boolean;
}

export interface Place {
	readonly x: number;
	readonly y: number;
}

export interface RunState {
	readonly run: RunView;
	readonly plan: Plan;
	/** The latest that a live run told. */
	readonly present: InstantView | null;
	/** What is drawn: of the present, or of the instant looked back at. */
	readonly shown: InstantView | null;
	/** The same for lists and panels: while a run goes on, a few times a second (`list-pace.ts`). */
	readonly listed: InstantView | null;
	/** The instant looked back at; null: the present of a live run. */
	readonly cursorUs: number | null;
	/** Playing back what was recorded. */
	readonly isReplaying: boolean;
	readonly speed: Speed;
	/** Virtual seconds a wall second, as measured. */
	readonly paceRatio: number;
	/** `performance.now()` when `shown` arrived. */
	readonly shownMs: number;
	readonly lines: readonly LineView[];
	readonly selection: Selection;
	/** Nodes picked for a partition. */
	readonly picked: ReadonlySet<number>;
	readonly detail: EventDetail | null;
	readonly causality: Causality | null;
	readonly places: ReadonlyMap<number, Place>;
	readonly lanes: LaneOrder;
	readonly stage: StageView;
	/** Title of the service's view that is shown; empty: the first. */
	readonly serviceView: string;
	readonly side: SideTab;
	readonly timeBase: TimeBase;
	readonly search: string;
	/** Who hands in what goes out, as typed. Many sit at one laptop, so it is kept here alone and ends with the page's run. */
	readonly handedInBy: string;
	/** Faults over the whole run, for the scrubber. */
	readonly marks: readonly FaultMark[];
	/** Older ones than those. */
	readonly marksOmitted: number;
	readonly branches: readonly BranchView[];
	readonly notes: readonly NoteView[];
	readonly standing: Standing;
	/** Something takes long enough to say so. */
	readonly busy: "forking" | "reading" | null;
	/** How much of a log has been read that is read for the first time. */
	readonly readRatio: number | null;
	/** The first event that is not so in the run beside this one. */
	readonly divergence: { readonly index: number; readonly atUs: number } | null;
}

export interface FaultMark {
	readonly index: number;
	readonly atUs: number;
	readonly kind: string;
	readonly node: number;
	readonly text: string;
}

export function initialRunState(run: RunView, plan: Plan): RunState {
	return {
		run,
		plan,
		present: null,
		shown: null,
		listed: null,
		cursorUs: run.kind === "live" ? null : 0,
		isReplaying: false,
		speed: 1,
		paceRatio: 0,
		shownMs: 0,
		lines: [],
		selection: null,
		picked: new Set(),
		detail: null,
		causality: null,
		places: new Map(),
		lanes: initialOrder(plan.nodes.length),
		stage: "split",
		serviceView: "",
		side: "nodes",
		timeBase: "true",
		search: "",
		handedInBy: "",
		marks: [],
		marksOmitted: 0,
		branches: [],
		notes: [],
		standing: noStanding,
		busy: null,
		readRatio: null,
		divergence: null,
	};
}

export function isPlaying({ run, cursorUs, isReplaying }: RunState): boolean {
	return cursorUs === null ? run.mode === "running" : isReplaying;
}

/** The run has come to its own end, and that is what is drawn. */
export function isAtEnd(state: RunState): boolean {
	const { run, shown } = state;
	return run.finished && (shown?.view.virtualUs ?? 0) >= run.virtualUs - 1;
}

/** The same message, wherever it is meanwhile. */
export function isSameFlight(a: FlightView, b: FlightView): boolean {
	return a.from === b.from && a.sequence === b.sequence && a.copy === b.copy && a.to === b.to;
}

/** The instant that is drawn. */
export function shownUs({ cursorUs, run, shown }: RunState): number {
	return cursorUs ?? shown?.view.virtualUs ?? run.virtualUs;
}

/** The same, as lists and panels know it. */
export function listedUs({ cursorUs, run, listed }: RunState): number {
	return cursorUs ?? listed?.view.virtualUs ?? run.virtualUs;
}

/** Where an event stands to the selected one; undefined: it was concurrent, or nothing is selected. */
export function coneSideOfEvent(causality: Causality | null, index: number): ConeMessageSide | "self" | undefined {
	if (causality === null) return undefined;
	if (index === causality.index) return "self";
	return causality.past.has(index) ? "past" : causality.future.has(index) ? "future" : undefined;
}

/** Where work stands to the selected event: on both sides when it began before it and ended after it. */
export function coneSideOfWork(causality: Causality | null, work: { readonly startIndex: number; readonly finishIndex: number }): ConeSide | undefined {
	const [began, ended] = [coneSideOfEvent(causality, work.startIndex), coneSideOfEvent(causality, work.finishIndex)];
	const isPast = began === "past" || ended === "past" || ended === "self";
	const isFuture = began === "future" || began === "self" || ended === "future";
	if (isPast && isFuture) return "both";
	return isPast ? "past" : isFuture ? "future" : undefined;
}
