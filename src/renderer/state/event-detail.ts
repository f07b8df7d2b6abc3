/** One event looked at closely: its neighbours in causal order, and its whole causal past and future. */
import type { LabClient } from "../../shared/contract/client.ts";
import { readEventPage } from "../../shared/contract/event-page.ts";
import type { Plan } from "../../shared/plan.ts";
import { causalCone } from "../../shared/projection/causal-cone.ts";
import { coneRings } from "../../shared/projection/cone-rings.ts";
import type { RunState } from "./run-state.ts";

/** Events of a cone that are told on either side. */
export const causalityMax = 5_000;

export async function lookAtEvent(
	client: LabClient,
	{ run, plan }: { readonly run: string; readonly plan: Plan },
	index: number,
	signal?: AbortSignal,
): Promise<Pick<RunState, "detail" | "causality">> {
	const asked = signal === undefined ? {} : { signal };
	const [found, { past, future, truncated, ...reached }] = await Promise.all([
		client.call("log.event", { run, index }, asked),
		client.call("log.causality", { run, index, limit: causalityMax }, asked),
	]);
	const event = readEventPage(found.page)[0];
	const cone = causalCone(reached);
	return {
		detail: event === undefined ? null : { event, neighbours: found.neighbours },
		causality: { index, past: new Set(past), future: new Set(future), cone, rings: coneRings(cone, plan), truncated },
	};
}
