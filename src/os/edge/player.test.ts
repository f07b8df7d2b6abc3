import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, service, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { Fact, Message, NodeContext, PlainValue } from "../../core/node-api.ts";
import { encode } from "../../shared/codec.ts";
import { contentFor, contentSum } from "../content.ts";
import { type HttpRequest, requestMessage } from "../http/contract.ts";
import { type PlayedFact, playedFact, playerInvariants } from "./checks.ts";
import { healthPath, parseFilmPath } from "./contract.ts";
import { renditionBytes } from "./film.ts";
import { nameServiceDefinition } from "./name-service.ts";
import { playerDefinition } from "./player.ts";
import { playerClientNames, playFilm, stopFilm } from "./player-client.ts";

const second = 1_000_000;
const segments = 20;
const bytes = 500;

/**
 * A server of films that does as it is told: takes `delayUs` over each piece, sends other bytes than it should
 * for `lies` first answers, and counts whom it served.
 */
const studio = service("studio", [requestMessage, "studio.work"], (ctx: NodeContext, config: never) => {
	const { delayUs = 1_000, lies = 0, poorer = 0, manifest } = (config ?? {}) as { delayUs?: number; lies?: number; poorer?: number; manifest?: PlainValue };
	let lied = 0;
	const rendition = (segmentBytes: number) => ({
		segmentBytes,
		checksums: Array.from({ length: segments }, (_, segment) => contentSum(contentFor("movie", segment, segmentBytes))),
	});
	const bytesOf = (number: number): number => renditionBytes({ segmentBytes: bytes }, number);
	const film = { segments, segmentUs: second, ...rendition(bytes), poorer: Array.from({ length: poorer }, (_, n) => rendition(bytesOf(n + 1))) };
	const content = (path: string): Uint8Array | undefined => {
		const parsed = parseFilmPath(path);
		if (parsed?.film !== "movie") return undefined;
		if (parsed.part === "manifest") return encode(manifest ?? film);
		const data = contentFor("movie", parsed.part, bytesOf(parsed.rendition));
		if (lied++ < lies) data[0] = (data[0] as number) ^ 255;
		return data;
	};
	return {
		on: {
			*[requestMessage](message: Message<HttpRequest>) {
				if (message.body.path === healthPath) return ctx.reply(message, { status: 200 });
				yield* ctx.sleep(delayUs, "studio.work");
				const data = content(message.body.path);
				ctx.reply(message, data === undefined ? { status: 404 } : { status: 200, content: { data, hops: [] } });
			},
		},
	};
});

interface World {
	readonly player?: { readonly [key: string]: PlainValue };
	readonly names?: { readonly [key: string]: PlainValue };
	readonly studio?: { readonly [key: string]: PlainValue };
	readonly story?: readonly (readonly [number, string])[];
	readonly untilUs?: number;
	/** Of the lines between the laptop and the doors. */
	readonly bitsPerSecond?: number;
}

const regions = ["chicago", "ohio"];

function run({ player = {}, names = {}, studio: studioConfig = {}, story, untilUs = 40 * second, bitsPerSecond = 0 }: World) {
	const own = registryOf(playerDefinition, nameServiceDefinition, studio);
	const door: TinyNode = { services: [{ service: "studio", config: studioConfig }] };
	const nodes: { readonly [name: string]: TinyNode } = {
		laptop: { region: 0, services: [{ service: "player", config: player }] },
		names: { region: 1, services: [{ service: "name-service", config: { servers: "*-door", healthPeriod: "200ms", ttl: "1s", ...names } }] },
		"chicago-door": { region: 0, ...door },
		"ohio-door": { region: 1, ...door },
	};
	const nodeNames = Object.keys(nodes);
	const links = nodeNames.flatMap((a, i) =>
		nodeNames.slice(i + 1).map((b) => ({ a, b, ...(a === "laptop" && b !== "names" ? { physics: { bitsPerSecond, queueBytes: 100_000 } } : {}) })),
	);
	const plan = tinyPlan({ nodes, regions, story: story ?? [[second, 'ask laptop "play movie"']], untilUs, links }, own);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs });
	const facts = (name: string) => list.of("factStated", "laptop").filter(({ fields }) => fields.name === name);
	const measured = (name: string) =>
		list
			.of("measured", "laptop")
			.filter(({ fields }) => fields.name === name)
			.map(({ fields }) => fields.value as number);
	const played = facts(playedFact).map(({ atUs, body }) => ({ atUs, ...(body as PlayedFact) }));
	const states = facts("player.state").map(({ atUs, body }) => ({
		atUs,
		...(body as { phase: string; bufferedUs: number; positionUs: number; server: string; play: string }),
	}));
	const requests = list.of("messageSent", "laptop").filter(({ fields }) => fields.name === requestMessage);
	const answers = list.of("answered", "laptop").map(({ body }) => body);
	const exceptions = list.of("nodeCrashed").filter(({ fields }) => fields.reason === "exception");
	expect(exceptions.map(({ body }) => body)).toEqual([]);
	return { list, facts, measured, played, states, requests, answers };
}

