/** The words about jobs: run, ps, kill, move. */
import type { Task } from "../../core/node-api.ts";
import type { JobResult, JobsClient } from "../jobs/client.ts";
import { programs } from "../jobs/programs.ts";
import { isOver, type JobRecord } from "../jobs/records.ts";
import { type Answer, bad, good, type Word } from "./word.ts";

const usages = [...programs.values()].map(({ usage }) => usage).join("; ");

function line({ id, program, argument, state, done, steps, answer }: JobRecord): string {
	const how = state === "running" ? `running, ${Math.floor((100 * done) / Math.max(1, steps))} %` : state;
	return `${id.padStart(3)}  ${program} ${argument}  ${how}${answer === null ? "" : `  ${answer}`}`;
}

function idOf(text: string | undefined): string | null {
	return text !== undefined && /^\d{1,6}$/.test(text) ? String(Number(text)) : null;
}

export class JobWords {
	readonly #jobs: JobsClient;
	readonly #patienceUs: number;

	/** @param patienceUs how long `run` waits for the answer before it leaves the job to itself */
	constructor(jobs: JobsClient, patienceUs: number) {
		this.#jobs = jobs;
		this.#patienceUs = patienceUs;
	}

	words(): readonly Word[] {
		return [
			{ word: "run", usage: "PROGRAM N", means: usages, argumentsMax: 2, run: (given) => this.#run(given) },
			{ word: "ps", usage: "", means: "the jobs and how far they are", argumentsMax: 0, run: () => this.#list() },
			{ word: "kill", usage: "JOB", means: "end a job", argumentsMax: 1, run: ([id]) => this.#kill(idOf(id)) },
			{
				word: "move",
				usage: "JOB MACHINE",
				means: "have a job go on at another machine",
				argumentsMax: 2,
				run: ([id, machine]) => this.#move(idOf(id), machine),
			},
		];
	}

	#run([name, argument]: readonly string[]): Answer | Task<Answer> {
		if (name === undefined) return bad(`which program? ${usages}`);
		if (argument !== undefined && !/^\d{1,15}$/.test(argument)) return bad(`${argument.slice(0, 40)} is no whole number`);
		return this.#done(name, Number(argument ?? "0"));
	}

	*#done(name: string, argument: number): Task<Answer> {
		const submitted = yield* this.#jobs.submit(name, argument);
		if (!submitted.ok) return bad(submitted.why);
		const ended = yield* this.#jobs.wait(submitted.value, this.#patienceUs);
		if (!ended.ok) return bad(`job ${submitted.value} goes on; ${ended.why}`);
		const { id, state, answer, done, steps } = ended.value;
		if (!isOver(ended.value)) return good(`job ${id} goes on (${done} of ${steps} steps); ps shows it`);
		return state === "done" ? good(answer ?? "") : bad(`job ${id}: ${answer ?? state}`);
	}

	*#list(): Task<Answer> {
		const jobs = yield* this.#jobs.list();
		if (!jobs.ok) return bad(jobs.why);
		return good(jobs.value.length === 0 ? "no jobs" : jobs.value.map(line).join("\n"));
	}

	#kill(id: string | null): Answer | Task<Answer> {
		return id === null ? bad("which job? kill JOB, with a number that ps shows") : this.#told(this.#jobs.kill(id), () => `job ${id} is ended`);
	}

	#move(id: string | null, machine: string | undefined): Answer | Task<Answer> {
		if (id === null || machine === undefined) return bad("move JOB MACHINE");
		return this.#told(this.#jobs.migrate(id, machine), () => `job ${id} goes on at ${machine} from where it is`);
	}

	*#told(act: Task<JobResult<JobRecord>>, say: () => string): Task<Answer> {
		const result = yield* act;
		return result.ok ? good(say()) : bad(result.why);
	}
}
