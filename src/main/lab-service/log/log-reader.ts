/**
 * Answers questions about recorded logs: one method a question. Runs on the reader thread, and may take
 * its time there; knows no run and no window.
 */
import type { ServiceRegistry } from "../../../core/node-api.ts";
import { ContractError } from "../../../shared/contract/errors.ts";
import { pageBytesMax } from "../../../shared/contract/views.ts";
import { plainTask, prepareLab } from "../../app/options.ts";
import type { RunTask } from "../../app/run-task.ts";
import { givenCommands, prepareFork, requireSameEngine } from "../../app/session-fork.ts";
import { copySession } from "../../store/copy.ts";
import { openSession, type Session } from "../../store/reader.ts";
import { SessionWriter } from "../../store/writer.ts";
import { measureHere } from "../../threads/coupling-here.ts";
import { causalityOf, eventAt } from "./causality.ts";
import { compareLogs } from "./compare.ts";
import { exportLog } from "./export-job.ts";
import { type InstantViews, lastUs } from "./instants.ts";
import { describeLabFully, listLabs } from "./labs.ts";
import { messagesWithin } from "./messages.ts";
import { neighboursOf } from "./neighbours.ts";
import { OpenLogs } from "./open-logs.ts";
import { eventPage, pageOfOne } from "./pages.ts";
import type { LogPlace, OpenLog } from "./place.ts";
import type { Answer, Asked, Pace, QuestionName } from "./questions.ts";
import { SeriesFold } from "./series.ts";
import { describeSession, summaryOf } from "./summaries.ts";
import { SpanFold, TraceFold } from "./traces.ts";
import { verifySession } from "./verify-job.ts";
import { type Sliced, walk } from "./walk.ts";
import { xrayOf } from "./xray.ts";

const notesTold = 100_000;
/** A log that was never looked at is read in slices of so many events: some ten milliseconds each. */
const sliceEvents = 32_768;

export interface LogReaderParts {
	readonly registry: ServiceRegistry;
	readonly sliceEvents?: number;
}

export class LogReader {
	readonly #logs: OpenLogs;
	readonly #registry: ServiceRegistry;
	readonly #sliceEvents: number;

	constructor({ registry, sliceEvents: slice = sliceEvents }: LogReaderParts) {
		this.#registry = registry;
		this.#logs = new OpenLogs(registry);
		this.#sliceEvents = slice;
	}

