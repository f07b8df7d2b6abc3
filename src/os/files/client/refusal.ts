/** What a client says when it does not do what it was asked. Pure. */
import type { FilesError, FilesResult } from "../contract.ts";

export type Refusal = Extract<FilesResult<never>, { ok: false }>;

export function refuse(error: FilesError, detail: string): Refusal {
	return { ok: false, error, detail };
}

export const noAnswer = "the system did not answer in time";
