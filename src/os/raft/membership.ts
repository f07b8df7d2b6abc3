/**
 * Who is a member, as the log says it: a change counts from the moment it is in the log, committed or
 * not, and is undone if the log is cut back behind it. Pure.
 *
 * @source thesis chapter 4; Ongaro, "bug in single-server membership changes" (raft-dev, 2015)
 */
import type { Entry, Members, Snapshot } from "./types.ts";

export type MemberChange =
	/** Receives the log from now on, without a vote. */
	| { readonly kind: "learner"; readonly node: string }
	/** Becomes a voter. */
	| { readonly kind: "voter"; readonly node: string }
	| { readonly kind: "remove"; readonly node: string };

/** One server at a time, so that any two majorities, of before and after, share a server (thesis 4.1). */
export function changed({ voters, learners }: Members, { kind, node }: MemberChange): Members {
	const others = { voters: voters.filter((name) => name !== node), learners: learners.filter((name) => name !== node) };
	switch (kind) {
		case "learner":
			return { ...others, learners: [...others.learners, node].sort() };
		case "voter":
			return { ...others, voters: [...others.voters, node].sort() };
		case "remove":
			return others;
	}
}

export function sameMembers(a: Members, b: Members): boolean {
	return a.voters.join() === b.voters.join() && a.learners.join() === b.learners.join();
}

export class Membership {
	/** Oldest first; the first is the snapshot's. */
	#history: { readonly index: number; readonly members: Members }[];

	constructor(snapshot: Pick<Snapshot, "index" | "members">, entries: readonly Entry[]) {
		this.#history = [{ index: snapshot.index, members: snapshot.members }];
		for (const entry of entries) this.note(entry);
	}

	get #latest(): { readonly index: number; readonly members: Members } {
		return this.#history[this.#history.length - 1] as { readonly index: number; readonly members: Members };
	}

	get members(): Members {
		return this.#latest.members;
	}

	/** Index of the entry that made it so. */
	get index(): number {
		return this.#latest.index;
	}

	isVoter(node: string): boolean {
		return this.members.voters.includes(node);
	}

	/** Whether it voted before the latest change. */
	wasVoter(node: string): boolean {
		return this.#history[this.#history.length - 2]?.members.voters.includes(node) ?? false;
	}

	/** Whether an entry after `from`, up to `to`, made it no member. */
	wasOut(node: string, from: number, to: number): boolean {
		return this.#history.some(({ index, members }) => index > from && index <= to && !members.voters.includes(node) && !members.learners.includes(node));
	}

	/** An entry was appended. */
	note({ index, body }: Entry): void {
		if (body.kind === "members") this.#history.push({ index, members: body.members });
	}

	/** The log was cut: entries from `index` on are gone. */
	cut(index: number): void {
		while (this.#history.length > 1 && this.#latest.index >= index) this.#history.pop();
	}

	reset({ index, members }: Pick<Snapshot, "index" | "members">): void {
		this.#history = [{ index, members }];
	}

	/** Members as of `index`, for a snapshot of it. */
	at(index: number): Members {
		for (let i = this.#history.length - 1; i > 0; i--) {
			const known = this.#history[i];
			if (known !== undefined && known.index <= index) return known.members;
		}
		return (this.#history[0] as { readonly members: Members }).members;
	}
}
