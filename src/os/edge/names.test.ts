import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { Message, NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { requestMessage } from "../http/contract.ts";
import { resolveMessage } from "./contract.ts";
import { nameServiceDefinition } from "./name-service.ts";
import { Resolver, resolverNames } from "./resolver.ts";

const second = 1_000_000;
const regions = ["chicago", "ohio", "texas", "tokyo", "nowhere"];

/** Answers everything with 200. */
const door = service("door", [requestMessage], (ctx) => ({ on: { [requestMessage]: (message: Message) => ctx.reply(message, { status: 200 }) } }));

interface World {
	readonly names?: { readonly [key: string]: PlainValue };
	readonly doors?: readonly string[];
	readonly story?: readonly (readonly [number, string])[];
	readonly untilUs?: number;
	/** Runs at `asker`, in Chicago unless told otherwise. */
	readonly script: (ctx: NodeContext, resolver: Resolver) => Task;
	readonly askerRegion?: string;
}

function run({ names = {}, doors = ["chicago", "ohio", "tokyo"], story = [], untilUs = 20 * second, script, askerRegion = "chicago" }: World) {
	const asker = service("asker", [...resolverNames, "asker.pause"], (ctx) => ({
		boot: () => script(ctx, new Resolver(ctx, { name: "movies", timeoutUs: 200_000 })),
	}));
	const own = registryOf(asker, door, nameServiceDefinition);
	const region = (name: string): number => regions.indexOf(name);
	const nameServer: TinyNode = {
		region: region("ohio"),
		services: [{ service: "name-service", config: { servers: "*-door", healthPeriod: "200ms", ...names } }],
	};
	const nodes: { readonly [name: string]: TinyNode } = {
		asker: { region: region(askerRegion), services: ["asker"] },
		"names-1": nameServer,
		"names-2": nameServer,
		...Object.fromEntries(doors.map((name): [string, TinyNode] => [`${name}-door`, { region: region(name), services: ["door"] }])),
	};
	const plan = tinyPlan({ nodes, regions, story, untilUs }, own);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs });
	const asked = list.of("messageSent", "asker").filter(({ fields }) => fields.name === resolveMessage);
	return { list, asked, kernel };
}

/** What is said at these instants; asks a fresh resolver's cache each time. */
function sayAt(
	atUs: readonly number[],
	said: (readonly string[])[],
	resolverOf: (ctx: NodeContext, resolver: Resolver) => Resolver = (_, resolver) => resolver,
) {
	return function* (ctx: NodeContext, resolver: Resolver): Task {
		for (const us of atUs) {
			yield* ctx.sleep(Math.max(1, us - ctx.monoUs()), "asker.pause");
			said.push(yield* resolverOf(ctx, resolver).addresses());
		}
	};
}

const always = (ctx: NodeContext): Resolver => new Resolver(ctx, { name: "movies", timeoutUs: 200_000 });

describe("a name", () => {
	test.each([
		["chicago", ["chicago-door", "ohio-door", "tokyo-door"]],
		["texas", ["chicago-door", "ohio-door", "tokyo-door"]],
		["ohio", ["ohio-door", "chicago-door", "tokyo-door"]],
		["tokyo", ["tokyo-door", "chicago-door", "ohio-door"]],
	])("asked from %s means the nearest first", (askerRegion, addresses) => {
		const said: (readonly string[])[] = [];
		run({ names: { answers: 3 }, askerRegion, script: sayAt([second], said), untilUs: 2 * second });
		expect(said).toEqual([addresses]);
	});

	test("asked from nowhere on the map, or with `any`, means them in the order of the lab", () => {
		const said: (readonly string[])[] = [];
		run({ doors: ["tokyo", "ohio"], names: { answers: 2 }, askerRegion: "nowhere", script: sayAt([second], said), untilUs: 2 * second });
		run({ doors: ["tokyo", "ohio"], names: { answers: 2, choose: "any" }, script: sayAt([second], said), untilUs: 2 * second });
		expect(said).toEqual([
			["tokyo-door", "ohio-door"],
			["tokyo-door", "ohio-door"],
		]);
	});

	test("that nobody has given means nothing", () => {
		const heard: unknown[] = [];
		run({
			*script(ctx) {
				yield* ctx.sleep(second, "asker.pause");
				for (const body of [{ name: "books" }, null, "movies", { name: 7 }]) {
					const result = yield* ctx.call("names-1", resolveMessage, body as PlainValue, { timeoutUs: second });
					heard.push(result.ok && result.body);
				}
			},
		});
		expect(heard).toEqual(Array.from({ length: 4 }, () => ({ addresses: [], ttlUs: 2 * second })));
	});

	test("of servers that are not on the map is a mistake that says so", () => {
		const { list } = run({ doors: ["nowhere"], script: sayAt([], []) });
		expect(String(list.of("nodeCrashed", "names-1")[0]?.body)).toContain('nowhere-door is in region "nowhere", which is not on the map');
	});
});

