/**
 * Work that takes long: each job has a reader thread of its own, which is ended when the job is called
 * off. Knows neither windows nor formats.
 */
import { rmSync } from "node:fs";
import { ContractError, errorViewOf } from "../../shared/contract/errors.ts";
import type { Of } from "../../shared/contract/schema.ts";
import type { jobView } from "../../shared/contract/views.ts";
import { unfinished } from "../export/into-file.ts";
import { ReaderClient } from "../threads/reader-client.ts";
import type { Files } from "./files.ts";
import type { Asked } from "./log/questions.ts";

export type JobView = Of<typeof jobView>;

interface Job {
	view: JobView;
	readonly reader: ReaderClient;
	/** When its thread has gone, and nothing is left of what did not come to its end. */
	readonly settled: Promise<void>;
}

export interface ExportWishes {
	readonly asked: Omit<Asked<"export">, "target">;
	readonly name: string;
	readonly mediaType: string;
}

/** The file, and what it was while it grew. */
function discard(path: string): void {
	for (const name of [path, unfinished(path)]) rmSync(name, { force: true });
}

const runningMax = 4;
/** Of those that are over. */
export const jobsKeptMax = 64;

export class Jobs {
	readonly #files: Files;
	readonly #tell: (view: JobView) => void;
	readonly #jobs = new Map<string, Job>();
	#count = 0;

	constructor(files: Files, tell: (view: JobView) => void) {
		this.#files = files;
		this.#tell = tell;
	}

	get held(): { readonly running: number; readonly known: number } {
		return { running: [...this.#jobs.values()].filter(({ view }) => view.state === "running").length, known: this.#jobs.size };
	}

	verify(asked: Asked<"verify">): JobView {
		return this.#start("verify", null, async (reader, onProgress) => ({ verdict: await reader.ask("verify", asked, { onProgress }) }));
	}

	/** Two at once would measure each other. */
	coupling(): JobView {
		const running = [...this.#jobs.values()].find(({ view }) => view.kind === "coupling" && view.state === "running");
		return running?.view ?? this.#start("coupling", null, async (reader, onProgress) => ({ coupling: await reader.ask("coupling", null, { onProgress }) }));
	}

	export({ asked, name, mediaType }: ExportWishes): JobView {
		const path = this.#files.newPath();
		return this.#start("export", path, async (reader, onProgress) => {
			await reader.ask("export", { ...asked, target: path }, { onProgress });
			const { ticket, bytes, name: safeName } = this.#files.keep({ path, name, mediaType });
			return { file: { ticket, name: safeName, mediaType, bytes } };
		});
	}

	/** @throws ContractError `job-not-found` */
	async cancel(id: string): Promise<JobView> {
		const job = this.#jobs.get(id);
		if (job === undefined) throw new ContractError("job-not-found", `there is no job ${id}`);
		if (job.view.state === "running") {
			await job.reader.close();
			await job.settled;
		}
		return job.view;
	}

	async closeAll(): Promise<void> {
		await Promise.all([...this.#jobs.keys()].map((id) => this.cancel(id)));
	}

	#start(
		kind: JobView["kind"],
		target: string | null,
		work: (reader: ReaderClient, onProgress: (done: number, total: number) => void) => Promise<Partial<Pick<JobView, "verdict" | "file" | "coupling">>>,
	): JobView {
		if (this.held.running >= runningMax)
			throw new ContractError("too-busy", "too much is being checked and written out already", { advice: "Wait until some of it is done." });
		const id = `j${++this.#count}`;
		const reader = new ReaderClient();
		const view: JobView = { job: id, kind, state: "running", done: 0, total: 0, error: null, verdict: null, file: null, coupling: null };
		const change = (news: Partial<JobView>): void => {
			const job = this.#jobs.get(id);
			if (job === undefined) return;
			job.view = { ...job.view, ...news };
			this.#tell(job.view);
		};
		const settled = work(reader, (done, total) => change({ done, total }))
			.finally(() => reader.close())
			.then(
				(found) => change({ state: "done", ...found }),
				(error: unknown) => {
					// Its thread has gone: nobody writes there any more.
					if (target !== null) discard(target);
					change(error instanceof ContractError && error.code === "cancelled" ? { state: "cancelled" } : { state: "failed", error: errorViewOf(error) });
				},
			);
		this.#jobs.set(id, { view, reader, settled });
		this.#forgetOld();
		return view;
	}

	#forgetOld(): void {
		for (const [id, { view }] of this.#jobs) {
			if (this.#jobs.size <= jobsKeptMax) return;
			if (view.state !== "running") this.#jobs.delete(id);
		}
	}
}
