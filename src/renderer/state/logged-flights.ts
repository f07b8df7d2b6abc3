/**
 * Messages under way as the log tells them, for a live run whose state does not: what is committed lies a
 * little behind the present, which at slow speeds is nearly all there is to see. Asks no oftener than
 * it must.
 */
import type { LabClient } from "../../shared/contract/client.ts";
import type { FlightView, InstantView } from "./contract-types.ts";

const everyMs = 200;

function underWay({ view }: InstantView): number {
	const lost = Object.values(view.messages.dropped).reduce((sum: number, count) => sum + count, 0);
	return view.messages.sent + view.messages.duplicated - view.messages.delivered - lost;
}

export class LoggedFlights {
	readonly #client: LabClient;
	readonly #run: string;
	#flights: readonly FlightView[] = [];
	#askedMs = Number.NEGATIVE_INFINITY;
	#isBusy = false;

	constructor(client: LabClient, run: string) {
		this.#client = client;
		this.#run = run;
	}

	/** The same instant, with messages where it has none and there are some. */
	complete(now: InstantView, onMore: () => void): InstantView {
		if (now.flights.length > 0 || underWay(now) <= 0) return now;
		this.#ask(now.view.virtualUs, onMore);
		return { ...now, flights: this.#flights };
	}

	#ask(atUs: number, onMore: () => void): void {
		if (this.#isBusy || performance.now() - this.#askedMs < everyMs) return;
		this.#isBusy = true;
		this.#askedMs = performance.now();
		this.#client
			.call("log.view", { run: this.#run, atUs })
			.then(({ flights }) => {
				this.#flights = flights;
				onMore();
			})
			.catch(() => {}) // nothing is committed yet
			.finally(() => {
				this.#isBusy = false;
			});
	}
}
