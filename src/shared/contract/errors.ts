/**
 * How refusals cross the contract: the house's errors, and a few that only a service can give. Pure.
 */
import { type ErrorCode, QuorateError } from "../errors.ts";

const houseCodes = [
	"usage",
	"lab-not-found",
	"lab-invalid",
	"command-invalid",
	"check-invalid",
	"session-not-found",
	"session-exists",
	"session-locked",
	"session-damaged",
	"session-unsupported",
	"disk-full",
	"verify-differs",
	"internal",
] as const satisfies readonly ErrorCode[];

const serviceCodes = [
	/** What was sent is no message of this contract. Nothing was done. */
	"request-invalid",
	/** Window and lab speak different versions. */
	"version-differs",
	"run-not-found",
	"job-not-found",
	/** What was asked needs a live run, or one that is not. */
	"run-not-live",
	/** Too much is going on at once; nothing was done. */
	"too-busy",
	/** The user, or the end of the connection, called it off. */
	"cancelled",
	/** This host cannot do that. */
	"not-here",
] as const;

export const contractErrorCodes = [...houseCodes, ...serviceCodes] as const;
export type ContractErrorCode = (typeof contractErrorCodes)[number];
type Missing = Exclude<ErrorCode, (typeof houseCodes)[number]>;
/** Does not compile when the house has a code that is not listed above. */
const isComplete: [Missing] extends [never] ? true : Missing = true;
void isComplete;

/** As it travels. */
export interface ErrorView {
	readonly code: ContractErrorCode;
	readonly message: string;
	readonly kept: string;
	readonly advice: string;
}

/** A refusal, at either end. */
export class ContractError extends Error {
	override readonly name = "ContractError";
	readonly code: ContractErrorCode;
	readonly kept: string;
	readonly advice: string;

	constructor(code: ContractErrorCode, message: string, { kept = "", advice = "" }: { readonly kept?: string; readonly advice?: string } = {}) {
		super(message);
		this.code = code;
		this.kept = kept;
		this.advice = advice;
	}
}

const messageCharsMax = 4_096;

/** Anything thrown, as it may be told. What is unknown is our own fault, and its insides stay here. */
export function errorViewOf(error: unknown): ErrorView {
	if (error instanceof ContractError || error instanceof QuorateError) {
		const { code, message, kept, advice } = error;
		return { code, message: message.slice(0, messageCharsMax), kept: kept.slice(0, messageCharsMax), advice: advice.slice(0, messageCharsMax) };
	}
	if (isDiskFull(error))
		return { code: "disk-full", message: "the disk takes no more", kept: "What was recorded before is in its file.", advice: "Make room, then try again." };
	return { code: "internal", message: "the lab met a fault of its own", kept: "What was recorded is in its file.", advice: "" };
}

const fullCodes: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function isDiskFull(error: unknown): boolean {
	return typeof error === "object" && error !== null && fullCodes.has((error as { readonly code?: unknown }).code);
}

export function errorFromView({ code, message, kept, advice }: ErrorView): ContractError {
	return new ContractError(code, message, { kept, advice });
}
