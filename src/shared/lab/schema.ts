/**
 * The shape of a lab file, section by section. The published JSON Schema is generated from these, so
 * an editor and the compiler say the same; docs/lab-format.md explains them. What a shape cannot say
 * (names that exist, places that can be reached) is in compile.ts. Pure.
 */
import { z } from "zod";
import { drivesMax, nodesMax } from "../plan.ts";
import { labTopics } from "./topics.ts";
import {
	bitsPerSecond,
	bytes,
	bytesPerSecond,
	config,
	driftPpm,
	duration,
	fields,
	id,
	name,
	nodeName,
	ratio,
	sentence,
	swingPpm,
	target,
	title,
	wholeNumber,
} from "./values.ts";

/** How long each section may be. */
export const entriesMax = { parameters: 50, regions: 100, switches: 1_000, nodes: nodesMax, links: 5_000, checks: 100, variants: 50 } as const;
export const storyLinesMax = 1_000;

const yearUs = 365 * 86_400_000_000;
const atMost = (count: number): { readonly error: string } => ({ error: `expected at most ${count} entries` });

const jitterDuration = duration();
const jitterExpected = "expected a jitter such as uniform 2ms, exponential 2ms, or a map such as { lognormal: { median: 2ms, sigma: 0.5 } }";

const jitterSchema = z
	.union(
		[
			z.string().regex(/^(none|(constant|uniform|exponential) \d+(\.\d+)?(us|µs|ms|s))$/, { error: jitterExpected }),
			fields({ constant: jitterDuration }),
			fields({ uniform: jitterDuration }),
			fields({ exponential: jitterDuration }),
			fields({ normal: fields({ mean: jitterDuration, deviation: jitterDuration }) }),
			fields({ lognormal: fields({ median: jitterDuration, sigma: z.number().min(0).max(4) }) }),
			fields({ empirical: z.array(jitterDuration).min(2).max(1_001) }),
		],
		{ error: jitterExpected },
	)
	.meta({ id: "jitter", description: "Delay beyond the latency, drawn anew for each message." });

const physicsShape = {
	latency: duration({ minUs: 1 }).optional().describe("The least time a message takes; at least 1us."),
	jitter: jitterSchema.optional(),
	loss: ratio.optional().describe("Part of the messages that is lost."),
	duplicate: ratio.optional().describe("Part of the messages that arrives twice."),
	corrupt: ratio.optional().describe("Part of the messages that arrives damaged, which the checksum turns into a drop."),
	reorder: fields({ ratio, by: duration() }).optional().describe("Part of the messages that is held back by up to this long, so that later ones overtake."),
	fifo: z.boolean({ error: "expected true or false" }).optional().describe("Messages never overtake each other. True unless reorder is given."),
	bandwidth: bitsPerSecond.optional().describe("Shared by all that crosses the link in one direction."),
	queue: bytes.optional().describe("What may wait for the wire; the rest is dropped. 256KiB unless told."),
};

const physicsSchema = fields(physicsShape).meta({ id: "physics" });
export type PhysicsFile = z.output<typeof physicsSchema>;

export const regionSchema = fields({ name, ...physicsShape }).describe(
	"A place, and the switch of that name. With a latency, every node in it has a link to the switch.",
);
export const switchSchema = fields({ name, region: name.optional() });

const offset = duration({ minUs: -yearUs, maxUs: yearUs }).optional().describe("How wrong the wall clock is at the start.");
const period = duration({ minUs: 1_000 });

const clockSchema = fields({
	offset,
	drift: driftPpm.optional().describe("Runs this much too fast, always."),
	swing: fields({ amplitude: swingPpm, period }).optional().describe("The drift swings between plus and minus the amplitude."),
	jump: fields({ by: duration({ minUs: -yearUs, maxUs: yearUs }), at: duration({ maxUs: yearUs }) })
		.optional()
		.describe("The wall clock jumps once."),
	walk: fields({ step: swingPpm, limit: swingPpm, every: period }).optional().describe("The drift wanders by up to a step each time, within the limit."),
	strobe: fields({ amplitude: duration({ maxUs: yearUs }), every: period })
		.optional()
		.describe("The wall clock jumps back and forth."),
});
export type ClockFile = z.output<typeof clockSchema>;

