/**
 * A handful of Raft cores and a postman who delivers what he is told to, in the order he is told: no
 * kernel, no time but what the test says. Storage is perfect; a restart keeps what `ready` asked to persist.
 */
import type { MemberChange } from "../../src/os/raft/membership.ts";
import { Raft } from "../../src/os/raft/raft.ts";
import type { Entry, Envelope, HardState, RaftMessage, RaftOptions, Ready, Snapshot, StoredState } from "../../src/os/raft/types.ts";

const defaultOptions: RaftOptions = {
	electionUs: 100,
	heartbeatUs: 20,
	driftBoundRatio: 0.1,
	batchEntries: 256,
	preVote: true,
	commitOldTerms: false,
	quorum: 0,
	unsafe: false,
};

export interface Letter extends Envelope {
	readonly from: string;
}

export interface CoreServer {
	raft: Raft;
	up: boolean;
	stored: StoredState;
	/** Commands applied, oldest first; what a snapshot stands for is included. */
	applied: string[];
	appliedIndex: number;
}

function textOf({ body }: Entry): string {
	return body.kind === "command" ? String(body.command) : body.kind;
}

const bytesOf = (lines: readonly string[]): Uint8Array => Uint8Array.from([...lines.join("\n")].map((character) => character.charCodeAt(0)));
const linesOf = (data: Uint8Array): string[] =>
	data.length === 0
		? []
		: Array.from(data, (byte) => String.fromCharCode(byte))
				.join("")
				.split("\n");

export class RaftCluster {
	readonly servers = new Map<string, CoreServer>();
	mail: Letter[] = [];
	nowUs = 0;
	readonly options: RaftOptions;
	/** Told of everything, for transcripts and invariants. */
	onReady: (server: string, ready: Ready) => void = () => undefined;
	readonly #random: (below: number) => number;

	/**
	 * @param voters the first members; all when left out
	 * @param logs what some servers have on their disks already, by the terms of the entries
	 */
	constructor(
		names: readonly string[],
		options: Partial<RaftOptions> = {},
		random: (below: number) => number = () => 0,
		voters: readonly string[] = names,
		logs: { readonly [name: string]: readonly number[] } = {},
	) {
		this.options = { ...defaultOptions, ...options };
		this.#random = random;
		for (const name of names) {
			const snapshot: Snapshot = { index: 0, term: 0, members: { voters: [...voters], learners: [] }, data: new Uint8Array(0) };
			const entries = (logs[name] ?? []).map((term, i): Entry => ({ index: i + 1, term, body: { kind: "command", command: `${i + 1}@${term}` }, bytes: 1 }));
			this.#start(name, { hardState: { term: entries.at(-1)?.term ?? 0, vote: null, amnesiac: false }, snapshot, entries });
		}
	}

	/** The first leads, and all is quiet. */
	static led(names: readonly string[], options: Partial<RaftOptions> = {}, voters: readonly string[] = names): RaftCluster {
		const cluster = new RaftCluster(names, options, () => 0, voters);
		cluster.nowUs = 100;
		cluster.timeOut(names[0] as string);
		cluster.deliverAll();
		return cluster;
	}

	server(name: string): CoreServer {
		const server = this.servers.get(name);
		if (server === undefined) throw new Error(`no server ${name}`);
		return server;
	}

	#start(name: string, stored: StoredState): void {
		const raft = new Raft({ self: name, options: this.options, stored, random: this.#random, nowUs: this.nowUs });
		this.servers.set(name, { raft, up: true, stored, applied: linesOf(stored.snapshot.data), appliedIndex: stored.snapshot.index });
	}

	/** Does all that a server asks for. */
	flush(name: string): void {
		const server = this.server(name);
		for (let ready = server.raft.ready(this.nowUs); ready !== null; ready = server.raft.ready(this.nowUs)) {
			this.#persist(server, ready);
			if (ready.snapshot !== null) {
				server.applied = linesOf(ready.snapshot.data);
				server.appliedIndex = ready.snapshot.index;
			}
			for (const entry of ready.committed) {
				if (entry.body.kind === "command") server.applied.push(textOf(entry));
				server.appliedIndex = entry.index;
			}
			this.mail.push(...ready.messages.map((envelope) => ({ from: name, ...envelope })));
			this.onReady(name, ready);
		}
	}

	#persist(server: CoreServer, { hardState, snapshot, append }: Ready): void {
		let stored: { hardState: HardState; snapshot: Snapshot; entries: readonly Entry[] } = { ...server.stored };
		if (hardState !== null) stored.hardState = hardState;
		if (snapshot !== null) stored = { ...stored, snapshot, entries: [] };
		if (append !== null) stored.entries = [...stored.entries.filter(({ index }) => index <= append.after), ...append.entries];
		server.stored = stored;
	}

