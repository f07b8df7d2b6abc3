/** Re-executes every branch of a session, or one, and says in a sentence each what came of it. */
import type { ServiceRegistry } from "../../../core/node-api.ts";
import { heapMbDefault, watchdogMsDefault } from "../../app/options.ts";
import { type BranchVerdict, requireServices, verifyBranch } from "../../app/verify-session.ts";
import { openSession } from "../../store/reader.ts";
import type { Progress, VerifyFindings } from "./questions.ts";

type Finding = VerifyFindings["branches"][number];

export interface VerifyWishes {
	/** Null: all of them. */
	readonly branch: number | null;
	readonly registry: ServiceRegistry;
	readonly tell: Progress;
}

function findingOf(verdict: BranchVerdict, events: number): Finding {
	const { branch } = verdict;
	switch (verdict.kind) {
		case "same":
			return { branch, same: true, events, text: `${verdict.events} events are the same to the byte`, index: null, recorded: null, repeated: null };
		case "verdicts":
			return {
				branch,
				same: false,
				events,
				text: `the events are the same, but these checks do not come out as recorded: ${verdict.ids.join(", ")}`.slice(0, 4_000),
				index: null,
				recorded: null,
				repeated: null,
			};
		case "differs": {
			const { index, exact, fromIndex, recorded, repeated } = verdict.difference;
			const text = exact ? `event ${index} is the first that differs` : `the first event that differs lies between ${fromIndex} and ${index}`;
			return { branch, same: false, events, text, index, recorded: recorded?.slice(0, 4_000) ?? null, repeated: repeated?.slice(0, 4_000) ?? null };
		}
	}
}

/** @throws QuorateError where the session cannot be read or run again */
export async function verifySession(path: string, { branch, registry, tell }: VerifyWishes): Promise<VerifyFindings> {
	const session = openSession(path);
	try {
		requireServices(session, registry);
		const wanted = session.branches.filter((candidate) => branch === null || candidate.branch === branch);
		const total = wanted.reduce((sum, { head }) => sum + head.eventCount, 0);
		let before = 0;
		const branches: Finding[] = [];
		for (const { branch: number, head } of wanted) {
			const executor = { name: "inline", watchdogMs: watchdogMsDefault, heapMb: heapMbDefault.inline } as const;
			const verdict = await verifyBranch(session, number, { executor, onProgress: (events) => tell(before + Math.min(events, head.eventCount), total) });
			branches.push(findingOf(verdict, head.eventCount));
			before += head.eventCount;
			tell(before, total);
		}
		return { same: branches.every(({ same }) => same), branches };
	} finally {
		session.close();
	}
}
