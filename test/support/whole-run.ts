/** Runs that a lab service carries to their ends, and all that their logs hold. */
import { expect } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { type EventPage, type PagedEvent, readEventPage } from "../../src/shared/contract/event-page.ts";
import type { Push } from "../../src/shared/contract/pushes.ts";
import { nextPush, startOf } from "./lab-window.ts";

export type RunView = Push<"run">["run"];

/** Starts a run and waits until it has come to its end. */
export async function wholeRun(client: LabClient, name: string, wishes: Parameters<typeof startOf>[1] = {}): Promise<RunView> {
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended" || run.mode === "failed");
	await client.call("runs.start", startOf(name, wishes));
	const { run } = await ended;
	expect(run.error).toBeNull();
	return run;
}

export async function eventsOf(client: LabClient, run: string): Promise<PagedEvent[]> {
	const events: PagedEvent[] = [];
	for (let from: number | null = 0; from !== null; ) {
		const page: EventPage = await client.call("log.events", {
			run,
			fromIndex: from,
			toIndex: null,
			fromUs: null,
			toUs: null,
			kinds: null,
			nodes: null,
			text: null,
			limit: 2_000,
			backwards: false,
		});
		events.push(...readEventPage(page));
		from = page.nextIndex;
	}
	return events;
}