const crash = [
	[second, 'ask laptop "play movie"'],
	[8 * second, "crash chicago-door"],
] as const;

describe("a film", () => {
	test("is played piece after piece, one a second, to its end", () => {
		const { played, measured, states, answers } = run({});
		expect(played.map(({ segment }) => segment)).toEqual(Array.from({ length: segments }, (_, segment) => segment));
		const gaps = played.slice(1).map(({ atUs }, index) => atUs - (played[index]?.atUs ?? 0));
		expect(new Set(gaps)).toEqual(new Set([second]));
		expect(states.at(-1)).toMatchObject({ phase: "finished", positionUs: segments * second });
		expect([measured("player.playedSeconds"), measured("player.stalledMs")]).toEqual([[segments], [0]]);
		expect(answers).toEqual(["movie is playing, 20 s"]);
	});

	test("begins once there is as much as `startAfter` says", () => {
		const [soon, late] = ["1s", "4s"].map(
			(startAfter) => run({ player: { startAfter }, studio: { delayUs: 100_000 } }).measured("player.startMs")[0] as number,
		);
		// Two at a time, a tenth of a second each: the first comes alone, with the manifest before it.
		expect(soon).toBeGreaterThan(200);
		expect(soon).toBeLessThan(230);
		expect(late).toBeGreaterThan(400);
		expect(late).toBeLessThan(440);
	});

	test("is fetched ahead as far as the buffer goes, and no farther", () => {
		const { states, list } = run({ player: { buffer: "5s" } });
		const most = Math.max(...states.map(({ bufferedUs }) => bufferedUs));
		// The piece in the picture, and five more.
		expect(most).toBeGreaterThan(5 * second);
		expect(most).toBeLessThanOrEqual(6 * second);
		const asked = list.of("messageSent", "laptop").filter(({ atUs, fields }) => fields.name === requestMessage && atUs < 2 * second);
		expect(asked).toHaveLength(1 + 6);
	});

	test("goes on from another server where the first one died, without a second look at what was seen", () => {
		const { played, states, measured, requests } = run({ story: crash });
		expect(played.map(({ segment }) => segment)).toEqual(Array.from({ length: segments }, (_, segment) => segment));
		expect(measured("player.stalledMs")).toEqual([0]);
		expect(states.at(-1)).toMatchObject({ phase: "finished", server: "ohio-door" });
		const paths = requests.map(({ body }) => (body as { path: string }).path);
		// What was on its way when the server died, and what was tried until the name meant another, is asked again.
		expect(paths.length - new Set(paths).size).toBeGreaterThan(0);
		expect(paths.length - new Set(paths).size).toBeLessThan(10);
	});

	test("whose buffer is shorter than finding another server takes stands still for just the difference", () => {
		const { measured, facts, states } = run({ player: { buffer: "1s", startAfter: "1s" }, story: crash });
		const [stalledMs] = measured("player.stalledMs").slice(-1);
		expect(stalledMs).toBeGreaterThan(300);
		expect(stalledMs).toBeLessThan(3_000);
		const stalls = facts("player.stall").map(({ body }) => body as { us: number });
		expect(Math.ceil(stalls.reduce((sum, { us }) => sum + us, 0) / 1_000)).toBe(stalledMs);
		const began = states.find(({ phase }) => phase === "stalled")?.atUs ?? 0;
		const wentOn = states.find(({ phase, atUs }) => phase === "playing" && atUs > began)?.atUs ?? 0;
		expect(wentOn - began).toBe(stalls[0]?.us);
	});

	test("stands still until its server is back when the player looks for no other", () => {
		const { states, measured } = run({ player: { failover: "off" }, story: [...crash, [20 * second, "restart chicago-door"]] });
		expect(states.at(-1)).toMatchObject({ phase: "finished", server: "chicago-door" });
		expect(measured("player.stalledMs").at(-1)).toBeGreaterThan(5_000);
	});

	test("is not held up by a long time to live when an answer names two servers", () => {
		const long = { ttl: "1h" };
		expect(run({ names: long, story: crash }).states.at(-1)?.phase).toBe("stalled");
		const two = run({ names: { ...long, answers: 2 }, story: crash });
		expect(two.states.at(-1)).toMatchObject({ phase: "finished", server: "ohio-door" });
		expect(two.measured("player.stalledMs")).toEqual([0]);
	});

	test("shows no byte that is not the film's, however often a server sends others", () => {
		const { played, facts, list } = run({ studio: { lies: 5 } });
		expect(played.map(({ checksum }) => checksum)).toEqual(Array.from({ length: segments }, (_, segment) => contentSum(contentFor("movie", segment, bytes))));
		expect(facts("player.piece").some(({ body }) => (body as { tries: number }).tries > 1)).toBe(true);
		expect(list.of("factStated", "laptop").length).toBeGreaterThan(0);
	});

	test("is given up when nobody answers for as long as patience lasts", () => {
		const { states, measured } = run({ player: { patience: "12s" }, story: [...crash, [8 * second, "crash ohio-door"]] });
		expect(states.at(-1)?.phase).toBe("failed");
		// Seven seconds were seen, six are in the buffer, and one is in the picture: then it stands still until patience ends.
		const [playedSeconds = 0] = measured("player.playedSeconds");
		expect(playedSeconds).toBeGreaterThanOrEqual(13);
		expect(playedSeconds).toBeLessThanOrEqual(14);
		expect(measured("player.stalledMs").at(-1)).toBeGreaterThan(4_000);
		expect(measured("player.stalledMs").at(-1)).toBeLessThan(8_000);
	});
});

