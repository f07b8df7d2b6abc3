/** What the library tells of a session without reading its log. */
import type { CallReply } from "../../../shared/contract/calls.ts";
import type { RecordedVerdict, SessionHead } from "../../../shared/session.ts";
import type { Session } from "../../store/reader.ts";
import type { Answer } from "./questions.ts";
import { thumbnailOf } from "./thumbnails.ts";

const damageTold = 100;

export function summaryOf(session: Session): Answer<"summary"> {
	const { header, plan, branches, damage } = session;
	const trunk = session.head(0);
	const longest = branches.reduce((best, { branch, head }) => (head.untilUs > best.head.untilUs ? { branch, head } : best), { branch: 0, head: trunk });
	return {
		labId: header.labId,
		title: plan.title,
		variant: plan.variant,
		seed: header.seed,
		detail: header.detail,
		createdMs: header.createdMs,
		events: branches.reduce((sum, { head, forkIndex }) => sum + head.eventCount - forkIndex, 0),
		untilUs: longest.head.untilUs,
		branches: branches.length,
		finished: damage === null && branches.every(({ head }) => head.finished),
		checksFailed: trunk.verdicts.filter((verdict) => hasFailed(verdict, trunk)).length,
		nodes: plan.nodes.length,
		thumbnail: thumbnailOf(session, longest.branch),
	};
}

/** A run that was ended before its time may not have come to where a check holds. */
function hasFailed({ ok, final }: RecordedVerdict, { finished }: SessionHead): boolean {
	return !ok && (finished || final === true);
}

export function describeSession(session: Session): Omit<CallReply<"sessions.describe">, "session"> {
	return {
		branches: session.branches.map(({ branch, parent, forkIndex, forkUs, name, head }) => ({
			branch,
			parent,
			name,
			forkIndex,
			forkUs,
			eventCount: head.eventCount,
			untilUs: head.untilUs,
			finished: head.finished,
			checks: head.verdicts.map((verdict) => ({ id: verdict.id, ok: verdict.ok, failed: hasFailed(verdict, head) })),
		})),
		damage: [...(session.damage?.reasons ?? []), ...(session.remark === "" ? [] : [session.remark])]
			.slice(0, damageTold)
			.map((reason) => reason.slice(0, 4_000)),
		labText: session.labText,
	};
}
