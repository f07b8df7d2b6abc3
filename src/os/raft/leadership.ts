/**
 * What exists only while a server leads: what it believes of every follower, its broadcasts, the reads
 * that wait for one, its lease. Made when an election is won, dropped when the term is over. Pure.
 *
 * @source thesis 3.5, 3.6.2, 6.4, 10.2.1
 */
import type { RaftLog } from "./log.ts";
import { Progress } from "./progress.ts";
import { majorityOf } from "./safety.ts";
import type { Envelope, Members, RaftMessage, RaftOptions, ReadPermit, Snapshot } from "./types.ts";

/** What one append may carry, unless one entry alone is larger; well below the message limit. */
const batchBytesMax = 262_144;
const snapshotPieceBytes = 131_072;

interface PendingRead {
	readonly id: number;
	/** Commit index when it came; -1 until this leader has committed something of its own term. */
	index: number;
	/** The broadcast whose acknowledgement shows that this server still led when the read came. */
	readonly round: number;
}

export interface LeadershipParts {
	readonly self: string;
	readonly term: number;
	readonly options: RaftOptions;
	readonly log: RaftLog;
	/** The snapshot that the log begins with, for followers that are too far behind. */
	readonly snapshot: () => Snapshot;
}

export class Leadership {
	readonly #parts: LeadershipParts;
	readonly #progress = new Map<string, Progress>();
	#members: Members;
	#round = 0;
	/** When each broadcast was sent, for those that are not yet acknowledged by a quorum. */
	readonly #roundSentUs = new Map<number, number>();
	#broadcastDue = true;
	#reads: PendingRead[] = [];
	#leaseUntilUs = 0;
	/** Whether this leader has told another to run: that word may still be under way, and its lease is worth nothing in this term. */
	#isHandedOver = false;

	constructor(parts: LeadershipParts, members: Members, nowUs: number) {
		this.#parts = parts;
		this.#members = members;
		this.setMembers(members, nowUs);
	}

