/**
 * What nodes held at an earlier instant: the run is repeated up to there, on the side, and asked. Knows no
 * window and keeps nothing.
 */
import type { CallReply, CallRequest } from "../../shared/contract/calls.ts";
import { ContractError } from "../../shared/contract/errors.ts";
import type { Plan } from "../../shared/plan.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { heapMbDefault, plainTask, watchdogMsDefault } from "../app/options.ts";
import type { ExecutorOptions, NodeContents, RunTask } from "../app/run-task.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import type { Library } from "./library.ts";
import { LiveRun, type LiveRunListener } from "./live-run.ts";
import { tooMany } from "./room.ts";
import { liveOf, type RunEntry } from "./run-entry.ts";

/** A visit is a run of its own; so many at once. */
const visitsMax = 2;

const silent: LiveRunListener = { onStatus: () => {}, onLines: () => {}, onPaused: () => {}, onVerdict: () => {}, onEnd: () => {} };

export interface VisitsParts {
	readonly library: Library;
	readonly librarian: ReaderClient;
}

export class Visits {
	readonly #parts: VisitsParts;
	#visits = 0;

	constructor(parts: VisitsParts) {
		this.#parts = parts;
	}

	/** That go on. */
	get count(): number {
		return this.#visits;
	}

	/** What a node holds now, or held at an instant: then the run is repeated up to there. */
	async inspect(entry: RunEntry, { node, atUs }: Pick<CallRequest<"nodes.inspect">, "node" | "atUs">): Promise<CallReply<"nodes.inspect">> {
		const { plan } = entry;
		if (node >= plan.nodes.length) throw new ContractError("usage", `the run has no node ${node}`);
		if (atUs === null) {
			return inspection(await liveOf(entry).inspect(node), plan);
		}
		if (this.#visits >= visitsMax) throw tooMany("instants are being visited");
		this.#visits++;
		try {
			const task = await this.#visitTask(entry, atUs);
			const visit = new LiveRun({ ...task, recording: null, startPaused: true, statusEveryMs: 0, tellLines: false }, silent);
			try {
				return inspection({ ...(await visit.inspect(node)), atUs }, plan);
			} finally {
				await visit.stop();
			}
		} finally {
			this.#visits--;
		}
	}

	async #visitTask({ plan, seed, live, session, branch }: RunEntry, atUs: number): Promise<RunTask> {
		const executor: ExecutorOptions = { name: "inline", watchdogMs: watchdogMsDefault, heapMb: heapMbDefault.inline };
		if (live !== null) {
			if (atUs > live.virtualUs) throw new ContractError("usage", `the run has come to ${formatDurationUs(live.virtualUs)} only`);
			const commands = live.commands.filter((command) => command.atUs < atUs);
			return { ...plainTask({ plan, seed, executor }), commands, untilUs: atUs + 1, fork: { atUs, expected: null } };
		}
		const path = this.#parts.library.existing(session);
		return this.#parts.librarian.ask("prepareFork", { wishes: { path, branch, atUs, untilUs: atUs + 1, story: [], save: null, executor, speed: "max" } });
	}
}

function inspection({ atUs, services, disks, wallUs, timers, timersOmitted, inbox, inboxOmitted }: NodeContents, { names }: Plan): CallReply<"nodes.inspect"> {
	return {
		atUs,
		services,
		disks,
		wallUs,
		skewUs: wallUs - atUs,
		timers: timers.map(({ name, dueUs }) => ({ name: names[name] ?? "", dueUs })),
		timersOmitted,
		inbox,
		inboxOmitted,
	};
}
