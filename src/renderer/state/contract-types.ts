/**
 * The contract's shapes by the names that the window uses for them. Types only.
 */
import type { CallReply } from "../../shared/contract/calls.ts";
import type { Push } from "../../shared/contract/pushes.ts";
import type { Of } from "../../shared/contract/schema.ts";
import type {
	arrowView,
	branchView,
	flightView,
	instantView,
	jobView,
	lineView,
	noteView,
	runView,
	sessionView,
	spanView,
	traceSummary,
	verdictView,
} from "../../shared/contract/views.ts";
import type { EventKind } from "../../shared/event-schema.ts";

export type RunView = Of<typeof runView>;
export type FlightView = Of<typeof flightView>;
export type VerdictView = Of<typeof verdictView>;
export type ArrowView = Of<typeof arrowView>;
export type SpanView = Of<typeof spanView>;
export type TraceSummary = Of<typeof traceSummary>;
export type BranchView = Of<typeof branchView>;
export type SessionView = Of<typeof sessionView>;
export type NoteView = Of<typeof noteView>;
export type JobView = Of<typeof jobView>;
export type LineView = Of<typeof lineView>;
export type InstantView = Of<typeof instantView>;
export type StatusPush = Push<"status">;
export type PausedPush = Push<"paused">;
export type WaitFor = { readonly kind: "checkFails" | "leader" } | { readonly kind: "event"; readonly event: EventKind; readonly node: string | null };
export type LabSummary = CallReply<"labs.list">["labs"][number];
export type NodeInspection = CallReply<"nodes.inspect">;
export type EventNeighbour = CallReply<"log.event">["neighbours"][number];
export type SeriesView = CallReply<"log.series">;
export type CompareView = CallReply<"log.compare">;