const diskSchema = fields({
	drives: wholeNumber(0, drivesMax).optional().describe("1 unless told."),
	capacity: bytes.optional().describe("Of each drive; 64MiB unless told."),
	write: duration().optional().describe("Into the drive's cache; 20us unless told."),
	read: duration().optional().describe("100us unless told."),
	sync: duration().optional().describe("Until what was written is durable; 2ms unless told."),
	bandwidth: bytesPerSecond.optional().describe("Adds to each of these by the size; unlimited unless told."),
	readErrors: ratio.optional().describe("Part of the reads that fails."),
	torn: ratio.optional().describe("Of the writes not synced at a crash, the part that is left half written."),
	annualFailures: z
		.number({ error: "expected a number from 0 to 1000" })
		.min(0, { error: "expected a number from 0 to 1000" })
		.max(1_000, { error: "expected a number from 0 to 1000" })
		.optional()
		.describe("Deaths a drive and year; 0.0365 kills one of ten thousand a day. None unless told."),
	startFailures: ratio.optional().describe("Part of the drives that does not start again after its machine went down by a command."),
});
export type DiskFile = z.output<typeof diskSchema>;

const coordinate = z
	.number({ error: "expected a number from 0 to 1" })
	.min(0, { error: "expected a number from 0 to 1" })
	.max(1, { error: "expected a number from 0 to 1" });
const point = z.tuple([coordinate, coordinate], { error: "expected a point such as [0.5, 0.2]" });

const serviceUse = fields({ service: z.string({ error: "expected the name of a service" }), config: config.optional() });

export const nodeSchema = fields({
	name: nodeName.describe("With count, {n} stands for 1, 2, 3, ..."),
	count: wholeNumber(1, nodesMax).optional().describe("How many nodes of this kind."),
	role: name.optional().describe("A free word that views draw by: client, balancer, web, ..."),
	region: name.optional(),
	latency: duration({ minUs: 1 }).optional().describe("Of the node's link to its region's switch, instead of the region's own."),
	cores: wholeNumber(1, 256).optional().describe("1 unless told."),
	bootDelay: duration({ maxUs: 3_600_000_000 }).optional().describe("From a restart to the first line of its programs; 100ms unless told."),
	clock: clockSchema.optional(),
	disk: diskSchema.optional(),
	services: z.array(serviceUse, { error: "expected a list of services" }).max(16, atMost(16)).optional(),
	position: point.optional().describe("Where it is drawn, from [0, 0] at the top left to [1, 1]."),
	positions: fields({ from: point, to: point }).optional().describe("Where the nodes of a group are drawn: evenly along a line."),
});
export type NodeFile = z.output<typeof nodeSchema>;

const linkEnd = z.union([target, z.array(target).min(1)], { error: "expected a name, a glob such as web-*, a @region, or a list of these" });
const between = z.tuple([linkEnd, linkEnd], { error: "expected the two ends, such as [balancer, web-*]" });
const linkShape = {
	between: between.describe("Two ends; a glob, a @region or a list makes a link for every pair."),
	...physicsShape,
	forward: physicsSchema.optional().describe("What is different from the first end to the second."),
	backward: physicsSchema.optional().describe("What is different from the second end to the first."),
};

export const linkSchema = fields(linkShape).meta({ id: "link" });
export type LinkFile = z.output<typeof linkSchema>;

export const storyLine = z.string({ error: "expected a line such as 6s crash web-3" });
const story = z.array(storyLine, { error: "expected a list of lines such as 6s crash web-3" }).max(storyLinesMax, atMost(storyLinesMax));

export const checkSchema = fields({
	id,
	expression: z.string({ error: "expected a check such as maxUtilisation <= 0.8" }),
	shows: sentence.describe("What holds when the check holds, in a sentence."),
});

