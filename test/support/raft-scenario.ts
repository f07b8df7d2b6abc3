/**
 * Reads and plays scenario scripts: a line that begins with `>` is done, the indented lines below it
 * are what came of it. Lines with `#` are for people. `UPDATE_GOLDEN=1` writes what came of it anew.
 */
import type { MemberChange } from "../../src/os/raft/membership.ts";
import type { RaftMessage, RaftOptions, Ready } from "../../src/os/raft/types.ts";
import { type Letter, RaftCluster } from "./raft-cluster.ts";

function entriesText(entries: readonly { readonly index: number; readonly term: number }[]): string {
	return entries.length === 0 ? "" : ` entries ${entries.map(({ index, term }) => `${index}@${term}`).join(" ")}`;
}

function messageText(message: RaftMessage): string {
	switch (message.kind) {
		case "preVote":
			return `would you vote for me in term ${message.term}? my log ends ${message.lastIndex}@${message.lastTerm}`;
		case "vote":
			return `vote for me in term ${message.term}${message.transfer ? " (transfer)" : ""}; my log ends ${message.lastIndex}@${message.lastTerm}`;
		case "preVoteReply":
			return `${message.granted ? "I would" : "I would not"}, term ${message.term}`;
		case "voteReply":
			return `${message.granted ? "my vote is yours" : "no"}, term ${message.term}`;
		case "append":
			return `append term ${message.term} after ${message.previousIndex}@${message.previousTerm}${entriesText(message.entries)} commit ${message.commit}`;
		case "appendReply":
			if (message.ok) return `agreed up to ${message.index}, term ${message.term}`;
			return `refused at ${message.refused}, term ${message.term}, hint ${message.hintIndex}@${message.hintTerm}`;
		case "snapshot":
			return `snapshot up to ${message.index}@${message.lastTerm}, term ${message.term}`;
		case "snapshotReply":
			return `snapshot ${message.index}: go on at ${message.offset}`;
		case "timeoutNow":
			return `campaign now, term ${message.term}`;
	}
}

class Scenario {
	#cluster = new RaftCluster([]);
	#lines: string[] = [];
	readonly #cut = new Set<string>();

	/** @returns what came of one line */
	play(line: string): readonly string[] {
		this.#lines = [];
		const [word = "", ...rest] = line.split(/\s+/);
		this.#do(word, rest);
		return this.#lines;
	}

