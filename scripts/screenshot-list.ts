/**
 * The pictures of the window that the README shows, and what they are of. Also says what they depend on,
 * as one number, so that a test can tell when they are older than the window. Knows no browser.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
export const pictureFolder = join(root, "docs", "screenshots");
export const manifestPath = join(pictureFolder, "manifest.json");
export const widthPx = 1_280;
export const heightPx = 720;
export const colours = ["light", "dark"] as const;
export type Colours = (typeof colours)[number];

export interface Scene {
	readonly lab: string;
	readonly seed: number;
	/** The instant that is shown: as one writes it, and as the window's clock does. */
	readonly until: string;
	readonly clock: string;
	readonly stage: string;
	/** A node in the table, and keys after it. */
	readonly select?: string;
	readonly keys?: readonly string[];
	/** Words that the stage says when all of it is there. */
	readonly says: string;
}

export interface Picture {
	readonly name: string;
	/** What is to be seen, for those who see none. */
	readonly about: string;
	/** Null: the first screen. */
	readonly scene: Scene | null;
}

export const pictures: readonly Picture[] = [
	{
		name: "front-door",
		about:
			"A drawing of a crowd, a balancer and five web servers; the third is down, and messages go to the others. Below it a timeline, beside it a table of the nodes.",
		scene: { lab: "front-door", seed: 42, until: "6.25s", clock: "00:06.250", stage: "Both", select: "web-3", says: "[1-9][\\d,]* events" },
	},
	{
		name: "leader-election",
		about: "The logs of five Raft servers as rows of cells that bear their terms, with the leader and what is committed.",
		scene: { lab: "leader-election", seed: 42, until: "4s", clock: "00:04.000", stage: "Services", says: "leads" },
	},
	{
		name: "timeline",
		about: "A diagram of space and time: a lane for each of four nodes, arrows for the messages between them, and one event whose causes are lit.",
		scene: { lab: "causal-broadcast", seed: 42, until: "3.8s", clock: "00:03.800", stage: "Timeline", keys: [",", "i"], says: "[1-9][\\d,]* events" },
	},
	{ name: "start", about: "Labs as cards, and a place to open sessions.", scene: null },
];

export interface Manifest {
	/** Of everything the pictures depend on. */
	readonly sources: string;
	readonly pictures: readonly Picture[];
	readonly widthPx: number;
	readonly heightPx: number;
}

function filesUnder(folder: string): readonly string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));
}

/** Views of services that are in no picture may change without one being old. */
const otherViews = /^\/src\/renderer\/(views|strings\/views)\/(?!raft|parts\b|ServicesStage|registry|view\.)/;

/** The window's own sources and the labs that are shown: content, not dates. */
export function fingerprint(): string {
	const labs = [...new Set(pictures.flatMap(({ scene }) => (scene === null ? [] : [`resources/labs/${scene.lab}`])))];
	const files = [...filesUnder("src/renderer"), ...filesUnder("src/shared/drawing"), ...labs.map((lab) => join(root, lab, "lab.yaml"))];
	const named = files.map((path) => ({ path, name: path.slice(root.length).replaceAll("\\", "/") })).filter(({ name }) => !otherViews.test(name));
	const hash = createHash("sha256");
	for (const { path, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) hash.update(`${name}\0`).update(readFileSync(path)).update("\0");
	return hash.digest("hex");
}

export function fileOf({ name }: Picture, colour: Colours): string {
	return `${name}-${colour}.png`;
}
