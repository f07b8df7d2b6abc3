/**
 * What this computer takes: a job of the lab service on real threads, with how far it is, a way to call it off, and
 * what it found. Wall time, and so apart from everything that a run shows.
 */
import type { ReactElement } from "react";
import { useApp } from "../parts/context.ts";
import type { JobView } from "../state/contract-types.ts";
import { useStore } from "../state/store.ts";
import { couplingStrings } from "../strings/views/coupling.ts";
import { Badge } from "./parts/Badge.tsx";
import { Bar } from "./parts/Bar.tsx";
import { LogBars, type LogGroup } from "./parts/LogBars.tsx";
import { Section } from "./parts/Section.tsx";

const says = couplingStrings.measured;
const scale = { fromNs: 1, toNs: 2e9 };

type Report = NonNullable<JobView["coupling"]>;

export function CouplingHere(): ReactElement {
	const app = useApp();
	const job = useStore(app.store, (state) => state.jobs.findLast(({ kind }) => kind === "coupling"));
	const isGoing = job?.state === "running";
	return (
		<Section
			title={says.title}
			aside={
				!isGoing && (
					<button type="button" className="button" onClick={() => void app.measureCoupling()}>
						{job === undefined ? says.start : says.again}
					</button>
				)
			}
		>
			<p className="soft">{says.is}</p>
			{isGoing && <Going job={job} onCancel={() => app.forgetJob(job.job)} />}
			{job?.state === "failed" && <Badge tone="bad" icon="cross" text={job.error?.message ?? ""} />}
			{job?.state === "cancelled" && <p role="status">{says.cancelled}</p>}
			{job?.coupling != null && <Found report={job.coupling} />}
		</Section>
	);
}

function Going({ job: { done, total }, onCancel }: { readonly job: JobView; readonly onCancel: () => void }): ReactElement {
	return (
		<div className="coupling-going">
			<progress max={Math.max(1, total)} value={done} aria-label={says.going(done, total)} />
			<button type="button" className="button" onClick={onCancel}>
				{says.cancel}
			</button>
		</div>
	);
}

function groupOf(id: string, head: string, ns: readonly [shared: number, sent: number], isRight: boolean): LogGroup {
	const { box = "", many = "" } = couplingStrings.world;
	return {
		id,
		head: (
			<>
				{head}
				{!isRight && <Badge tone="bad" icon="cross" text={says.wrong} />}
			</>
		),
		rows: [
			{ id: "box", name: box, ns: ns[0], tone: "accent" },
			{ id: "many", name: many, ns: ns[1], tone: "good", isHatched: true },
		],
	};
}

function Found({ report: { threads, cores, counter, sum, matrix, death } }: { readonly report: Report }): ReactElement {
	const { atomic, plain, roundTrip, times } = counter;
	const share = (counted: number): number => counted / Math.max(1, times);
	return (
		<div className="view coupling-measured" role="status">
			<LogBars
				label={says.title}
				scale={scale}
				axis={couplingStrings.axis}
				groups={[
					groupOf("touch", says.touch, [atomic.nanosecondsEach, roundTrip.nanosecondsEach], true),
					groupOf("sum", says.sum(sum.items), [sum.sharedMs * 1e6, sum.sentMs * 1e6], sum.isRight),
					groupOf("matrix", says.matrix(matrix.order), [matrix.sharedMs * 1e6, matrix.sentMs * 1e6], matrix.isRight),
				]}
			/>
			<Section title={says.race} aside={<span className="soft number">{says.by(threads, cores)}</span>}>
				<div className="coupling-race">
					<span>{says.withAtomics}</span>
					<Bar label={says.withAtomics} ratio={share(atomic.counted)} text={says.counted(1 - share(atomic.counted))} />
					<span>{says.without}</span>
					<Bar label={says.without} ratio={share(plain.counted)} text={says.counted(plain.lostRatio)} tone={plain.lostRatio > 0 ? "bad" : "quiet"} />
				</div>
				{plain.lostRatio === 0 && <p className="soft">{says.noneLost}</p>}
			</Section>
			<Section title={says.crash}>
				<p className="coupling-crash">
					<Badge
						tone={death.shared.isLockFree ? "good" : "bad"}
						icon={death.shared.isLockFree ? "check" : "lock"}
						text={says.shared(death.shared.isLockFree, death.shared.waitedMs)}
					/>
					<Badge
						tone={death.messages.isAnswered ? "good" : "bad"}
						icon={death.messages.isAnswered ? "check" : "cross"}
						text={says.messages(death.messages.isAnswered)}
					/>
				</p>
			</Section>
		</div>
	);
}
