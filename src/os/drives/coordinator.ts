/**
 * Decides where units are kept and has them made anew when drives die. It sees no drive: of what lives and what
 * is where it knows what the machines tell it, and after a crash it asks them all again. On its own drive is only
 * who the machines are and how much there is.
 *
 * @source Ghemawat, Gobioff, Leung: The Google File System (SOSP 2003), sections 2.6 and 4.3: the master keeps no
 * record of who has what, asks at startup, and copies first what is nearest to its loss
 */
import type { Drive, Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type Books, type Kept, openBooks } from "./books.ts";
import { Census } from "./census.ts";
import { type CoordinatorConfig, readCoordinatorConfig } from "./config.ts";
import { foundCluster } from "./founding.ts";
import { driveInvariants, noDataLost } from "./invariants.ts";
import { coordinatorService, facts, type HeartbeatBody, measures, messages, type RebuiltBody, type ReportBody, timers } from "./protocol.ts";
import { Repairs } from "./repairs.ts";
import { Statements } from "./statements.ts";

const keptPath = "cluster";

class Coordinator {
	readonly #ctx: NodeContext;
	readonly #config: CoordinatorConfig;
	#cluster: Cluster | null = null;

	constructor(ctx: NodeContext, config: CoordinatorConfig) {
		this.#ctx = ctx;
		this.#config = config;
	}

