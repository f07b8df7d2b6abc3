/**
 * What the reader thread is asked and answers: plain data both ways. Reading a file, checking it and
 * re-executing it all take time, and the thread that serves the window has none to spare.
 */
import type { CallName, CallReply, CallRequest } from "../../../shared/contract/calls.ts";
import type { CouplingReport } from "../../../shared/contract/coupling.ts";
import type { ErrorView } from "../../../shared/contract/errors.ts";
import type { Plan } from "../../../shared/plan.ts";
import type { RecordedCommand, SessionBranch, SessionHeader } from "../../../shared/session.ts";
import type { LabWishes } from "../../app/options.ts";
import type { RunTask } from "../../app/run-task.ts";
import type { ForkWishes } from "../../app/session-fork.ts";
import type { LogPlace } from "./place.ts";

export type LogCall = Exclude<CallName & `log.${string}`, "log.compare">;
/** A log call as the reader sees it: the run is a place. */
type LogQuestions = {
	readonly [Call in LogCall]: {
		readonly asked: { readonly place: LogPlace; readonly request: Omit<CallRequest<Call>, "run"> };
		readonly answer: CallReply<Call>;
	};
};

/** A branch as the service keeps it once it has been opened. */
export interface OpenedBranch {
	readonly plan: Plan;
	readonly header: SessionHeader;
	readonly branch: SessionBranch;
	readonly commands: readonly RecordedCommand[];
	readonly labText: string;
}

/** A lab made ready to run. */
export interface CompiledWishes {
	readonly plan: Plan;
	readonly labText: string;
}

interface OtherQuestions {
	readonly labs: { readonly asked: null; readonly answer: CallReply<"labs.list"> };
	readonly lab: { readonly asked: { readonly lab: string }; readonly answer: CallReply<"labs.describe"> };
	readonly compile: { readonly asked: LabWishes; readonly answer: CompiledWishes };
	readonly "log.compare": { readonly asked: { readonly place: LogPlace; readonly other: LogPlace }; readonly answer: CallReply<"log.compare"> };
	readonly open: { readonly asked: { readonly place: LogPlace }; readonly answer: OpenedBranch };
	/** A look into a file, for the library. */
	readonly summary: { readonly asked: { readonly path: string }; readonly answer: NonNullable<CallReply<"sessions.list">["sessions"][number]["content"]> };
	readonly describe: { readonly asked: { readonly path: string }; readonly answer: Omit<CallReply<"sessions.describe">, "session"> };
	readonly notes: { readonly asked: { readonly path: string }; readonly answer: CallReply<"notes.list"> };
	readonly addNote: {
		readonly asked: {
			readonly path: string;
			readonly note: { readonly branch: number; readonly eventIndex: number; readonly wallMs: number; readonly text: string };
		};
		readonly answer: CallReply<"notes.add">;
	};
	readonly prepareFork: { readonly asked: { readonly wishes: ForkWishes }; readonly answer: RunTask };
	/** The task that goes on with a recording that broke off. */
	readonly prepareContinue: {
		readonly asked: { readonly path: string; readonly branch: number; readonly executor: RunTask["executor"]; readonly speed: RunTask["speed"] };
		readonly answer: RunTask;
	};
	/** Closes the file, so that it can be moved. */
	readonly forget: { readonly asked: { readonly path: string }; readonly answer: null };
	/** Folds the journal of a run that was killed into its file, so that one file is all there is. */
	readonly settle: { readonly asked: { readonly path: string }; readonly answer: null };
	/** Copies a session beside whoever reads it; the copy is one file. */
	readonly copy: { readonly asked: { readonly path: string; readonly target: string }; readonly answer: null };
	/** Looks a file over as a whole. */
	readonly check: { readonly asked: { readonly path: string }; readonly answer: null };
	readonly verify: { readonly asked: { readonly path: string; readonly branch: number | null }; readonly answer: VerifyFindings };
	/** Measured on this machine, on threads of its own. */
	readonly coupling: { readonly asked: null; readonly answer: CouplingReport };
	readonly export: {
		readonly asked: { readonly place: LogPlace; readonly request: Omit<CallRequest<"jobs.export">, "run">; readonly target: string };
		readonly answer: { readonly bytes: number };
	};
}

export type VerifyFindings = NonNullable<CallReply<"jobs.verify">["job"]["verdict"]>;
export type Questions = LogQuestions & OtherQuestions;
export type QuestionName = keyof Questions;
export type Asked<Name extends QuestionName> = Questions[Name]["asked"];
export type Answer<Name extends QuestionName> = Questions[Name]["answer"];

export interface AskedReader {
	readonly id: number;
	readonly question: QuestionName;
	readonly asked: unknown;
}

/** A question, or that nobody wants the answer to one any more. */
export type ToReader = ({ readonly kind: "question" } & AskedReader) | { readonly kind: "callOff"; readonly id: number };

export type FromReader =
	| { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
	| { readonly kind: "refusal"; readonly id: number; readonly error: ErrorView }
	| { readonly kind: "progress"; readonly id: number; readonly done: number; readonly total: number };

/** Told now and then while an answer takes long. */
export type Progress = (done: number, total: number) => void;

/** How an answer that takes long goes along with others. */
export interface Pace {
	readonly tell: Progress;
	/** Called between slices: others are answered meanwhile. @throws ContractError `cancelled` when nobody wants the answer any more */
	rest(): Promise<void>;
}
