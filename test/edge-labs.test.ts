/**
 * The labs of sessions and of streaming: what a variant breaks is due to what it takes away and not to its story,
 * what is no mistake breaks nothing, and a film's way is the way that the lab tells of.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CheckBoard } from "../src/core/checks/create-check-folds.ts";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { belowOf, Philox } from "../src/core/random.ts";
import type { AnsweredFact } from "../src/os/carts/checks.ts";
import { distanceKm, type Place, placeOf, propagationUs } from "../src/os/edge/places.ts";
import { registry } from "../src/os/registry.ts";
import { compileLab, type LabOverrides } from "../src/shared/lab/compile.ts";
import { EdgeFaults, regions } from "./support/edge-faults.ts";
import { EventList } from "./support/event-list.ts";

const seeds = [1, 2, 3];

function textOf(lab: string): string {
	return readFileSync(new URL(`../resources/labs/${lab}/lab.yaml`, import.meta.url), "utf8");
}

function run(lab: string, seed: number, overrides: LabOverrides = {}, { text = textOf(lab), listed = false } = {}) {
	const { plan } = compileLab({ text, fileName: `${lab}/lab.yaml`, services: registry.values(), overrides });
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const board = new CheckBoard(plan, registry);
	const list = new EventList(plan);
	kernel.log.observe(board);
	if (listed) kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	return { plan, list, failures: board.verdicts(plan.untilUs).flatMap(({ id, ok }) => (ok ? [] : [id])) };
}

describe("shopping-cart", () => {
	test.each([
		["the database, and any server", { sticky: "off" }],
		["the database, and two tabs", { tabs: "2" }],
		["the database, and four tabs and any server", { tabs: "4", sticky: "off" }],
		["another victim", { victim: "web-3" }],
		["many shoppers", { shoppers: "60" }],
	])("every check holds with %s", (_, parameters) => {
		for (const seed of [1, 2]) expect(run("shopping-cart", seed, { parameters }).failures).toEqual([]);
	});

	const calm = (text: string): string => withStory(text, ["1s heal all"]);

	test("memory loses nothing while nobody dies and everybody keeps their server", () => {
		const text = calm(textOf("shopping-cart"));
		for (const seed of seeds) expect(run("shopping-cart", seed, { parameters: { carts: "memory" } }, { text }).failures).toEqual([]);
	});

	test("the last writer loses nobody's things with one tab, and two tabs lose nothing with compare-and-set", () => {
		const text = calm(textOf("shopping-cart"));
		for (const seed of seeds) {
			expect(run("shopping-cart", seed, { parameters: { write: "last-writer-wins" } }, { text }).failures).toEqual([]);
			expect(run("shopping-cart", seed, { parameters: { tabs: "2" } }, { text }).failures).toEqual([]);
		}
	});

	/** What each shopper was told last, by cart. */
	function lastAnswers(parameters: LabOverrides["parameters"]): ReadonlyMap<string, AnsweredFact> {
		const { list } = run("shopping-cart", 3, { parameters: parameters ?? {} }, { listed: true });
		const facts = list.of("factStated", "shoppers").map(({ body }) => body as AnsweredFact);
		return new Map(facts.map((fact) => [fact.key, fact]));
	}

	test("of one crash and one seed, the shoppers of the dead server lose their things in memory, and none in the database", () => {
		const memory = lastAnswers({ carts: "memory" });
		const database = lastAnswers({ carts: "database" });
		expect([...memory.keys()].sort()).toEqual([...database.keys()].sort());
		const losers = [...memory.values()].filter(({ lost }) => lost.length > 0);
		expect(losers.length).toBeGreaterThan(1);
		expect(losers.length).toBeLessThan(memory.size);
		for (const { key, items, lost } of losers) {
			// The same things were wanted, in the same order: what memory has kept and lost is what the database shows.
			expect([...items, ...lost].sort()).toEqual([...(database.get(key)?.items ?? [])].sort());
			expect(database.get(key)?.lost).toEqual([]);
		}
	});
});