	#do(word: string, rest: readonly string[]): void {
		const [name = "", second = ""] = rest;
		const act = this.#acts[word];
		if (act === undefined) throw new Error(`no scenario knows what "${word}" is`);
		act(name, second, rest);
	}

	readonly #acts: { readonly [word: string]: (name: string, second: string, rest: readonly string[]) => void } = {
		cluster: (_name, _second, rest) => this.#begin(rest),
		timeout: (name) => this.#cluster.timeOut(name),
		deliver: (from, to) => this.#deliver(from, to),
		lose: (from, to) => this.#lose(from, to),
		wait: (duration) => {
			this.#cluster.nowUs += Number(duration);
		},
		cut: (_name, _second, rest) => {
			for (const node of rest) this.#cut.add(node);
		},
		heal: () => this.#cut.clear(),
		propose: (name, text) => {
			if (!this.#cluster.propose(name, text)) this.#say(`${name} takes nothing on`);
		},
		learner: (name, node) => this.#change(name, { kind: "learner", node }),
		voter: (name, node) => this.#change(name, { kind: "voter", node }),
		remove: (name, node) => this.#change(name, { kind: "remove", node }),
		transfer: (name, to) => {
			this.#cluster.server(name).raft.transfer(to);
			this.#cluster.flush(name);
		},
		read: (name, id) => this.#read(name, Number(id), false),
		"lease-read": (name, id) => this.#read(name, Number(id), true),
		compact: (name) => this.#cluster.compact(name),
		crash: (name) => this.#cluster.crash(name),
		restart: (name) => this.#cluster.restart(name),
		show: () => this.#show(),
	};

	#change(name: string, change: MemberChange): void {
		const refusal = this.#cluster.change(name, change);
		if (refusal !== null) this.#say(`refused: ${refusal}`);
	}

	#read(name: string, id: number, byLease: boolean): void {
		this.#cluster.server(name).raft.read(id, byLease, this.#cluster.nowUs);
		this.#cluster.flush(name);
	}

	#say(line: string): void {
		this.#lines.push(line);
	}

	#begin(words: readonly string[]): void {
		const options: { [option: string]: number | boolean } = {};
		const names: string[] = [];
		let voters: string[] | undefined;
		for (const word of words) {
			const [key = "", value] = word.split("=");
			if (value === undefined) names.push(key);
			else if (key === "voters") voters = value.split(",");
			else options[key] = value === "on" ? true : value === "off" ? false : Number(value);
		}
		this.#cluster = new RaftCluster(names, options as Partial<RaftOptions>, () => 0, voters ?? names);
		this.#cluster.onReady = (server, ready) => this.#tell(server, ready);
		this.#cut.clear();
	}

	#tell(server: string, { hardState, snapshot, append, messages, committed, reads }: Ready): void {
		const { raft } = this.#cluster.server(server);
		if (hardState !== null)
			this.#say(`${server} remembers term ${hardState.term}${hardState.vote === null ? "" : `, its vote for ${hardState.vote}`} (${raft.role})`);
		if (snapshot !== null) this.#say(`${server} installs the snapshot up to ${snapshot.index}`);
		if (append !== null) this.#say(`${server} writes${entriesText(append.entries)} after ${append.after}`);
		for (const { to, message } of messages) this.#say(`${server} -> ${to}: ${messageText(message)}`);
		for (const { index, body } of committed) this.#say(`${server} applies ${index}: ${body.kind === "command" ? String(body.command) : body.kind}`);
		for (const { id, index } of reads) this.#say(index < 0 ? `${server} cannot answer read ${id}` : `${server} may answer read ${id} at ${index}`);
	}

	#passes = ({ from, to }: Letter): boolean => !this.#cut.has(from) && !this.#cut.has(to);

	/** `deliver`: everything until quiet. `deliver a b`: what is under way from a to b now (`*`: anybody). */
	#deliver(from: string, to: string): void {
		if (from === "") {
			this.#cluster.deliverAll(this.#passes);
			return;
		}
		const chosen = this.#cluster.mail.filter((letter) => (from === "*" || letter.from === from) && (to === "*" || letter.to === to));
		this.#cluster.mail = this.#cluster.mail.filter((letter) => !chosen.includes(letter));
		for (const letter of chosen) if (this.#passes(letter)) this.#cluster.deliver(letter);
	}

	#lose(from: string, to: string): void {
		this.#cluster.mail = this.#cluster.mail.filter((letter) => !((from === "*" || letter.from === from) && (to === "*" || letter.to === to)));
	}

	#show(): void {
		for (const [name, { raft, up }] of this.#cluster.servers) {
			const { voters, learners } = raft.members;
			const members = learners.length > 0 ? `${voters.join("")}+${learners.join("")}` : voters.join("");
			this.#say(
				`${name}${up ? "" : " (down)"} ${raft.role} term ${raft.term} commit ${raft.commit} members ${members} log ${this.#cluster.logOf(name) || "-"}`,
			);
		}
	}
}

/** Plays a whole script. @returns it with what really came of each line */
export function playScript(text: string): string {
	const scenario = new Scenario();
	const out: string[] = [];
	for (const line of text.split("\n")) {
		if (line.startsWith("    ")) continue;
		out.push(line);
		if (!line.startsWith("> ")) continue;
		for (const result of scenario.play(line.slice(2).trim())) out.push(`    ${result}`);
	}
	return out.join("\n");
}
