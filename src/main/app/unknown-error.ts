/** What was thrown, as the one error type of the house: anything unknown is our own fault. */
import { QuorateError } from "../../shared/errors.ts";

export function fromUnknown(error: unknown): QuorateError {
	if (error instanceof QuorateError) return error;
	return new QuorateError("internal", error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
