/**
 * A crowd, a balancer and web servers on the real kernel, for tests of whole services: builds the plan,
 * runs it inline, and answers the questions that claims are made of. Wants no lab file.
 */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { PlainValue } from "../../src/core/node-api.ts";
import { registry } from "../../src/os/registry.ts";
import type { LinkPhysics } from "../../src/shared/plan.ts";
import { EventList, type ListedEvent } from "./event-list.ts";
import { type TinyNode, tinyPlan } from "./tiny-plan.ts";

type Config = { readonly [key: string]: PlainValue };

export interface FrontDoor {
	readonly crowd?: Config;
	readonly balancer?: Config;
	readonly webServer?: Config;
	readonly servers?: number;
	readonly cores?: number;
	/** Of every link. */
	readonly physics?: Partial<LinkPhysics>;
	/** Of the links between the balancer and the servers alone. */
	readonly serverPhysics?: Partial<LinkPhysics>;
	readonly story?: readonly (readonly [atUs: number, line: string])[];
	readonly untilUs?: number;
	readonly seed?: number;
	/** Called about every 100 ms of virtual time. */
	readonly look?: (kernel: Kernel) => void;
}

export interface Visit {
	readonly startedUs: number;
	readonly finishedUs: number;
	readonly latencyUs: number;
	readonly ok: boolean;
	readonly status: number;
	readonly outcome: string;
	readonly method: string;
}

export class FrontDoorRun {
	readonly kernel: Kernel;
	readonly list: EventList;
	readonly untilUs: number;

	constructor(door: FrontDoor) {
		const plan = planOf(door);
		this.untilUs = plan.untilUs;
		this.kernel = new Kernel({ plan, seed: door.seed ?? 1, executor: new InlineExecutor(registry) });
		this.list = new EventList(plan);
		this.kernel.log.observe(this.list);
		for (let atUs = 100_000; atUs < plan.untilUs; atUs += 100_000) {
			this.kernel.advance({ untilUs: atUs });
			door.look?.(this.kernel);
		}
		this.kernel.advance({ untilUs: plan.untilUs });
	}

	get visits(): Visit[] {
		return this.list
			.of("spanFinished", "crowd")
			.filter(({ fields }) => fields.name === "visit")
			.map((event): Visit => {
				const { status, outcome = "", method = "GET" } = event.body as { status: number; outcome?: string; method?: string };
				const startedUs = event.fields.startedUs as number;
				const ok = event.fields.status === "ok";
				return { startedUs, finishedUs: event.atUs, latencyUs: event.atUs - startedUs, ok, status, outcome, method };
			});
	}

	/** Requests sent to a server (or to all), in a half-open span of time. */
	requestsTo(server: string | undefined, fromUs = 0, toUs = Number.POSITIVE_INFINITY): ListedEvent[] {
		return this.list
			.of("messageSent", "balancer")
			.filter(({ atUs, fields }) => fields.name === "http.request" && fields.inReplyTo === 0 && atUs >= fromUs && atUs < toUs)
			.filter(({ fields }) => server === undefined || fields.to === server);
	}

	lines(node: string): string[] {
		return this.list.of("logLine", node).map(({ body }) => String(body));
	}

	inspect(node: string, service: string): { readonly [field: string]: PlainValue } {
		return this.kernel.inspect(this.kernel.plan.nodes.findIndex(({ name }) => name === node))?.[service] ?? {};
	}

	/** The busiest window of one second of a server: 0..1 of all its cores. */
	maxUtilisation(server: string): number {
		const cores = this.kernel.plan.nodes.find(({ name }) => name === server)?.cores ?? 1;
		return busiestSecondUs(this.list.of("computeFinished", server)) / (cores * 1_000_000);
	}
}

export function runFrontDoor(door: FrontDoor): FrontDoorRun {
	return new FrontDoorRun(door);
}

export function serverNames(servers = 5): string[] {
	return Array.from({ length: servers }, (_, index) => `web-${index + 1}`);
}

function planOf(door: FrontDoor) {
	const { crowd, balancer, webServer, servers = 5, cores = 1, physics = {}, serverPhysics = {}, story = [], untilUs = 10_000_000 } = door;
	const web: TinyNode = { role: "web", cores, services: [{ service: "web-server", config: { meanWork: "4ms", ...webServer } }] };
	const nodes: { readonly [name: string]: TinyNode } = {
		crowd: { role: "client", services: [{ service: "crowd", config: { target: "balancer", visitors: 1_000, ratePerSecond: 500, ...crowd } }] },
		balancer: { role: "balancer", services: [{ service: "balancer", config: { servers: "web-*", ...balancer } }] },
		...Object.fromEntries(serverNames(servers).map((name) => [name, web])),
	};
	const links = [{ a: "crowd", b: "balancer" }, ...serverNames(servers).map((name) => ({ a: "balancer", b: name, physics: serverPhysics }))];
	return tinyPlan({ nodes, links, physics: { jitter: { kind: "uniform", maxUs: 500 }, ...physics }, story, untilUs }, registry);
}

/**
 * The most work in any window of one second, in microseconds of CPU time. The work done up to an instant
 * is a line of straight pieces, so the extreme windows begin or end where a piece does.
 */
function busiestSecondUs(computed: readonly ListedEvent[]): number {
	const edges = computed.flatMap(({ atUs, fields }) => [
		[fields.startedUs as number, 1],
		[atUs, -1],
	]) as [number, number][];
	edges.sort((a, b) => a[0] - b[0]);
	const instants = [0];
	const done = [0];
	const slopes = [0];
	let busy = 0;
	for (const [atUs, change] of edges) {
		const last = instants.length - 1;
		done.push((done[last] as number) + busy * (atUs - (instants[last] as number)));
		instants.push(atUs);
		busy += change;
		slopes.push(busy);
	}
	const doneBy = (atUs: number): number => {
		let low = 0;
		let high = instants.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if ((instants[middle] as number) <= atUs) low = middle;
			else high = middle - 1;
		}
		return (done[low] as number) + (slopes[low] as number) * (atUs - (instants[low] as number));
	};
	const starts = instants.flatMap((atUs) => [atUs, Math.max(0, atUs - 1_000_000)]);
	return starts.reduce((most, startUs) => Math.max(most, doneBy(startUs + 1_000_000) - doneBy(startUs)), 0);
}
