/** What the view of Raft says. */
import { plural } from "../words.ts";

export const raftStrings = {
	title: "Raft",
	explains: "A row for each server's log. What most of them have on disk is committed.",
	log: "Logs, side by side",
	roles: { leader: "leader", follower: "follower", candidate: "candidate", preCandidate: "asks first", starting: "starting" } as {
		readonly [role: string]: string;
	},
	term: (term: number) => `term ${term}`,
	votedFor: (name: string) => `voted for ${name}`,
	votedSelf: "voted for itself",
	noVote: "no vote yet",
	votes: (granted: number, quorum: number) => `${granted} of ${quorum} votes`,
	electionIn: (text: string) => `runs for leader in ${text}`,
	electionNow: "runs for leader any moment",
	hears: (leader: string) => `hears ${leader}`,
	hearsNobody: "hears no leader",
	commit: (index: number) => `commit ${index}`,
	last: (index: number) => `last ${index}`,
	match: "match",
	markOf: (name: string, isMatch: boolean) => (isMatch ? `match of ${name}: the leader knows that it is there` : `next of ${name}: what the leader sends next`),
	next: "next",
	legend: {
		committed: "committed",
		waiting: "on its disk, not committed",
		match: "match: the leader knows it is there",
		next: "next: what the leader sends next",
	},
	behind: (entries: number) => `${plural(entries, "entry", "entries")} behind the longest log`,
	noLog: "empty log",
	entry: (index: number, term: number, isCommitted: boolean) => `entry ${index}, term ${term}${isCommitted ? ", committed" : ""}`,
	logOf: (name: string) => `Log of ${name}`,
	noLeader: "No leader",
	leads: (name: string, term: number) => `${name} leads, term ${term}`,
	servers: (count: number, all: number) => `${count} of ${all} servers up`,
} as const;
