/**
 * Verifies a session: re-executes every branch and, where it goes another way, names the first event
 * that differs as far as the file's detail tells. The file is read here, on the main thread; the
 * re-execution has a thread of its own.
 */
import type { ServiceRegistry } from "../../core/node-api.ts";
import { digestBytes, type RecordedRun, type Verification } from "../../core/verify.ts";
import { canonicalJson } from "../../shared/canonical-json.ts";
import { QuorateError } from "../../shared/errors.ts";
import { decodeRecord, recordLengthWord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText, formatInstant } from "../../shared/projection/event-text.ts";
import type { Session } from "../store/reader.ts";
import { fromPlain } from "../store/recorder-protocol.ts";
import { ClusterClient } from "../threads/cluster-client.ts";
import { watchHandlers, watchLimits } from "./handler-watch.ts";
import type { ExecutorOptions } from "./run-task.ts";
import { givenCommands, requireSameEngine } from "./session-fork.ts";

/** What the file and the re-execution each have at an index; null: nothing. */
export interface EventDifference {
	/** The first event known to differ. */
	readonly index: number;
	/** True when it is the first; false when events before it, which the file does not hold, may differ too. */
	readonly exact: boolean;
	/** The earliest event that can differ. */
	readonly fromIndex: number;
	readonly recorded: string | null;
	readonly repeated: string | null;
}

export type BranchVerdict =
	| { readonly kind: "same"; readonly branch: number; readonly events: number; readonly digest: string }
	| { readonly kind: "differs"; readonly branch: number; readonly difference: EventDifference }
	/** Every event is the same, and the file's verdicts are not what the checks give. */
	| { readonly kind: "verdicts"; readonly branch: number; readonly ids: readonly string[] };

/** @throws QuorateError `session-unsupported` when this program cannot run what the session is of */
export function requireServices(session: Session, registry: ServiceRegistry): void {
	for (const { services } of session.plan.nodes) {
		for (const { service, config } of services) {
			const definition = registry.get(service);
			if (definition === undefined) throw unsupported(session, `it uses the service ${service}, which this version does not have`);
			try {
				definition.configure(config);
			} catch (error) {
				throw unsupported(session, `the service ${service} does not accept its options: ${(error as Error).message}`);
			}
		}
	}
}

function unsupported(session: Session, why: string): QuorateError {
	return new QuorateError("session-unsupported", `${session.path} cannot be run again: ${why}`, { kept: "It was not changed, and can be replayed." });
}

function recordedRun(session: Session, branch: number): RecordedRun {
	const { eventCount, untilUs, finished } = session.head(branch);
	const chain: Uint8Array[] = [];
	let lastUs = 0;
	for (const block of session.blocks({ branch })) {
		chain.push(block.digest);
		lastUs = block.untilUs;
	}
	const digests = new Uint8Array(chain.length * digestBytes);
	for (const [index, digest] of chain.entries()) digests.set(digest, index * digestBytes);
	return {
		plan: session.plan,
		seed: session.header.seed,
		commands: givenCommands(session, branch),
		eventCount,
		untilUs: finished ? untilUs : lastUs,
		finished,
		digests,
	};
}

export interface VerifyOptions {
	readonly executor: ExecutorOptions;
	readonly onProgress?: (events: number) => void;
}

/** @throws QuorateError when the re-execution itself fails */
export async function verifyBranch(session: Session, branch: number, options: VerifyOptions): Promise<BranchVerdict> {
	requireSameEngine(session);
	const verification = await reexecute(recordedRun(session, branch), options);
	switch (verification.kind) {
		case "differs":
			return { kind: "differs", branch, difference: firstDifference(session, branch, verification) };
		case "otherLength":
			return { kind: "differs", branch, difference: lengthDifference(session, branch, verification) };
		case "same": {
			const { finished, verdicts } = session.head(branch);
			const ids = finished ? differingVerdicts(verdicts, verification.verdicts) : [];
			if (ids.length > 0) return { kind: "verdicts", branch, ids };
			return { kind: "same", branch, events: verification.events, digest: verification.digest };
		}
	}
}

