/** The numbers that scripts see. Documented in the README; never renumbered. */
import type { ErrorCode } from "../../shared/errors.ts";

export const exitCodes = {
	ok: 0,
	checkFailed: 1,
	/** Wrong words, or an input that cannot be used: a lab, a session, a disk. */
	usage: 2,
	verifyDiffers: 3,
	/** Our own fault. */
	internal: 70,
	/** Broken off by Ctrl-C, as shells count it: 128 and the number of SIGINT. */
	interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(code: ErrorCode): ExitCode {
	switch (code) {
		case "internal":
			return exitCodes.internal;
		case "verify-differs":
			return exitCodes.verifyDiffers;
		default:
			return exitCodes.usage;
	}
}