/** Pieces of 500 bytes, 250 and 125: with their headers some 4.7, 2.7 and 1.7 kbit a second. */
describe("a film in several renditions", () => {
	const studioOf = { poorer: 2, delayUs: 10_000 };
	const sizes = (world: World): readonly number[] => run({ studio: studioOf, ...world }).played.map((piece) => piece.bytes);

	test("begins with the poorest and is at its best once the buffer is full, and stays so", () => {
		const shown = sizes({});
		expect(shown).toHaveLength(segments);
		expect(shown[0]).toBe(125);
		expect(shown.slice(7)).toEqual(Array.from({ length: segments - 7 }, () => bytes));
		// While the buffer fills it never gets poorer.
		expect(shown).toEqual([...shown].sort((a, b) => a - b));
	});

	test("goes on, poorer, where the line would not carry the best of them; with one bit rate it stands still", () => {
		const thin: World = { bitsPerSecond: 4_000, player: { tryTimeout: "8s", parallel: 1 }, untilUs: 60 * second };
		const { played, measured, states } = run({ studio: studioOf, ...thin });
		expect(measured("player.stalledMs")).toEqual([0]);
		expect(states.at(-1)?.phase).toBe("finished");
		expect(new Set(played.map((piece) => piece.bytes)).size).toBeGreaterThan(1);
		const mean = played.reduce((sum, piece) => sum + piece.bytes, 0) / segments;
		expect(mean).toBeGreaterThan(130);
		expect(mean).toBeLessThan(450);
		const one = run({ studio: { poorer: 0, delayUs: 10_000 }, ...thin });
		expect(one.measured("player.stalledMs").at(-1)).toBeGreaterThan(1_000);
		const stubborn = run({ studio: studioOf, ...thin, player: { ...thin.player, adapt: "off" } });
		expect(stubborn.measured("player.stalledMs").at(-1)).toBeGreaterThan(1_000);
	});

	test("drops in quality while another server is looked for, and comes back", () => {
		const { played, measured } = run({ studio: studioOf, story: crash, names: { healthPeriod: "800ms", ttl: "2s" } });
		expect(measured("player.stalledMs")).toEqual([0]);
		const shown = played.map((piece) => piece.bytes);
		const dropped = shown.findIndex((size, segment) => segment > 7 && size < bytes);
		expect(dropped).toBeGreaterThan(7);
		expect(shown.slice(dropped).some((size) => size === bytes)).toBe(true);
	});

	test("tells its rate when it changes, and each piece how rich it is", () => {
		const { measured, facts } = run({ studio: studioOf });
		expect(measured("player.kilobitsPerSecond")).toEqual([1, 2, 4]);
		const pieces = facts("player.piece").map(({ body }) => body as { rendition: number; kilobitsPerSecond: number });
		expect(pieces[0]).toMatchObject({ rendition: 2, kilobitsPerSecond: 1 });
		expect(pieces.at(-1)).toMatchObject({ rendition: 0, kilobitsPerSecond: 4 });
	});
});

