/**
 * A session in a few hundred numbers, for its picture in the library: who is linked to whom, when how much
 * happened and when something was done to the cluster. Of a long log only the times of some blocks are looked
 * at, so that it costs about the same for any session.
 */
import { blockEvents } from "../../../core/log-sink.ts";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { thumbnailBuckets, thumbnailMarksMax } from "../../../shared/contract/views.ts";
import type { Session } from "../../store/reader.ts";
import { clusterOf } from "./cluster-picture.ts";
import { atUsOf } from "./place.ts";

type Thumbnail = NonNullable<CallReply<"sessions.list">["sessions"][number]["content"]>["thumbnail"];

/** A log of so many events is counted event by event. */
const countedEventsMax = 4 * blockEvents;
const blocksLookedAt = 256;
const verbCharsMax = 16;

export function thumbnailOf(session: Session, branch: number): Thumbnail {
	const { eventCount, untilUs } = session.head(branch);
	const counts = new Array<number>(thumbnailBuckets).fill(0);
	const bucketUs = Math.max(1, untilUs + 1) / thumbnailBuckets;
	const strip: Strip = { counts, bucketUs };
	if (eventCount <= countedEventsMax) for (const event of session.events({ branch })) spread(strip, { fromUs: atUsOf(event), toUs: atUsOf(event), events: 1 });
	else for (const piece of pieces(session, { branch, eventCount, untilUs })) spread(strip, piece);
	return { ...clusterOf(session.plan), untilUs, counts: counts.map(Math.round), ...marksOf(session, branch) };
}

interface Strip {
	readonly counts: number[];
	readonly bucketUs: number;
}

interface Piece {
	readonly fromUs: number;
	/** Inclusive. */
	readonly toUs: number;
	readonly events: number;
}

/** The log cut into as many pieces as are looked at. */
function* pieces(
	session: Session,
	{ branch, eventCount, untilUs }: { readonly branch: number; readonly eventCount: number; readonly untilUs: number },
): Generator<Piece> {
	const blocks = Math.ceil(eventCount / blockEvents);
	const step = Math.ceil(blocks / blocksLookedAt);
	let before: { readonly index: number; readonly fromUs: number } | null = null;
	for (let block = 0; block < blocks; block += step) {
		for (const { firstIndex, fromUs } of session.blocks({ branch, fromIndex: block * blockEvents })) {
			if (before !== null) yield { fromUs: before.fromUs, toUs: fromUs, events: firstIndex - before.index };
			before = { index: firstIndex, fromUs };
			break;
		}
	}
	if (before !== null) yield { fromUs: before.fromUs, toUs: Math.max(before.fromUs, untilUs), events: eventCount - before.index };
}

/** Gives each bucket its share. */
function spread({ counts, bucketUs }: Strip, { fromUs, toUs, events }: Piece): void {
	const last = counts.length - 1;
	const first = Math.min(last, Math.floor(fromUs / bucketUs));
	const end = Math.min(last, Math.floor(toUs / bucketUs));
	const lengthUs = Math.max(1, toUs - fromUs);
	for (let bucket = first; bucket <= end; bucket++) {
		const shareUs = first === end ? lengthUs : Math.min(toUs, (bucket + 1) * bucketUs) - Math.max(fromUs, bucket * bucketUs);
		counts[bucket] = (counts[bucket] as number) + (events * shareUs) / lengthUs;
	}
}

/** What was done to the cluster, the story's doings and the users'. */
function marksOf(session: Session, branch: number): Pick<Thumbnail, "marks" | "marksOmitted"> {
	const marks: { atUs: number; verb: string }[] = [];
	let omitted = 0;
	for (const { atUs, line } of session.commands(branch)) {
		if (marks.length < thumbnailMarksMax) marks.push({ atUs, verb: (line.split(" ", 1)[0] ?? "").slice(0, verbCharsMax) });
		else if (++omitted >= marksCountedMax) break;
	}
	return { marks, marksOmitted: omitted };
}

const marksCountedMax = 1_000;
