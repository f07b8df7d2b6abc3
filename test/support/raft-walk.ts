/**
 * Raft's cores led about at random: messages in any order, twice or never, timeouts whenever, crashes,
 * snapshots, changes of members, transfers. The properties of thesis figure 3.2 are held against the
 * servers' own logs after every step. No kernel, so that many thousand steps a second can be tried.
 */
import { belowOf, Philox } from "../../src/core/random.ts";
import type { RaftLog } from "../../src/os/raft/log.ts";
import type { Entry, RaftOptions } from "../../src/os/raft/types.ts";
import { RaftCluster } from "./raft-cluster.ts";

/** What is done wrong around the servers, to see the properties fail. */
export interface Mutations {
	/** A restart forgets the last entry that was written (thesis 3.8). */
	readonly forgetEntries?: boolean;
	/** A leader at times puts another entry in the place of its last one (thesis 3.5). */
	readonly leaderOverwrites?: boolean;
}

const walkPurpose = 98;
const mailMax = 120;

function textOf({ term, body }: Entry): string {
	return `${term} ${JSON.stringify(body)}`;
}

class RaftWalk {
	readonly cluster: RaftCluster;
	readonly names: readonly string[];
	readonly #below: (count: number) => number;
	readonly #leaders = new Map<number, string>();
	/** The end of each leader's log, when it was last looked at. */
	readonly #ends = new Map<string, { readonly leads: number; readonly index: number; readonly term: number }>();
	/** What was applied at each index, by whoever was first. */
	readonly #applied = new Map<number, string>();
	#proposals = 0;
	/** The first property that did not hold. */
	broken: string | null = null;

	readonly #mutations: Mutations;

	constructor(seed: number, servers: number, options: Partial<RaftOptions> = {}, mutations: Mutations = {}) {
		this.#mutations = mutations;
		const philox = new Philox(seed);
		let draws = 0;
		this.#below = (count) => {
			philox.draw(walkPurpose, ++draws, 0, 0);
			return belowOf(philox.w0, count);
		};
		this.names = Array.from({ length: servers }, (_, i) => String.fromCharCode(97 + i));
		this.cluster = new RaftCluster(this.names, options, this.#below);
		this.cluster.onReady = (name, { committed }) => {
			for (const entry of committed) this.#judgeApplied(name, entry);
		};
	}

