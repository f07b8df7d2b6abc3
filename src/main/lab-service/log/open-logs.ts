/**
 * Keeps a few sessions open for reading, and what has been learnt of their logs. A file that is being written is looked at
 * anew when it holds more than was seen of it; only what is new is looked at.
 */
import type { ServiceRegistry } from "../../../core/node-api.ts";
import { ContractError } from "../../../shared/contract/errors.ts";
import { openSession, type Session } from "../../store/reader.ts";
import { DensityIndex } from "./density.ts";
import { InstantViews } from "./instants.ts";
import { type LogPlace, makingOf, type OpenLog } from "./place.ts";

interface OpenFile {
	readonly path: string;
	readonly salvage: boolean;
	session: Session;
}

interface Learnt {
	readonly key: string;
	readonly density: DensityIndex;
	readonly instants: InstantViews;
}

const filesMax = 6;
const learntMax = 4;

export class OpenLogs {
	readonly #registry: ServiceRegistry;
	/** The most recently used first. */
	#files: OpenFile[] = [];
	#learnt: Learnt[] = [];

	constructor(registry: ServiceRegistry) {
		this.#registry = registry;
	}

	/** @throws QuorateError as `openSession` does; ContractError `usage` for a branch that is not there */
	open(place: LogPlace): OpenLog {
		const file = this.#file(place);
		this.#requireMaking(file, place);
		const log = logOf(file.session, place.branch);
		if (log !== undefined && log.eventCount >= place.committedEvents) return log;
		this.#reopen(file);
		this.#requireMaking(file, place);
		const fresh = logOf(file.session, place.branch);
		if (fresh === undefined) throw new ContractError("usage", `the session has no branch ${place.branch} that can be read`);
		return fresh;
	}

	/** What was learnt of one log must not be told of another. */
	#requireMaking({ session, path }: OpenFile, { making }: LogPlace): void {
		if (making === undefined || makingOf(session.header) === making) return;
		this.forget(path);
		throw new ContractError("session-not-found", `another session stands where this run was recorded`, {
			kept: "Neither was changed.",
			advice: "Open it from the library to see what it is.",
		});
	}

	learnt(place: LogPlace, log: OpenLog): Learnt {
		const key = `${place.branch} ${place.path}`;
		const known = this.#learnt.find((candidate) => candidate.key === key);
		const learnt = known ?? {
			key,
			density: new DensityIndex(log.session.plan),
			instants: new InstantViews(log, this.#registry),
		};
		this.#learnt = [learnt, ...this.#learnt.filter((candidate) => candidate !== learnt)].slice(0, learntMax);
		return learnt;
	}

	forget(path: string): void {
		for (const file of this.#files) if (file.path === path) file.session.close();
		this.#files = this.#files.filter((file) => file.path !== path);
		this.#learnt = this.#learnt.filter(({ key }) => !key.endsWith(` ${path}`));
	}

	#file({ path, salvage }: LogPlace): OpenFile {
		const known = this.#files.find((file) => file.path === path && file.salvage === salvage);
		const file = known ?? this.#openFile(path, salvage);
		this.#files = [file, ...this.#files.filter((candidate) => candidate !== file)];
		for (const old of this.#files.splice(filesMax)) old.session.close();
		return file;
	}

	#openFile(path: string, salvage: boolean): OpenFile {
		return { path, salvage, session: openSession(path, { damaged: salvage ? "prefix" : "refuse", depth: "structure" }) };
	}

	#reopen(file: OpenFile): void {
		const grown = file.session.grown();
		if (grown !== null) {
			file.session = grown;
			return;
		}
		const { session } = this.#openFile(file.path, file.salvage);
		file.session.close();
		file.session = session;
	}
}

function logOf(session: Session, branch: number): OpenLog | undefined {
	const found = session.branches.find((candidate) => candidate.branch === branch);
	return found === undefined ? undefined : { session, branch, eventCount: found.head.eventCount };
}