describe("movie-night", () => {
	test.each([
		["lfu", { cache: "lfu" }],
		["ttl", { cache: "ttl" }],
		["hardly any room", { capacityBytes: "8000" }],
		["no time to live at all", { ttl: "0s" }],
		["nobody else watching", { viewers: "0" }],
		["a short film", { filmSeconds: "10" }],
		["a rich picture that the line carries", { kilobitsPerSecond: "200", viewers: "0" }],
		["a line to Ohio that carries half of what all of them would like", { toOhio: "256kbit/s" }],
	])("the film never stops with %s", (_, parameters) => {
		expect(run("movie-night", 2, { parameters }).failures.filter((id) => id !== "origin-calm")).toEqual([]);
	});

	test("with a thin line to Ohio the film gets poorer when Chicago dies, and richer again when it is back; with one bit rate it stops", () => {
		for (const seed of seeds) {
			const { failures, list } = run("movie-night", seed, { parameters: { toOhio: "256kbit/s" } }, { listed: true });
			expect(failures).not.toContain("never-stops");
			const played = list.of("factStated", "laptop").filter(({ fields }) => fields.name === "player.played");
			const bytesBetween = (from: number, to: number): number[] =>
				played.flatMap(({ atUs, body }) => (atUs >= from * 1_000_000 && atUs < to * 1_000_000 ? [(body as { bytes: number }).bytes] : []));
			const mean = (list: readonly number[]): number => list.reduce((sum, bytes) => sum + bytes, 0) / list.length;
			expect(mean(bytesBetween(15, 30))).toBe(4_000);
			expect(mean(bytesBetween(33, 50))).toBeLessThan(3_000);
			expect(Math.max(...bytesBetween(55, 64))).toBe(4_000);
			expect(run("movie-night", seed, { variant: "one-picture" }).failures).toContain("never-stops");
		}
	});

	test("an answer with two addresses makes up for a long time to live", () => {
		const text = twoAddresses(textOf("movie-night"));
		for (const seed of seeds) expect(run("movie-night", seed, { variant: "long-ttl" }, { text }).failures).toEqual([]);
	});

	test("each cut is as long as light takes from place to place", () => {
		const { plan } = run("movie-night", 1, { untilUs: 1 });
		const place = (index: number): Place | undefined => placeOf(plan.switches[index - plan.nodes.length]?.name ?? "");
		const checked = plan.links.flatMap(({ a, b, forward }) => {
			const [from, to] = [place(a), place(b)];
			return from === undefined || to === undefined ? [] : [[forward.floorUs, propagationUs(distanceKm(from, to))]];
		});
		expect(checked).toHaveLength(3);
		for (const [floorUs, lightUs] of checked) expect(floorUs).toBe(lightUs);
	});

	test("from play to picture is one trace, hop by hop: name, door, edge, origin, and back", () => {
		const { list } = run("movie-night", 1, { untilUs: 6_000_000 }, { listed: true });
		const [press] = list.of("spanStarted", "laptop").filter(({ fields }) => fields.name === "player.play");
		const ofTrace = ({ fields }: { readonly fields: { readonly [field: string]: number | string } }): boolean =>
			fields.traceNode === press?.fields.traceNode && fields.traceSequence === press?.fields.traceSequence;
		const spans = list.of("spanStarted").filter(ofTrace);
		expect(spans.map(({ node, fields }) => `${node.replace(/-\d$/, "")} ${fields.name}`).sort()).toEqual([
			"chicago-edge edge.fetch",
			"chicago-edge edge.fetch",
			"chicago-edge edge.serve",
			"chicago-edge edge.serve",
			"laptop names.ask",
			"laptop player.play",
			"texas-origin origin.read",
			"texas-origin origin.read",
		]);
		const messages = list.of("messageSent").filter(ofTrace);
		const way = messages.map(({ node, fields }) => `${node.replace(/-\d$/, "")} > ${String(fields.to).replace(/-\d$/, "")}`);
		const film = ["laptop > chicago-door", "chicago-door > chicago-edge", "chicago-edge > texas-origin", "texas-origin > chicago-edge"];
		const back = ["chicago-edge > chicago-door", "chicago-door > laptop"];
		const [toNames, fromNames, ...rest] = way;
		expect([toNames, fromNames]).toEqual([expect.stringMatching(/^laptop > names/), expect.stringMatching(/^names.* > laptop$/)]);
		expect(rest).toEqual([...film, ...back, ...film, ...back]);
	});

	test("while Chicago is down Ohio serves, and when Chicago is back, Chicago", () => {
		const { list } = run("movie-night", 1, {}, { listed: true });
		const pieces = list.of("factStated", "laptop").filter(({ fields }) => fields.name === "player.piece");
		const servers = pieces.map(({ body }) => (body as { from: string }).from);
		const changes = servers.filter((server, index) => server !== servers[index - 1]);
		expect(changes).toEqual(["chicago-door", "ohio-door", "chicago-door"]);
		const tookOver = pieces.find(({ body }) => (body as { from: string }).from === "ohio-door");
		// Its health checks, the time to live and one timeout; and then the first piece.
		expect((tookOver?.atUs ?? 0) - 25_000_000).toBeLessThan(5_000_000);
	});
});

/** Purpose word of the draws that make a story; none of the kernel's. */
const storyPurpose = 98;

