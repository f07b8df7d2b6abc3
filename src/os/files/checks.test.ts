/** The promises are judged: each is broken here on purpose, by name, and seen; and what is no breach is none. */
import { describe, expect, test } from "vitest";
import { brokenIn, type FilesLab, runFiles, type Story } from "../../../test/support/files-run.ts";
import type { PlainValue } from "../../core/node-api.ts";
import { filesInvariants } from "./checks.ts";
import { facts } from "./facts.ts";

type Told = readonly [node: string, name: string, value: PlainValue];

/** @returns the first breach of one promise */
function judged(name: string, told: readonly Told[]): string | null {
	const fold = filesInvariants.find((invariant) => invariant.name === name)?.start();
	for (const [index, [node, fact, value]] of told.entries()) {
		const breach = fold?.onFact({ node, name: fact, value, atUs: index });
		if (breach !== null) return breach ?? "there is no such promise";
	}
	return null;
}

const part = "1-1/00/0";
const held = (node: string, isSynced = true): Told => [node, facts.held, { key: part, copy: 7, drive: 0, bytes: 9, isSynced }];
const dropped = (node: string, wasHarmed: boolean): Told => [node, facts.held, { key: part, gone: true, copy: 7, why: "so", wasHarmed }];
const calls = (call: string, id: string | null, checksum = 5): Told => ["user", facts.changing, { call, path: "a", id, checksum }];
const ends = (call: string, outcome: string, machines: readonly string[] = [], wanted = 3): Told => [
	"user",
	facts.changed,
	{
		call,
		outcome,
		spare: 1,
		blocks: machines.length === 0 ? [] : [{ block: "1-1/00", needed: 1, wanted, copies: machines.map((machine) => [machine, part, 7]) }],
	},
];
const asks = (call: string): Told => ["user", facts.opening, { call, path: "a" }];
const gets = (call: string, outcome: string, id: string | null, checksum = 5): Told => ["user", facts.opened, { call, outcome, id, checksum, lost: [] }];
const saved = [calls("1", "1-1"), held("x"), held("y"), held("z"), ends("1", "done", ["x", "y", "z"])];

describe("files.noneLost", () => {
	test("is broken when the system throws the last copies away", () => {
		expect(judged("files.noneLost", [...saved, dropped("x", true), dropped("y", false), dropped("z", false)])).toContain(
			"is lost although 1 copy was destroyed",
		);
	});

	test("is broken when a copy is not there after a mere restart", () => {
		const restart = (node: string): Told => [node, facts.inventory, { wiped: [false], copies: [] }];
		expect(judged("files.noneLost", [...saved, restart("x"), restart("y"), restart("z")])).toContain("it was not there after a restart");
	});

	test("is broken when somebody says lost what stands", () => {
		const declared: Told = ["k1", facts.health, { key: "1-1/00", state: "lost" }];
		expect(judged("files.noneLost", [...saved, declared])).toContain("k1 says it is lost");
	});

	test("holds when more was destroyed than can be done without", () => {
		const burnt = (node: string): Told => [node, facts.inventory, { wiped: [true], copies: [] }];
		expect(judged("files.noneLost", [...saved, burnt("x"), burnt("y"), burnt("z")])).toBeNull();
		const harmed = (node: string): Told => [node, facts.harmed, { key: part, copy: 7 }];
		expect(judged("files.noneLost", [...saved, harmed("x"), harmed("y"), dropped("x", false), harmed("z")])).toBeNull();
	});

	test("forgives no violence from before all stood again", () => {
		const again = [dropped("x", true), dropped("y", true), held("x"), held("y")];
		expect(judged("files.noneLost", [...saved, ...again, dropped("x", true), dropped("y", false), dropped("z", false)])).toContain("is lost although 1 copy");
	});

	test("does not care for a file that was deleted", () => {
		const gone = [calls("2", null), ends("2", "done"), dropped("x", false), dropped("y", false), dropped("z", false)];
		expect(judged("files.noneLost", [...saved, ...gone])).toBeNull();
	});
});

test("files.acknowledgedStands is broken by a yes before two copies are on synced drives", () => {
	expect(judged("files.acknowledgedStands", saved)).toBeNull();
	const early = [calls("1", "1-1"), held("x"), held("y", false), ends("1", "done", ["x", "y"])];
	expect(judged("files.acknowledgedStands", early)).toContain("acknowledged with 1 copy");
});

test("files.rightBytes is broken by one wrong byte", () => {
	expect(judged("files.rightBytes", [...saved, asks("2"), gets("2", "content", "1-1")])).toBeNull();
	expect(judged("files.rightBytes", [...saved, asks("2"), gets("2", "content", "1-1", 6)])).toContain("bytes that nobody saved");
});

describe("files.namesHold", () => {
	const second = [calls("2", "1-2"), ends("2", "done")];

	test("is broken by an older file, and by none", () => {
		expect(judged("files.namesHold", [...saved, ...second, asks("3"), gets("3", "content", "1-1")])).toContain("an older one");
		expect(judged("files.namesHold", [...saved, asks("3"), gets("3", "notFound", null)])).toContain("got no file");
	});

	test("lets a reader see either while the second is being saved, or was never answered", () => {
		for (const seen of ["1-1", "1-2"]) {
			expect(judged("files.namesHold", [...saved, calls("2", "1-2"), asks("3"), ends("2", "done"), gets("3", "content", seen)])).toBeNull();
			expect(judged("files.namesHold", [...saved, calls("2", "1-2"), ends("2", "unknown"), asks("3"), gets("3", "content", seen)])).toBeNull();
		}
		expect(judged("files.namesHold", [...saved, calls("2", "1-2"), ends("2", "not"), asks("3"), gets("3", "content", "1-2")])).not.toBeNull();
	});
});

const second = 1_000_000;
const used: Story = [
	[2 * second, 'ask user "save a 24KB"'],
	[6 * second, 'ask user "open a"'],
];

/** @returns the promises that a run of the whole system breaks */
function brokenBy(lab: FilesLab, story: Story): readonly string[] {
	const run = runFiles({ untilUs: 8 * second, ...lab, story: [...used, ...story].sort(([a], [b]) => a - b) }, 3);
	return brokenIn(run).map((text) => text.split(":")[0] as string);
}

describe("with a rule left out, the same run", () => {
	const machines = ["m1", "m2", "m3", "m4", "m5", "m6"];
	const power: Story = machines.flatMap(
		(machine): Story => [
			[3 * second, `crash ${machine}`],
			[3.2 * second, `restart ${machine}`],
		],
	);
	const rot: Story = machines.map((machine) => [3 * second, `ask ${machine} "rot 100"`]);

	test("without sync loses files when the power fails", () => {
		expect(brokenBy({ tornRatio: 1 }, power)).toEqual([]);
		expect(brokenBy({ tornRatio: 1, blocks: { sync: "off" } }, power)).toEqual(["files.acknowledgedStands", "files.noneLost"]);
	});

	test("without checksums gives wrong bytes when drives rot", () => {
		expect(brokenBy({}, rot)).toEqual([]);
		expect(brokenBy({ blocks: { checksums: "off" }, steward: { checksums: "off" } }, rot)).toEqual(["files.rightBytes"]);
	});
});
