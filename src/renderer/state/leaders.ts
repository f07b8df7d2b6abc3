/**
 * Who leads, as far as the log says: programs that elect state a fact when they win, and a node that
 * went down leads no longer. Asks the lab for the latest such facts, not more often than it must.
 */
import type { LabClient } from "../../shared/contract/client.ts";
import { readEventPage } from "../../shared/contract/event-page.ts";
import type { Plan } from "../../shared/plan.ts";

/** Names of facts by which a node says that it leads from now on. */
const leaderFact = /(^|\.)(leader|leads|won|elected)$/;
const everyMs = 250;

export class Leaders {
	readonly #client: LabClient;
	readonly #run: string;
	readonly #names: ReadonlySet<number>;
	#askedMs = Number.NEGATIVE_INFINITY;
	#askedUs = -1;
	#busy = false;

	constructor(client: LabClient, run: string, plan: Plan) {
		this.#client = client;
		this.#run = run;
		this.#names = new Set(plan.names.flatMap((name, index) => (leaderFact.test(name) ? [index] : [])));
	}

	update(atUs: number, committedEvents: number, tell: (leaders: ReadonlySet<number>) => void): void {
		if (this.#names.size === 0 || this.#busy || committedEvents === 0 || atUs === this.#askedUs || performance.now() - this.#askedMs < everyMs) return;
		this.#busy = true;
		this.#askedMs = performance.now();
		this.#askedUs = atUs;
		const filter = { fromIndex: null, toIndex: null, fromUs: null, toUs: Math.floor(atUs), nodes: null, text: null, limit: 200, backwards: true };
		this.#client
			.call("log.events", { run: this.#run, ...filter, kinds: ["factStated", "nodeCrashed"] })
			.then((page) => {
				const events = [...readEventPage(page)].sort((a, b) => b.index - a.index);
				const latest = events.findIndex(({ kind, fields }) => kind === "factStated" && this.#names.has(Number(fields.name)));
				const leader = events[latest];
				const hasFallen = events.slice(0, Math.max(0, latest)).some(({ kind, node }) => kind === "nodeCrashed" && node === leader?.node);
				tell(new Set(leader === undefined || hasFallen ? [] : [leader.node]));
			})
			.catch(() => {}) // asked again with the next view
			.finally(() => {
				this.#busy = false;
			});
	}
}