/** Crashes and pauses of these nodes, from the seed; all are over at `healUs`. */
function faultsOf(nodes: readonly string[], seed: number, { fromUs, healUs, faults }: { fromUs: number; healUs: number; faults: number }): readonly string[] {
	const philox = new Philox(seed);
	let draws = 0;
	const below = (count: number): number => {
		philox.draw(storyPurpose, ++draws, 0, 0);
		return belowOf(philox.w0, count);
	};
	const story: { readonly atUs: number; readonly line: string }[] = [];
	for (let fault = 0; fault < faults; fault++) {
		const node = nodes[below(nodes.length)] as string;
		const atUs = fromUs + below(healUs - fromUs - 10_000);
		const endUs = Math.min(healUs - 1_000, atUs + 1_000 + below(3_000_000));
		const [begin, end] = below(2) === 0 ? ["crash", "restart"] : ["pause", "resume"];
		story.push({ atUs, line: `${begin} ${node}` }, { atUs: endUs, line: `${end} ${node}` });
	}
	for (const node of nodes) story.push({ atUs: healUs, line: `resume ${node}` }, { atUs: healUs, line: `restart ${node}` });
	return story.sort((a, b) => a.atUs - b.atUs).map(({ atUs, line }) => `${atUs}us ${line}`);
}

const faultSeeds = Number(process.env.QUORATE_SEEDS ?? 12);
const fromSeed = (seeds: number): readonly number[] => Array.from({ length: seeds }, (_, index) => index + 1);

describe("whatever crashes and pauses, from seeds", () => {
	test("no cart in the database loses a thing, and all get as far as paying", () => {
		const nodes = ["web-1", "web-2", "web-3", "db-1", "db-2", "db-3", "door"];
		for (const seed of fromSeed(faultSeeds)) {
			const story = faultsOf(nodes, seed, { fromUs: 1_000_000, healUs: 12_000_000, faults: 8 });
			const text = withStory(textOf("shopping-cart"), story).replace("tries: 8", "tries: 100");
			const parameters = { tabs: String(1 + (seed % 2)), sticky: seed % 3 === 0 ? "off" : "cookie" };
			const { failures } = run("shopping-cart", seed, { parameters, untilUs: 40_000_000 }, { text });
			expect(
				failures.filter((id) => id !== "in-time"),
				`seed ${seed}: ${story.join("; ")}`,
			).toEqual([]);
		}
	});
});

/** Longer searches by `QUORATE_SEEDS`. */
const filmSeeds = Number(process.env.QUORATE_SEEDS ?? 24);

describe("whatever happens to a film's servers and lines, from seeds", () => {
	test("the film that is shown is the film, and once all is well it goes on to its end", () => {
		const { chicago, ohio } = regions;
		const everything = {
			machines: [...chicago.machines, ...ohio.machines, "names-texas", "texas-origin"],
			lines: [...chicago.lines, ...ohio.lines, "chicago texas", "ohio texas"],
		};
		for (const seed of fromSeed(filmSeeds)) {
			const { story } = new EdgeFaults(seed).strike(everything, { fromUs: 4_500_000, untilUs: 25_000_000, faults: 16, longestUs: 3_000_000 });
			const text = withStory(textOf("movie-night"), ['3s ask laptop "play movie"', ...story]);
			const parameters = {
				...{ filmSeconds: "30", viewers: "2", renditions: String(1 + (seed % 4)) },
				...{ buffer: seed % 2 === 0 ? "6s" : "1s", cache: seed % 3 === 0 ? "lfu" : "lru" },
			};
			const { failures } = run("movie-night", seed, { parameters, untilUs: 70_000_000 }, { text });
			expect(
				failures.filter((id) => id === "true-film" || id === "whole-film"),
				`seed ${seed}: ${story.join("; ")}`,
			).toEqual([]);
		}
	});

	test("the film never stops while one region lives, and the origin", () => {
		for (const seed of fromSeed(filmSeeds)) {
			const faults = new EdgeFaults(seed);
			// Name servers see nothing of a cut between the laptop and a region: against that it takes answers with two addresses.
			const halfway = seed % 2 === 0;
			const order = faults.below(2) === 0 ? (["chicago", "ohio", "chicago"] as const) : (["ohio", "chicago", "ohio"] as const);
			// Each region's turn lasts nine seconds; then all is well for eight, in which names are learnt and the buffer fills.
			for (const [turn, region] of order.entries())
				faults.strike(regions[region], {
					fromUs: 8_000_000 + turn * 17_000_000,
					untilUs: 17_000_000 + turn * 17_000_000,
					faults: 8,
					longestUs: 9_000_000,
					halfway,
				});
			const lab = halfway ? twoAddresses(textOf("movie-night")) : textOf("movie-night");
			const text = withStory(lab, ['3s ask laptop "play movie"', ...faults.story]);
			const { failures } = run("movie-night", seed, { parameters: { viewers: "2" }, untilUs: 75_000_000 }, { text });
			expect(
				failures.filter((id) => id === "never-stops" || id === "true-film" || id === "whole-film"),
				`seed ${seed}: ${faults.story.join("; ")}`,
			).toEqual([]);
		}
	});
});

function twoAddresses(text: string): string {
	return text.replaceAll("service: name-service\n        config: {", "service: name-service\n        config: { answers: 2,");
}

function withStory(text: string, story: readonly string[]): string {
	return text.replace(/story:\n( {2}- .*\n)+/, `story:\n${story.map((line) => `  - '${line}'\n`).join("")}`);
}