function reexecute(recorded: RecordedRun, { executor, onProgress }: VerifyOptions): Promise<Verification> {
	return new Promise((resolve, reject) => {
		let endWatch = (): void => {};
		const end = (settle: () => void): void => {
			endWatch();
			settle();
		};
		const client = new ClusterClient(
			{ kind: "verify", recorded, executor },
			{
				onMessage(message) {
					if (message.kind === "verifyProgress") onProgress?.(message.events);
					else if (message.kind === "verified") end(() => resolve(message.verification));
					else if (message.kind === "failed") end(() => reject(fromPlain(message.error)));
				},
				onDeath(death) {
					const why = death.reason === "outOfMemory" ? "ran out of memory" : `died: ${death.error.message}`;
					end(() => reject(new QuorateError("verify-differs", `the re-execution ${why}, which the recorded run did not`)));
				},
			},
		);
		if (executor.name !== "inline") return;
		endWatch = watchHandlers(client, watchLimits(executor), ({ node, step, atUs }, verdict) => {
			const name = recorded.plan.nodes[node]?.name ?? `node ${node}`;
			const what = verdict === "hung" ? "hangs" : "takes memory without end";
			const error = new QuorateError(
				"verify-differs",
				`the re-execution ${what} at ${formatInstant(atUs)}, in handler ${step} of ${name}; the recorded run did not`,
			);
			void client.terminate().then(() => reject(error));
		});
	});
}

function differingVerdicts(recorded: readonly { readonly id: string }[], repeated: readonly { readonly id: string }[]): string[] {
	const texts = new Map(repeated.map((verdict) => [verdict.id, canonicalJson(verdict)]));
	const differing = recorded.filter((verdict) => texts.get(verdict.id) !== canonicalJson(verdict)).map(({ id }) => id);
	const known = new Set(recorded.map(({ id }) => id));
	return [...differing, ...repeated.flatMap(({ id }) => (known.has(id) ? [] : [id]))];
}

// --- naming the event

interface Record {
	readonly words: Int32Array;
	readonly start: number;
	readonly length: number;
}

function textOf(record: Record | undefined, plan: Plan): string | null {
	if (record === undefined) return null;
	const event = decodeRecord(record.words, record.start);
	return typeof event === "string" ? event : `${formatInstant(event.atUs)}  ${eventText(event, plan)}`;
}

function isSame(a: Record, b: Record): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a.words[a.start + i] !== b.words[b.start + i]) return false;
	return true;
}

function recordsIn(words: Int32Array): Record[] {
	const records: Record[] = [];
	for (let start = 0; start < words.length; ) {
		const length = words[start + recordLengthWord] as number;
		records.push({ words, start, length });
		start += length;
	}
	return records;
}

function firstDifference(session: Session, branch: number, { firstIndex, eventCount, words }: Verification & { readonly kind: "differs" }): EventDifference {
	const { plan } = session;
	const repeated = recordsIn(words);
	const toIndex = firstIndex + eventCount - 1;
	let sameUntil = firstIndex;
	for (const { index, words: stored, start } of session.events({ branch, fromIndex: firstIndex, toIndex })) {
		const recorded: Record = { words: stored, start, length: stored[start + recordLengthWord] as number };
		const other = repeated[index - firstIndex];
		if (other === undefined || !isSame(recorded, other)) {
			return { index, exact: index === sameUntil, fromIndex: sameUntil, recorded: textOf(recorded, plan), repeated: textOf(other, plan) };
		}
		sameUntil = index + 1;
	}
	return { index: toIndex, exact: false, fromIndex: sameUntil, recorded: null, repeated: null };
}

function lengthDifference(session: Session, branch: number, verification: Verification & { readonly kind: "otherLength" }): EventDifference {
	const { recordedEvents, repeatedEvents, lastUs } = verification;
	const index = Math.min(recordedEvents, repeatedEvents);
	if (repeatedEvents > recordedEvents) return { index, exact: true, fromIndex: index, recorded: null, repeated: `another event, by ${formatInstant(lastUs)}` };
	for (const { words, start } of session.events({ branch, fromIndex: index, toIndex: index })) {
		return {
			index,
			exact: true,
			fromIndex: index,
			recorded: textOf({ words, start, length: words[start + recordLengthWord] as number }, session.plan),
			repeated: null,
		};
	}
	return { index, exact: true, fromIndex: index, recorded: "an event that the file does not hold in full", repeated: null };
}