	setMembers(members: Members, nowUs: number): void {
		this.#members = members;
		const followers = [...members.voters, ...members.learners].filter((name) => name !== this.#parts.self);
		for (const name of this.#progress.keys()) if (!followers.includes(name)) this.#progress.delete(name);
		for (const name of followers) if (!this.#progress.has(name)) this.#progress.set(name, new Progress(this.#parts.log.lastIndex + 1, nowUs));
	}

	progressOf(node: string): Progress | undefined {
		return this.#progress.get(node);
	}

	/** @returns the highest index that a quorum of voters holds */
	quorumIndex(): number {
		return this.#quorumOf((progress) => progress.match, this.#parts.log.lastIndex);
	}

	/** Whether a quorum has been heard of since `sinceUs` (thesis 6.2). */
	hasQuorumSince(sinceUs: number, nowUs: number): boolean {
		return this.#quorumOf((progress) => progress.heardUs, nowUs) >= sinceUs;
	}

	/** A heartbeat goes out with the next messages. */
	beat(): void {
		this.#broadcastDue = true;
	}

	/** A follower has answered something of this term. */
	heard(progress: Progress, round: number, nowUs: number): void {
		progress.heardUs = nowUs;
		progress.round = Math.max(progress.round, round);
		const acknowledged = this.#quorumOf((follower) => follower.round, this.#round);
		const { electionUs, driftBoundRatio } = this.#parts.options;
		for (const [sentRound, sentUs] of this.#roundSentUs) {
			if (sentRound > acknowledged) break;
			this.#roundSentUs.delete(sentRound);
			// Nobody who acknowledged it votes for another within the least election timeout (thesis 6.4.1).
			this.#leaseUntilUs = Math.max(this.#leaseUntilUs, sentUs + Math.floor(electionUs * (1 - driftBoundRatio)));
		}
	}

	// --- reads

	/** Leave to read at `commit`, by a broadcast from now on (ReadIndex). `commit` -1: nothing of this term is committed yet. */
	read(id: number, commit: number): void {
		this.#reads.push({ id, index: commit, round: this.#round + 1 });
		this.#broadcastDue = true;
	}

	hasLease(nowUs: number): boolean {
		if (this.#isHandedOver) return false;
		return nowUs < this.#leaseUntilUs || (this.#members.voters.length === 1 && this.#progress.size === 0);
	}

	/** Another is told to run, and will be voted for though all hear this leader (thesis 6.4.1): for good, because a message may take any time. */
	endLease(): void {
		this.#isHandedOver = true;
	}

	/** The first entry of this term is committed, and with it all there ever was before (thesis 6.4, step 1). */
	committedInTerm(commit: number): void {
		for (const read of this.#reads) if (read.index < 0) read.index = commit;
	}

	takeReads(): readonly ReadPermit[] {
		if (this.#reads.length === 0) return [];
		const acknowledged = this.#quorumOf((progress) => progress.round, this.#round);
		const granted = this.#reads.filter(({ index, round }) => index >= 0 && round <= acknowledged);
		if (granted.length > 0) this.#reads = this.#reads.filter((read) => !granted.includes(read));
		return granted;
	}

	/** The term is over: nobody who waits can be answered here. */
	abandonReads(): readonly ReadPermit[] {
		return this.#reads.map(({ id }) => ({ id, index: -1 }));
	}

	// --- messages

	/** Appends everything that can be sent now. */
	fill(outbox: Envelope[], commit: number, nowUs: number): void {
		const isBroadcast = this.#broadcastDue;
		this.#broadcastDue = false;
		if (isBroadcast) this.#roundSentUs.set(++this.#round, nowUs);
		for (const [to, progress] of this.#progress) {
			if (isBroadcast) progress.retry();
			const sent = this.#fillFor(to, progress, outbox, commit);
			if (isBroadcast && !sent) outbox.push({ to, message: this.#append(progress, commit, true) });
		}
	}

	/** @returns whether anything was sent */
	#fillFor(to: string, progress: Progress, outbox: Envelope[], commit: number): boolean {
		const { log } = this.#parts;
		if (progress.snapshot === null && log.termAt(progress.next - 1) === undefined) {
			progress.snapshot = { snapshot: this.#parts.snapshot(), offset: 0, sent: false };
			progress.probing = true;
		}
		if (progress.snapshot !== null) {
			if (progress.snapshot.sent) return false;
			progress.snapshot.sent = true;
			outbox.push({ to, message: this.#piece(progress.snapshot) });
			return true;
		}
		let sent = false;
		while (progress.mayAppend && progress.next <= log.lastIndex) {
			outbox.push({ to, message: this.#append(progress, commit, false) });
			sent = true;
		}
		return sent;
	}

	#append(progress: Progress, commit: number, isEmpty: boolean): RaftMessage {
		const { log, term, options } = this.#parts;
		const previousIndex = progress.next - 1;
		const entries = isEmpty ? [] : log.batch(progress.next, { entries: options.batchEntries, bytes: batchBytesMax });
		progress.sent(previousIndex + entries.length, entries.length === 0);
		return { kind: "append", term, round: this.#round, previousIndex, previousTerm: log.termAt(previousIndex) as number, entries, commit };
	}

	#piece({ snapshot, offset }: { readonly snapshot: Snapshot; readonly offset: number }): RaftMessage {
		const data = snapshot.data.slice(offset, offset + snapshotPieceBytes);
		const done = offset + data.length >= snapshot.data.length;
		const { index, term: lastTerm, members } = snapshot;
		return { kind: "snapshot", term: this.#parts.term, round: this.#round, index, lastTerm, members, offset, data, done };
	}

	/** The value that a quorum of voters has reached, the leader's own included if it votes. */
	#quorumOf(reached: (progress: Progress) => number, own: number): number {
		const { voters } = this.#members;
		const values = voters.map((name) => {
			const progress = this.#progress.get(name);
			return progress === undefined ? own : reached(progress);
		});
		values.sort((a, b) => b - a);
		const quorum = this.#parts.options.quorum === 0 ? majorityOf(voters.length) : this.#parts.options.quorum;
		return values[quorum - 1] ?? 0;
	}
}