	step(): void {
		const { cluster } = this;
		const name = this.names[this.#below(this.names.length)] as string;
		const { raft, up } = cluster.server(name);
		const choice = this.#below(100);
		cluster.nowUs += this.#below(6);
		if (cluster.mail.length > mailMax) cluster.mail.splice(0, cluster.mail.length - mailMax);
		if (choice < 62) this.#handleLetter();
		else if (choice < 66) this.#pickLetter(true);
		else if (!up) {
			if (choice < 80) this.#restart(name);
		} else if (choice < 76) {
			raft.tick(cluster.nowUs);
			cluster.flush(name);
		} else if (choice < 80) cluster.timeOut(name);
		else if (choice < 92) cluster.propose(name, `p${++this.#proposals}`);
		else if (choice < 95) cluster.crash(name);
		else if (choice < 96) this.#compact(name);
		else if (choice < 97) this.#changeMembers(name);
		else if (choice < 98) {
			raft.transfer(this.names[this.#below(this.names.length)] as string);
			cluster.flush(name);
		}
		if (this.#mutations.leaderOverwrites === true && raft.role === "leader") this.#overwrite(name);
		this.#judge();
	}

	#overwrite(name: string): void {
		const { raft } = this.cluster.server(name);
		const [last] = raft.log.slice(raft.log.lastIndex, raft.log.lastIndex);
		if (last !== undefined && last.index > raft.commit && this.#below(10) === 0) (raft.log as RaftLog).merge([{ ...last, term: last.term - 1 }]);
	}

	/** Everything works from now on. @returns why the servers do not agree in the end, or null */
	settle(rounds: number): string | null {
		const { cluster } = this;
		for (const name of this.names) if (!cluster.server(name).up) this.#restart(name);
		for (let round = 0; round < rounds; round++) {
			cluster.nowUs += 10;
			for (const name of this.names) {
				cluster.server(name).raft.tick(cluster.nowUs);
				cluster.flush(name);
			}
			cluster.deliverAll();
			this.#judge();
		}
		const leaders = this.names.filter((name) => cluster.server(name).raft.role === "leader");
		const { members } = cluster.server(leaders[0] ?? "a").raft;
		const ends = new Set([...members.voters, ...members.learners].map((name) => `${cluster.server(name).raft.commit} ${cluster.server(name).applied.join()}`));
		if (leaders.length !== 1) return `${leaders.length} leaders`;
		return ends.size === 1 ? null : "members differ in what they applied";
	}

	#pickLetter(remove: boolean): RaftCluster["mail"][number] | undefined {
		const { mail } = this.cluster;
		if (mail.length === 0) return undefined;
		// Mostly in order, so that work gets done; often enough not.
		const at = this.#below(3) === 0 ? this.#below(mail.length) : 0;
		return remove ? mail.splice(at, 1)[0] : mail[at];
	}

	#handleLetter(): void {
		const letter = this.#pickLetter(this.#below(20) > 0);
		if (letter !== undefined) this.cluster.deliver(letter);
	}

	#restart(name: string): void {
		const server = this.cluster.server(name);
		const { entries } = server.stored;
		if (this.#mutations.forgetEntries) server.stored = { ...server.stored, entries: entries.slice(0, -1) };
		this.cluster.restart(name);
	}

	#compact(name: string): void {
		const { raft, appliedIndex } = this.cluster.server(name);
		if (appliedIndex > raft.log.snapshotIndex) this.cluster.compact(name);
	}

	#changeMembers(name: string): void {
		const node = this.names[this.#below(this.names.length)] as string;
		this.cluster.change(name, { kind: (["learner", "voter", "remove"] as const)[this.#below(3)] ?? "voter", node });
	}

	#fail(what: string): void {
		this.broken ??= what;
	}

	#judgeApplied(name: string, entry: Entry): void {
		const known = this.#applied.get(entry.index);
		if (known === undefined) this.#applied.set(entry.index, textOf(entry));
		else if (known !== textOf(entry)) this.#fail(`state-machine safety: ${name} applies another entry ${entry.index}`);
	}

	#judge(): void {
		for (const name of this.names) {
			const { raft, up } = this.cluster.server(name);
			if (!up || raft.role !== "leader") continue;
			this.#judgeAppending(name);
			const other = this.#leaders.get(raft.term);
			if (other === name) continue;
			if (other !== undefined) this.#fail(`election safety: ${other} and ${name} lead term ${raft.term}`);
			this.#leaders.set(raft.term, name);
			this.#judgeCompleteness(name);
			this.#judgeMatching();
		}
	}

	#judgeAppending(leader: string): void {
		const { term: leads, log } = this.cluster.server(leader).raft;
		const end = this.#ends.get(leader);
		if (end?.leads === leads && end.index >= log.snapshotIndex && log.termAt(end.index) !== end.term)
			this.#fail(`leader append-only: ${leader} overwrites entry ${end.index} of its own log`);
		this.#ends.set(leader, { leads, index: log.lastIndex, term: log.lastTerm });
	}

	#judgeCompleteness(leader: string): void {
		const { log } = this.cluster.server(leader).raft;
		for (const [index, text] of this.#applied) {
			if (index <= log.snapshotIndex) continue;
			const [entry] = log.slice(index, index);
			if (entry === undefined || textOf(entry) !== text) this.#fail(`leader completeness: ${leader} leads without entry ${index}`);
		}
	}

	#judgeMatching(): void {
		const seen = new Map<string, string>();
		for (const name of this.names) {
			const { log } = this.cluster.server(name).raft;
			let previous = "";
			for (const entry of log.slice(log.snapshotIndex + 1, log.lastIndex)) {
				const place = `${entry.index} ${entry.term}`;
				const text = textOf(entry);
				const known = seen.get(place);
				if (known !== undefined && known !== text) this.#fail(`log matching: ${name} has another entry ${place}`);
				const before = seen.get(`before ${place}`);
				if (previous !== "" && before !== undefined && before !== previous) this.#fail(`log matching: ${name} has another entry before ${place}`);
				seen.set(place, text);
				if (previous !== "") seen.set(`before ${place}`, previous);
				previous = `${entry.index} ${text}`;
			}
		}
	}
}

/** @returns what broke, or null; `steps` are random, then everything heals */
export function walk(
	seed: number,
	options: Partial<RaftOptions> = {},
	{ steps = 400, ...mutations }: Mutations & { readonly steps?: number } = {},
): string | null {
	const servers = 3 + (seed % 3);
	const wander = new RaftWalk(seed, servers, { batchEntries: 1 + (seed % 4), preVote: seed % 2 === 0, ...options }, mutations);
	for (let i = 0; i < steps && wander.broken === null; i++) wander.step();
	const unsettled = wander.broken === null && options.unsafe !== true ? wander.settle(150) : null;
	return wander.broken ?? (unsettled === null ? null : `liveness: ${unsettled}`);
}
