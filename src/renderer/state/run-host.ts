/** What a run that is looked at needs of the window around it. Types only. */
import type { LabClient } from "../../shared/contract/client.ts";
import type { RunView } from "./contract-types.ts";
import type { Place } from "./run-state.ts";

export interface RunHost {
	readonly client: LabClient;
	/** Shows another run, such as a fork of this one. */
	show(run: RunView, said: string): void;
	/** @param about the run that it is true of as long as that one is shown */
	tell(tone: "note" | "warning" | "fault", text: string, about?: { readonly run: string }): void;
	/** What the user just wanted made no sense. @param at where they acted; a notice where that is not known */
	refuse(text: string, at?: Place): void;
	fail(error: unknown): void;
	/** Undefined when it failed, which was told. */
	attempt<Reply>(reply: Promise<Reply>): Promise<Reply | undefined>;
}