	/** The server's clock reaches what it waits for (and never goes back for the others). */
	timeOut(name: string): void {
		const { raft } = this.server(name);
		this.nowUs = Math.max(this.nowUs, Math.min(raft.wakeUs, this.nowUs + 10 * this.options.electionUs));
		raft.tick(this.nowUs);
		this.flush(name);
	}

	deliver(letter: Letter): void {
		const server = this.server(letter.to);
		if (!server.up) return;
		server.raft.step(letter.from, structuredClone(letter.message) as RaftMessage, this.nowUs);
		this.flush(letter.to);
	}

	/** Delivers everything, and what follows from it, until all is quiet. */
	deliverAll(passes: (letter: Letter) => boolean = () => true): void {
		for (let count = 0; this.mail.length > 0; count++) {
			if (count > 10_000) throw new Error("the servers never fall silent");
			const letter = this.mail.shift() as Letter;
			if (passes(letter)) this.deliver(letter);
		}
	}

	/** Delivers what is under way from one to another now. */
	deliverBetween(from: string, to: string): void {
		const chosen = this.mail.filter((letter) => letter.from === from && letter.to === to);
		this.mail = this.mail.filter((letter) => !chosen.includes(letter));
		for (const letter of chosen) this.deliver(letter);
	}

	/** A server runs for leader, and only these hear it, until it has won. What else is said stays under way. */
	elect(name: string, voters: readonly string[] = [...this.servers.keys()].filter((other) => other !== name)): void {
		for (let attempt = 0; this.server(name).raft.role !== "leader"; attempt++) {
			if (attempt > 10) throw new Error(`${name} is not elected`);
			this.nowUs += 2 * this.options.electionUs;
			this.timeOut(name);
			// Asked beforehand (pre-vote), and then in earnest.
			for (let round = 0; round < 2 && this.server(name).raft.role !== "leader"; round++) {
				for (const voter of voters) this.deliverBetween(name, voter);
				for (const voter of voters) this.deliverBetween(voter, name);
			}
		}
	}

	/** Everything between these, and nothing else; what others sent and were sent is lost. */
	deliverAmong(names: readonly string[]): void {
		this.deliverAll(({ from, to }) => names.includes(from) && names.includes(to));
	}

	/** Whether two servers hold different entries at an index that both take for committed. */
	differentlyCommitted(a: string, b: string): boolean {
		const [one, other] = [this.server(a).raft, this.server(b).raft];
		for (let index = Math.min(one.commit, other.commit); index > 0; index--) if (one.log.termAt(index) !== other.log.termAt(index)) return true;
		return false;
	}

	leaders(): string[] {
		return [...this.servers].flatMap(([name, { raft, up }]) => (up && raft.role === "leader" ? [name] : []));
	}

	propose(name: string, text: string): boolean {
		const place = this.server(name).raft.propose(text, text.length);
		this.flush(name);
		return place !== null;
	}

	change(name: string, change: MemberChange): string | null {
		const refusal = this.server(name).raft.changeMembers(change);
		this.flush(name);
		return refusal;
	}

	crash(name: string): void {
		this.server(name).up = false;
	}

	restart(name: string): void {
		this.#start(name, this.server(name).stored);
	}

	/** Makes a snapshot of what was applied. */
	compact(name: string): void {
		const server = this.server(name);
		const snapshot = server.raft.compact(server.appliedIndex, bytesOf(server.applied));
		server.stored = { ...server.stored, snapshot, entries: server.stored.entries.filter(({ index }) => index > snapshot.index) };
	}

	/** `1 1 2=x`: the terms of a log, with the commands. */
	logOf(name: string): string {
		const { log } = this.server(name).raft;
		const base = log.snapshotIndex > 0 ? [`[..${log.snapshotIndex}]`] : [];
		return [...base, ...log.slice(log.snapshotIndex + 1, log.lastIndex).map((entry) => `${entry.term}:${textOf(entry)}`)].join(" ");
	}
}