describe("a server that dies", () => {
	const story = [
		[5 * second, "crash chicago-door"],
		[12 * second, "restart chicago-door"],
	] as const;
	// Two checks in a row have to fail: two periods and a timeout. Two have to succeed: boot and two periods.
	const detectedUs = 5 * second + 2 * 200_000 + 200_000;

	test("is not named any more once its checks have failed, and named again when they succeed", () => {
		const said: (readonly string[])[] = [];
		run({ story, script: sayAt([4.9 * second, detectedUs + 10_000, 11.9 * second, 13 * second], said, always) });
		expect(said).toEqual([["chicago-door"], ["ohio-door"], ["ohio-door"], ["chicago-door"]]);
	});

	test("is believed in for as long as the last answer may be, and not a moment longer", () => {
		const said: (readonly string[])[] = [];
		const steps = Array.from({ length: 60 }, (_, index) => 4.5 * second + index * 100_000);
		run({ story, names: { ttl: "2s" }, script: sayAt(steps, said) });
		const lastUs = steps[said.findLastIndex(([address]) => address === "chicago-door")] as number;
		expect(lastUs).toBeGreaterThan(5 * second);
		expect(lastUs).toBeLessThan(detectedUs + 2 * second);
	});

	test("is not named before it was ever seen well", () => {
		const said: (readonly string[])[] = [];
		run({ story: [[1, "crash chicago-door"]], script: sayAt([100_000], said) });
		expect(said).toEqual([["ohio-door"]]);
	});

	test("goes on being named by a name service that does not look", () => {
		const said: (readonly string[])[] = [];
		run({ story, names: { healthChecks: "off" }, script: sayAt([9 * second], said) });
		expect(said).toEqual([["chicago-door"]]);
	});

	test("leaves nobody when all have died: the name means no address", () => {
		const said: (readonly string[])[] = [];
		run({ story: [[5 * second, "crash chicago-door ohio-door tokyo-door"]], script: sayAt([8 * second], said) });
		expect(said).toEqual([[]]);
	});
});

describe("two name servers", () => {
	test("say the same, but for the time that it takes to notice", () => {
		const answers: { readonly atUs: number; readonly said: readonly PlainValue[] }[] = [];
		const story = [[5_130_000, "crash chicago-door"] as const];
		run({
			story,
			untilUs: 9 * second,
			*script(ctx) {
				for (let step = 0; step < 70; step++) {
					yield* ctx.sleep(100_000, "asker.pause");
					const said: PlainValue[] = [];
					for (const server of ["names-1", "names-2"]) {
						const result = yield* ctx.call(server, resolveMessage, { name: "movies" }, { timeoutUs: 50_000 });
						said.push(result.ok ? result.body : null);
					}
					answers.push({ atUs: ctx.monoUs(), said });
				}
			},
		});
		const settled = answers.filter(({ atUs }) => atUs > 500_000 && (atUs < 5_130_000 || atUs > 5_130_000 + 600_000));
		expect(settled.length).toBeGreaterThan(50);
		for (const { said } of settled) expect(said[0]).toEqual(said[1]);
	});

	test("stand in for each other", () => {
		const said: (readonly string[])[] = [];
		const { asked } = run({ names: { ttl: "100ms" }, story: [[2 * second, "crash names-1"]], script: sayAt([second, 3 * second, 4 * second], said) });
		expect(said).toEqual([["chicago-door"], ["chicago-door"], ["chicago-door"]]);
		// The silent one is asked once, and then the other first.
		expect(asked.map(({ fields }) => fields.to)).toEqual(["names-1", "names-1", "names-2", "names-2"]);
	});

	test("both silent leave the last answer, however old", () => {
		const said: (readonly string[])[] = [];
		run({ names: { ttl: "100ms" }, story: [[2 * second, "crash names-1 names-2"]], script: sayAt([second, 5 * second], said) });
		expect(said).toEqual([["chicago-door"], ["chicago-door"]]);
	});
});

describe("a resolver", () => {
	test("asks once in a time to live, however often it is asked", () => {
		const said: (readonly string[])[] = [];
		const steps = Array.from({ length: 100 }, (_, index) => second + index * 50_000);
		const { asked } = run({ names: { ttl: "1s" }, script: sayAt(steps, said), untilUs: 7 * second });
		expect(said).toHaveLength(100);
		expect(asked.length).toBeGreaterThanOrEqual(5);
		expect(asked.length).toBeLessThanOrEqual(6);
	});

	test("asks once for all who want to know at a time", () => {
		const said: (readonly string[])[] = [];
		const { asked } = run({
			*script(ctx, resolver) {
				yield* ctx.sleep(second, "asker.pause");
				function* one(): Task {
					said.push(yield* resolver.addresses());
				}
				for (let n = 0; n < 20; n++) ctx.spawn(one());
			},
		});
		expect(said).toHaveLength(20);
		expect(said.every(([address]) => address === "chicago-door")).toBe(true);
		expect(asked).toHaveLength(1);
	});
});