describe("at the keyboard", () => {
	test("a film that is not there, a name that is none, and nonsense are answered", () => {
		const lines = ["play opera", "play ../etc", "play", "dance", "status", "stop"];
		const { answers } = run({ story: lines.map((line, index) => [(index + 1) * second, `ask laptop ${JSON.stringify(line)}`] as const) });
		expect(answers).toEqual([
			"opera cannot be played: it is not there, or nobody answers",
			"a film's name is letters, digits, - and _",
			'the player answers "play FILM", "stop" and "status"',
			'the player answers "play FILM", "stop" and "status"',
			expect.stringMatching(/^opera: failed at 0 s/),
			"opera is stopped",
		]);
	});

	test("stop ends a film, and play begins it again from the start", () => {
		const story = [
			[second, 'ask laptop "play movie"'],
			[5 * second, 'ask laptop "stop"'],
			[6 * second, 'ask laptop "play movie"'],
		] as const;
		const { states, played, measured } = run({ story });
		expect(states.some(({ phase, play }) => phase === "stopped" && play === "1.1")).toBe(true);
		const second2 = played.filter(({ play }) => play === "1.2").map(({ segment }) => segment);
		expect(second2).toEqual(Array.from({ length: segments }, (_, segment) => segment));
		expect(played.filter(({ play, atUs }) => play === "1.1" && atUs > 5 * second)).toEqual([]);
		expect(measured("player.playedSeconds")).toEqual([3, segments]);
	});

	test("play while a film is on begins the other in its place", () => {
		const story = [
			[second, 'ask laptop "play movie"'],
			[5 * second, 'ask laptop "play movie"'],
		] as const;
		const { played, states } = run({ story });
		expect(played.filter(({ play, atUs }) => play === "1.1" && atUs > 5 * second)).toEqual([]);
		expect(states.at(-1)).toMatchObject({ phase: "finished", play: "1.2" });
	});
});

test.each([
	["no encoding", new Uint8Array([193])],
	["another shape", { segments: -1 }],
	["a million pieces", { segments: 1_000_000, segmentUs: 1, segmentBytes: 1, checksums: [] }],
])("a manifest that is %s begins nothing", (_, manifest) => {
	const { answers } = run({ studio: { manifest: manifest as PlainValue }, player: { patience: "2s" } });
	expect(answers).toEqual(["movie cannot be played: it is not there, or nobody answers"]);
});

test("another program of the machine has a film played and stopped; on a machine without a player it is told so", () => {
	const said: unknown[] = [];
	const remote = service("remote", [...playerClientNames, "remote.pause"], (ctx) => ({
		*boot() {
			yield* ctx.sleep(second, "remote.pause");
			said.push([ctx.self.name, yield* playFilm(ctx, "movie")]);
			yield* ctx.sleep(3 * second, "remote.pause");
			said.push([ctx.self.name, yield* stopFilm(ctx)]);
		},
	}));
	const own = registryOf(playerDefinition, nameServiceDefinition, studio, remote);
	const nodes: { readonly [name: string]: TinyNode } = {
		laptop: { region: 0, services: ["remote", "player"] },
		other: { region: 0, services: ["remote"] },
		names: { region: 1, services: [{ service: "name-service", config: { servers: "ohio-door" } }] },
		"ohio-door": { region: 1, services: ["studio"] },
	};
	const plan = tinyPlan({ nodes, regions, untilUs: 10 * second }, own);
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(own) });
	kernel.advance({ untilUs: plan.untilUs });
	expect(said).toContainEqual(["other", { ok: false, text: "there is no player on this machine" }]);
	expect(said).toContainEqual(["laptop", { ok: true, text: "movie is playing, 20 s" }]);
	expect(said).toContainEqual(["laptop", { ok: true, text: "movie is stopped" }]);
});

describe("the promise of the true film", () => {
	const [invariant] = playerInvariants;
	const played = (segment: number, over: Partial<PlayedFact> = {}): Fact => ({
		node: "laptop",
		name: playedFact,
		value: { film: "movie", play: "1.1", segment, segments, bytes, checksum: contentSum(contentFor("movie", segment, bytes)), ...over },
		atUs: 9,
	});

	function judge(...facts: readonly Fact[]): string | null {
		const fold = invariant?.start();
		return facts.reduce((said: string | null, fact) => said ?? fold?.onFact(fact) ?? null, null);
	}

	test("holds for a film in order, and for one begun anew", () => {
		expect(judge(played(0), played(1), played(2), played(0, { play: "1.2" }), played(3))).toBeNull();
	});

	test.each([
		["left out", [played(0), played(2)], "laptop showed piece 2 of movie at 9us, and piece 1 was due"],
		["twice", [played(0), played(0)], "laptop showed piece 0 of movie at 9us, and piece 1 was due"],
		["of other bytes", [played(0, { checksum: 1 })], "piece 0 of movie, as laptop showed it at 9us, is not what the origin has"],
	])("is broken by a piece %s", (_, facts, complaint) => {
		expect(judge(...facts)).toBe(complaint);
	});
});