	*boot(): Task {
		const drive = this.#ctx.drives[0] as Drive;
		const kept = yield* drive.get(keptPath);
		if (kept.ok) {
			const { members, stripes } = kept.value as unknown as Kept;
			this.#cluster = new Cluster(this.#ctx, this.#config, openBooks(this.#ctx, this.#config, { members, stripes }));
			this.#cluster.askAll();
			return;
		}
		const books = yield* foundCluster(this.#ctx, this.#config);
		yield* drive.put(keptPath, { members: books.fleet.members, stripes: books.ledger.map.stripes });
		yield* drive.sync();
		this.#cluster = new Cluster(this.#ctx, this.#config, books);
		this.#cluster.begin();
	}

	/** Null until the cluster has been founded. */
	get cluster(): Cluster | null {
		return this.#cluster;
	}

	ask(): string {
		return this.#cluster?.statements.sentence() ?? "the machines are being asked who they are";
	}

	inspect(): Inspection {
		const cluster = this.#cluster;
		return cluster === null ? { state: "meeting the machines" } : cluster.statements.inspection(this.#config.code, cluster.repairs.underWay);
	}
}

/** A cluster that is founded: what is told changes the books, what the books lack is ordered, and all is said. */
class Cluster {
	readonly #ctx: NodeContext;
	readonly #config: CoordinatorConfig;
	readonly #books: Books;
	readonly #census: Census;
	readonly repairs: Repairs;
	readonly statements: Statements;
	#isRecovering = false;

	constructor(ctx: NodeContext, config: CoordinatorConfig, books: Books) {
		this.#ctx = ctx;
		this.#config = config;
		this.#books = books;
		this.repairs = new Repairs(ctx, config, books);
		this.statements = new Statements(ctx, books);
		this.#census = new Census(ctx, books, {
			missing: (units, why) => this.#missing(units, why),
			turnedUp: (unit, drive) => this.#place(unit, drive),
			forgot: (member) => this.repairs.giveUpAt(member),
		});
		ctx.every(Math.ceil(config.patienceUs / 4), timers.watch, () => this.#watch());
		ctx.every(config.sampleUs, timers.sample, () => this.statements.sample());
	}

	begin(): void {
		this.statements.laidOut(this.#config.code);
		this.statements.sample();
	}

	/** After a crash of its own: nothing is where it was until a machine says so. */
	askAll(): void {
		this.#isRecovering = true;
		for (const [member, { name }] of this.#books.fleet.members.entries()) {
			this.#books.awaited.add(member);
			this.#ctx.send(name, messages.tell, null);
		}
	}

	heartbeat({ from, body }: Message<HeartbeatBody>): void {
		const member = this.#books.memberIndex.get(from);
		if (member === undefined) return;
		this.repairs.mentioned(member, body.making);
		this.#census.heartbeat(member, body);
	}

	report({ from, body }: Message<ReportBody>): void {
		const member = this.#books.memberIndex.get(from);
		if (member === undefined) return;
		this.#census.report(member, body);
		if (!body.isLast || this.#books.awaited.size > 0) return;
		if (this.#isRecovering) this.#judge();
		this.#books.ledger.retry();
		this.repairs.dispatch();
	}

	rebuilt({ from, body }: Message<RebuiltBody>): void {
		const member = this.#books.memberIndex.get(from);
		if (member === undefined) return;
		this.statements.moved(body.gigabytes);
		this.repairs.answered(member, body, (unit, drive) => this.#place(unit, drive));
		// Who cannot send what it should have has something to tell, and need not be waited for.
		for (const name of body.deaf) this.#ctx.send(name, messages.tell, null);
		if (this.#books.awaited.size === 0) this.repairs.dispatch();
	}

	/** Every machine has told what it has, or will not: from now on what is missing is missing. */
	#judge(): void {
		this.#isRecovering = false;
		const { ledger } = this.#books;
		ledger.judgeAll(this.#ctx.monoUs());
		const { lostStripes } = ledger.map;
		if (lostStripes > 0) this.statements.loss([], lostStripes, "nobody told of them after the coordinator had come back");
		else this.statements.found(0);
		this.repairs.dispatch();
	}

	/** Silence, and orders that nobody mentions. */
	#watch(): void {
		const nowUs = this.#ctx.monoUs();
		const { fleet, ledger, heardUs, awaited } = this.#books;
		for (const member of fleet.members.keys())
			if (!fleet.isSilent(member) && nowUs - (heardUs[member] as number) >= this.#config.patienceUs) this.#census.fallSilent(member);
		if (awaited.size === 0 && this.#isRecovering) this.#judge();
		this.repairs.giveUpOverdue();
		ledger.retry();
		if (awaited.size === 0) this.repairs.dispatch();
	}

	#place(unit: number, drive: number): void {
		const { ledger, awaited } = this.#books;
		const lostBefore = ledger.map.lostStripes;
		const tookUs = ledger.place(unit, drive, this.#ctx.monoUs());
		if (ledger.map.lostStripes < lostBefore && awaited.size === 0) this.statements.found(1);
		if (tookUs >= 0) this.statements.healed(tookUs);
	}

	#missing(units: readonly number[], why: string): void {
		if (units.length === 0) return;
		const lost = this.#books.ledger.forget(units, this.#ctx.monoUs());
		if (this.#books.awaited.size > 0) return;
		if (lost.length > 0) this.statements.loss(lost, lost.length, why);
		this.repairs.dispatch();
	}
}

export const coordinatorDefinition: ServiceDefinition = {
	name: coordinatorService,
	summary: "Keeps data on many cheap drives: places its units, hears which drives died, and has what they held made anew.",
	names: [
		messages.describe,
		messages.store,
		messages.tell,
		messages.rebuild,
		messages.drop,
		timers.watch,
		timers.sample,
		timers.retry,
		...Object.values(measures),
		...Object.values(facts),
		noDataLost,
	],
	invariants: driveInvariants,
	configure: readCoordinatorConfig,
	start(ctx, config: CoordinatorConfig): Service {
		const coordinator = new Coordinator(ctx, config);
		return {
			boot: () => coordinator.boot(),
			on: {
				[messages.heartbeat]: (message: Message<HeartbeatBody>) => coordinator.cluster?.heartbeat(message),
				[messages.report]: (message: Message<ReportBody>) => coordinator.cluster?.report(message),
				[messages.rebuilt]: (message: Message<RebuiltBody>) => coordinator.cluster?.rebuilt(message),
			},
			ask: () => coordinator.ask(),
			inspect: () => coordinator.inspect(),
		};
	},
};
