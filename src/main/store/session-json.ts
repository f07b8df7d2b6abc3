/**
 * The JSON inside a session, checked before anybody believes it: header, plan, verdicts. What is
 * checked of a plan is what the kernel takes for granted (indices, bounds); whether the lab makes
 * sense was decided when it was compiled.
 */
import { z } from "zod";
import { QuorateError } from "../../shared/errors.ts";
import { nodesMax, type Plan } from "../../shared/plan.ts";
import { type RecordedVerdict, type SessionHeader, sessionDetails } from "../../shared/session.ts";
import { shownText } from "./database.ts";

const us = z.int();
const spanUs = z.int().min(0);
const ratio = z.number().min(0).max(1);
const name = z.string().max(1_024);
const positiveFinite = z.number().min(0);

const headerSchema = z.strictObject({
	formatVersion: z.int().min(1),
	engineVersion: z.int().min(1),
	eventSchemaVersion: z.int().min(1),
	labId: name,
	labVersion: z.int(),
	seed: z.int().min(0),
	detail: z.enum(sessionDetails),
	executor: z.enum(["inline", "threads"]),
	digestHeader: z.string().max(65_536),
	createdMs: z.int().min(0),
});

const clock = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("perfect"), offsetUs: us }),
	z.strictObject({ kind: z.literal("linear"), offsetUs: us, driftPpm: z.number().min(-1_000_000) }),
	z.strictObject({ kind: z.literal("periodic"), offsetUs: us, amplitudePpm: z.number(), periodUs: z.int().min(1) }),
	z.strictObject({ kind: z.literal("step"), offsetUs: us, stepUs: us, atUs: spanUs }),
	z.strictObject({ kind: z.literal("randomWalk"), offsetUs: us, stepPpm: z.number(), limitPpm: z.number(), periodUs: z.int().min(1) }),
	z.strictObject({ kind: z.literal("strobe"), offsetUs: us, amplitudeUs: us, periodUs: z.int().min(1) }),
]);

const jitter = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("constant"), us: spanUs }),
	z.strictObject({ kind: z.literal("uniform"), maxUs: spanUs }),
	z.strictObject({ kind: z.literal("normal"), meanUs: us, deviationUs: spanUs }),
	z.strictObject({ kind: z.literal("lognormal"), medianUs: spanUs, sigma: positiveFinite }),
	z.strictObject({ kind: z.literal("exponential"), meanUs: spanUs }),
	z.strictObject({ kind: z.literal("empirical"), quantilesUs: z.array(spanUs).max(1_000_000) }),
]);

const physics = z.strictObject({
	floorUs: z.int().min(1),
	jitter,
	lossRatio: ratio,
	duplicateRatio: ratio,
	corruptRatio: ratio,
	reorderRatio: ratio,
	reorderUs: spanUs,
	fifo: z.boolean(),
	bitsPerSecond: positiveFinite,
	queueBytes: positiveFinite,
});

const disk = z.strictObject({
	drives: z.int().min(0).max(1_024),
	capacityBytes: positiveFinite,
	writeUs: spanUs,
	readUs: spanUs,
	syncUs: spanUs,
	bytesPerSecond: positiveFinite,
	readErrorRatio: ratio,
	tornRatio: ratio,
	annualFailures: z.number().min(0).optional(),
	startFailureRatio: ratio.optional(),
});

/** What a lab may configure a service with. JSON has no bytes, and the file limits the depth by its size. */
const plainValue = z.json();

const node = z.strictObject({
	name,
	role: name,
	region: z.int().min(-1),
	cores: z.int().min(1),
	clock,
	disk,
	bootDelayUs: spanUs,
	services: z.array(z.strictObject({ service: name, config: plainValue })).max(1_024),
	position: z.tuple([z.number(), z.number()]).optional(),
});

const planSchema = z
	.strictObject({
		labId: name,
		labVersion: z.int(),
		title: z.string().max(65_536),
		variant: name,
		parameters: z.record(name, plainValue),
		untilUs: spanUs,
		exploreRaces: z.boolean(),
		regions: z.array(name).max(65_536),
		nodes: z.array(node).min(1).max(nodesMax),
		switches: z.array(z.strictObject({ name, region: z.int().min(-1) })).max(65_536),
		links: z.array(z.strictObject({ name, a: z.int().min(0), b: z.int().min(0), forward: physics, backward: physics })).max(1_048_576),
		story: z.array(z.strictObject({ atUs: spanUs, line: z.string().max(1_048_576) })).max(1_048_576),
		checks: z.array(z.strictObject({ id: name, expression: z.string().max(65_536), shows: z.string().max(65_536) })).max(65_536),
		names: z.array(name).max(1_048_576),
	})
	.superRefine((plan, context) => {
		const vertices = plan.nodes.length + plan.switches.length;
		const complain = (message: string) => context.addIssue({ code: "custom", message });
		for (const link of plan.links) if (link.a >= vertices || link.b >= vertices) complain(`link ${link.name} ends nowhere`);
		for (const { name, region } of [...plan.nodes, ...plan.switches]) if (region >= plan.regions.length) complain(`${name} lies in no region`);
	});

const verdictsSchema = z.array(z.looseObject({ id: name, ok: z.boolean() })).max(65_536);

function firstProblem(error: z.ZodError): string {
	const issue = error.issues[0];
	if (issue === undefined) return "it is not what was expected";
	return shownText(issue.path.length > 0 ? `${issue.path.map(String).join(".")}: ${issue.message}` : issue.message);
}

function read<Value>(text: string, schema: z.ZodType<unknown>, what: string): Value | QuorateError {
	try {
		const parsed = schema.safeParse(JSON.parse(text));
		if (parsed.success) return parsed.data as Value;
		return new QuorateError("session-damaged", `the ${what} is not sound: ${firstProblem(parsed.error)}`);
	} catch {
		return new QuorateError("session-damaged", `the ${what} is no JSON`); // the parser would quote the file at us
	}
}

/** @returns the header, or what is wrong with it */
export function readHeader(text: string): SessionHeader | QuorateError {
	return read<SessionHeader>(text, headerSchema, "header");
}

/** @returns the plan, or what is wrong with it */
export function readPlan(text: string): Plan | QuorateError {
	return read<Plan>(text, planSchema, "plan");
}

/** @returns the verdicts, or what is wrong with them */
export function readVerdicts(text: string): readonly RecordedVerdict[] | QuorateError {
	return read<readonly RecordedVerdict[]>(text, verdictsSchema, "list of verdicts");
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** The schemas and the types they stand for are one: these lines do not compile when one of them moves alone. */
const headerIsComplete: Same<keyof z.infer<typeof headerSchema>, keyof SessionHeader> = true;
const planIsComplete: Same<keyof z.infer<typeof planSchema>, keyof Plan> = true;
void headerIsComplete;
void planIsComplete;