const parameterShape = { name, title };
const flag = z.boolean({ error: "expected true or false" });
const anyNumber = z.number({ error: "expected a number" });
const wholeAny = z.int({ error: "expected a whole number" });
/** Durations of parameters stay texts: they are put into the file where they are named. */
const durationText = z
	.string({ error: "expected a duration with its unit, such as 5ms or 2s" })
	.regex(/^\d+(\.\d+)?(us|µs|ms|s|min|h|d)$/, { error: "expected a duration with its unit, such as 5ms or 2s" });

export const parameterSchema = z.discriminatedUnion(
	"type",
	[
		fields({ ...parameterShape, type: z.literal("integer"), min: wholeAny, max: wholeAny, default: wholeAny }),
		fields({ ...parameterShape, type: z.literal("number"), min: anyNumber, max: anyNumber, default: anyNumber }),
		fields({ ...parameterShape, type: z.literal("duration"), min: durationText, max: durationText, default: durationText }),
		fields({
			...parameterShape,
			type: z.literal("choice"),
			choices: z.array(z.string(), { error: "expected a list of words" }).min(1).max(50, atMost(50)),
			default: z.string({ error: "expected one of the choices" }),
		}),
		fields({ ...parameterShape, type: z.literal("boolean"), default: flag }),
	],
	{ error: "expected a parameter of type integer, number, choice, duration or boolean" },
);
export type ParameterFile = z.output<typeof parameterSchema>;

const parameterValue = z.union([z.number(), z.string(), z.boolean()], { error: "expected a number, a text, true or false" });

export const variantSchema = fields({
	id,
	title,
	breaks: id.describe("The id of the check that this variant is there to break."),
	parameters: z.record(z.string(), parameterValue).optional().describe("Other values of parameters."),
	services: z
		.array(fields({ nodes: target, service: z.string({ error: "expected the name of a service" }), config }))
		.max(100, atMost(100))
		.optional()
		.describe("Options laid over those of a service; null takes an option away."),
	links: z.array(linkSchema).max(100, atMost(100)).optional().describe("Properties laid over those of links that are there."),
	story: story.optional().describe("Replaces the story."),
	addStory: story.optional().describe("Adds to the story."),
});
export type VariantFile = z.output<typeof variantSchema>;

function section<Schema extends z.ZodType>(schema: Schema, name: keyof typeof entriesMax) {
	return z.array(schema, { error: "expected a list" }).max(entriesMax[name], atMost(entriesMax[name]));
}

const headShape = {
	format: z.literal(1, { error: "expected format 1, the only one there is" }).optional(),
	id,
	version: wholeNumber(1, 1_000_000).optional().describe("Raised by the author when the lab changes; 1 unless told."),
	title,
	shows: sentence.describe("What the lab shows, in one or two sentences."),
	topic: z
		.enum(labTopics, { error: `expected one of ${labTopics.join(", ")}` })
		.optional()
		.describe("The heading it stands under where labs are listed; under the last of all unless told."),
	place: wholeNumber(1, 1_000).optional().describe("Where it stands under its topic; after those that have a place unless told."),
	duration: duration({ minUs: 1, maxUs: yearUs }).describe("How long a run is, in the time of the lab."),
	exploreRaces: flag.optional().describe("Lets the seed decide the order of what happens at one instant."),
};

/** What stands above the sections. */
export const headSchema = fields(headShape);
export type HeadFile = z.output<typeof headSchema>;

const sectionShape = {
	parameters: section(parameterSchema, "parameters").optional(),
	regions: section(regionSchema, "regions").optional(),
	switches: section(switchSchema, "switches").optional(),
	nodes: section(nodeSchema, "nodes").min(1, { error: "expected at least one node" }),
	links: section(linkSchema, "links").optional(),
	story: story.optional(),
	checks: section(checkSchema, "checks").optional(),
	variants: section(variantSchema, "variants").optional(),
};

export const headKeys: readonly string[] = Object.keys(headShape);
export const sectionKeys: readonly string[] = Object.keys(sectionShape);

/** The whole file: the published JSON Schema is made from this. */
export const labSchema = fields({ ...headShape, ...sectionShape }).describe("A Quorate lab");
