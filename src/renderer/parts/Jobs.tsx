/** Work that takes long, with how far it is, what it found, and a way to call it off. */
import { Download, X } from "lucide-react";
import type { ReactElement } from "react";
import type { JobView } from "../state/contract-types.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { useApp } from "./context.ts";

function textOf({ kind, state, error, verdict, file }: JobView): string {
	if (state === "cancelled") return strings.job.cancelled;
	if (error !== null) return error.message;
	if (verdict !== null) {
		const first = verdict.branches.find(({ same }) => !same);
		return verdict.same ? strings.job.same : `${strings.job.differs} ${first?.text ?? ""}`;
	}
	return file?.name ?? strings.job[kind];
}

export function Jobs(): ReactElement {
	const app = useApp();
	const all = useStore(app.store, (state) => state.jobs);
	// What is measured is shown where it was asked for.
	const jobs = all.filter(({ kind }) => kind !== "coupling");
	return (
		<div className="jobs" role="status">
			{jobs.map((job) => {
				const { state, file, done, total } = job;
				const isBad = state === "failed" || job.verdict?.same === false;
				return (
					<div key={job.job} className={isBad ? "notice fault" : `notice work ${state}`}>
						<div>
							<p>{textOf(job)}</p>
							{state === "running" && <progress max={Math.max(1, total)} value={done} aria-label={strings.export.working(done, total)} />}
							{file !== null && (
								<button type="button" className="button" onClick={() => void app.save(file.ticket)}>
									<Download size={16} aria-hidden="true" /> {strings.export.save}
								</button>
							)}
						</div>
						<button
							type="button"
							className="button quiet icon"
							aria-label={state === "running" ? strings.app.cancel : strings.app.dismiss}
							onClick={() => app.forgetJob(job.job)}
						>
							<X size={15} aria-hidden="true" />
						</button>
					</div>
				);
			})}
		</div>
	);
}