	/** @throws QuorateError, ContractError */
	async answer<Name extends QuestionName>(question: Name, asked: Asked<Name>, pace: Pace): Promise<Answer<Name>> {
		const answer = (this.#answers as { readonly [question: string]: (asked: never, pace: Pace) => unknown })[question];
		if (answer === undefined) throw new ContractError("internal", `nobody answers ${question}`);
		return (await answer(asked as never, pace)) as Answer<Name>;
	}

	readonly #answers: { readonly [Name in QuestionName]: (asked: Asked<Name>, pace: Pace) => Answer<Name> | Promise<Answer<Name>> } = {
		"log.events": ({ place, request }, pace) => eventPage(this.#sliced(place, pace), request),
		"log.event": ({ place, request: { index } }) => {
			const log = this.#logs.open(place);
			const event = eventAt(log, index);
			return { page: pageOfOne(event, log.eventCount), neighbours: event === undefined ? [] : neighboursOf(log, event) };
		},
		"log.causality": ({ place, request: { index, limit } }, pace) => causalityOf(this.#sliced(place, pace), index, limit),
		"log.density": async ({ place, request }, { tell, rest }) => {
			requireOrder(request);
			let log = this.#logs.open(place);
			requireSize(request.buckets * (request.nodes?.length ?? log.session.plan.nodes.length) * 4);
			const { density } = this.#logs.learnt(place, log);
			const isLong = log.eventCount - density.eventCount > this.#sliceEvents;
			while (!density.advance(log, this.#sliceEvents)) {
				tell(density.eventCount, log.eventCount);
				await rest();
				// Whoever was answered meanwhile may have had it opened anew.
				log = this.#logs.open(place);
			}
			if (isLong) tell(log.eventCount, log.eventCount);
			return density.answer(log, request);
		},
		"log.messages": ({ place, request }, pace) => {
			requireOrder(request);
			return messagesWithin(this.#sliced(place, pace), request);
		},
		"log.view": async ({ place, request: { atUs } }, pace) => {
			const { log, instants } = await this.#approach(place, atUs, pace);
			return instants.at(log, atUs);
		},
		"log.board": async ({ place, request }, pace) => {
			const { log, instants } = await this.#approach(place, request.atUs ?? lastUs(this.#logs.open(place)), pace);
			return instants.board(log, request);
		},
		"log.traces": async ({ place, request }, pace) => {
			requireOrder(request);
			const fold = new TraceFold(request);
			await walk(this.#sliced(place, pace), { fromUs: request.fromUs }, (event) => fold.take(event));
			return fold.answer();
		},
		"log.spans": async ({ place, request }, pace) => {
			const fold = new SpanFold(request);
			await walk(this.#sliced(place, pace), {}, (event) => fold.take(event));
			return fold.answer();
		},
		"log.xray": ({ place, request }, pace) => xrayOf(this.#sliced(place, pace), request),
		"log.series": async ({ place, request }, pace) => {
			requireOrder(request);
			const { session } = this.#logs.open(place);
			const { plan } = session;
			const { untilUs: reachUs } = session.head(place.branch);
			requireSize(request.points * (request.nodes?.length ?? plan.nodes.length) * 8);
			const fold = new SeriesFold(plan, request);
			const { fromUs, toUs } = request;
			await walk(this.#sliced(place, pace), { fromUs, toUs }, (event) => {
				fold.take(event);
				return false;
			});
			return fold.answer(reachUs);
		},
		"log.clocks": ({ place, request }) => {
			requireOrder(request);
			const log = this.#logs.open(place);
			const nodes = (request.nodes ?? log.session.plan.nodes.map((_, node) => node)).filter((node) => node < log.session.plan.nodes.length);
			const grid = { fromUs: request.fromUs, stepUs: (request.toUs - request.fromUs) / (request.points - 1), points: request.points };
			const walls = this.#logs.learnt(place, log).instants.clocks(log, nodes, grid);
			return { ...grid, nodes, wallUs: new Uint8Array(walls.buffer) };
		},
		"log.compare": ({ place, other }, { rest }) =>
			compareLogs({ logs: () => [this.#logs.open(place), this.#logs.open(other)], sliceEvents: this.#sliceEvents, rest }),
		labs: () => ({ labs: listLabs(this.#registry) }),
		lab: ({ lab }) => describeLabFully(lab),
		compile: (wishes) => {
			const { lab, plan } = prepareLab(wishes, this.#registry);
			return { plan, labText: lab.text };
		},
		open: ({ place }) => {
			const { session } = this.#logs.open(place);
			const branch = session.branches.find((candidate) => candidate.branch === place.branch);
			if (branch === undefined) throw new ContractError("usage", `the session has no branch ${place.branch} that can be read`);
			return { plan: session.plan, header: session.header, branch, commands: [...session.commands(place.branch)], labText: session.labText };
		},
		summary: ({ path }) => reading(path, "structure", summaryOf),
		describe: ({ path }) => reading(path, "structure", describeSession),
		notes: ({ path }) => reading(path, "structure", (session) => ({ notes: [...session.notes()].slice(0, notesTold) })),
		addNote: ({ path, note }) => {
			this.#logs.forget(path);
			const writer = SessionWriter.open(path);
			try {
				return { note: { id: writer.addNote(note), ...note } };
			} finally {
				writer.close();
			}
		},
		prepareFork: ({ wishes }) => prepareFork(wishes),
		prepareContinue: (asked) => prepareContinue(asked),
		forget: ({ path }) => {
			this.#logs.forget(path);
			return null;
		},
		settle: ({ path }) => {
			this.#logs.forget(path);
			SessionWriter.open(path).close();
			return null;
		},
		copy: async ({ path, target }) => {
			await copySession(path, target);
			return null;
		},
		check: ({ path }) => {
			openSession(path, { damaged: "prefix", depth: "full" }).close();
			return null;
		},
		verify: ({ path, branch }, { tell }) => verifySession(path, { branch, registry: this.#registry, tell }),
		coupling: (_, { tell }) => measureHere({ onProgress: tell }),
		export: ({ place, request, target }, { tell }) => exportLog(this.#logs.open(place), { request, target, tell }),
	};

	#sliced(place: LogPlace, { rest }: Pace): Sliced {
		return { log: () => this.#logs.open(place), sliceEvents: this.#sliceEvents, rest };
	}

	/** The way to an instant where nobody has been yet, in slices. */
	async #approach(place: LogPlace, atUs: number, { rest }: Pace): Promise<{ readonly log: OpenLog; readonly instants: InstantViews }> {
		let log = this.#logs.open(place);
		const { instants } = this.#logs.learnt(place, log);
		while (!instants.approach(log, atUs, this.#sliceEvents)) {
			await rest();
			log = this.#logs.open(place);
		}
		return { log, instants };
	}
}

function reading<Result>(path: string, depth: "structure" | "full", look: (session: Session) => Result): Result {
	const session = openSession(path, { damaged: "prefix", depth });
	try {
		return look(session);
	} finally {
		session.close();
	}
}

function requireOrder({ fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): void {
	if (toUs < fromUs) throw new ContractError("usage", "the range ends before it begins");
}

function requireSize(bytes: number): void {
	if (bytes > pageBytesMax) throw new ContractError("usage", "so much does not fit into one answer", { advice: "Ask for fewer buckets or fewer nodes." });
}

function prepareContinue({ path, branch, executor, speed }: Asked<"prepareContinue">): RunTask {
	return reading(path, "full", (session) => {
		requireSameEngine(session);
		if (session.damage !== null)
			throw new ContractError("session-damaged", "a damaged session can be looked at, but not continued", { kept: "The file was not changed." });
		const { finished, untilUs } = session.head(branch);
		if (finished) throw new ContractError("usage", "this run has come to its end", { advice: "Fork it to see another future." });
		const { plan, header } = session;
		return {
			...plainTask({ plan, seed: header.seed, executor, speed }),
			commands: givenCommands(session, branch),
			untilUs: Math.max(plan.untilUs, untilUs),
			catchUpUs: untilUs,
			recording: { kind: "at-once", target: { kind: "continue", path, branch } },
		};
	});
}
