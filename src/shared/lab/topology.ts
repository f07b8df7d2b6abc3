/**
 * From sections of a lab file to the graph of a plan: groups become nodes, regions become switches,
 * ends with globs become pairs. Reports names that nobody has and nodes that cannot be reached. Pure.
 */

import type { z } from "zod";
import type { PlainValue } from "../codec.ts";
import { hint } from "../nearest.ts";
import { drivesInAllMax, type LinkPhysics, type LinkPlan, type NodePlan, nodesMax, type SwitchPlan } from "../plan.ts";
import { globMatches } from "../plan-index.ts";
import { clockOf, diskOf, overlayPhysics, physicsConflict, physicsOf } from "./physics.ts";
import type { Path } from "./problems.ts";
import type { LinkFile, NodeFile, PhysicsFile, regionSchema, switchSchema } from "./schema.ts";
import type { Entries, Entry } from "./shape.ts";
import type { LabSource } from "./source.ts";

const linksMax = 20_000;
const bootDelayUsDefault = 100_000;

type RegionFile = z.output<typeof regionSchema>;
type SwitchFile = z.output<typeof switchSchema>;

export interface TopologyInput {
	readonly regions: Entries<RegionFile>;
	readonly switches: Entries<SwitchFile>;
	readonly nodes: Entries<NodeFile>;
	readonly links: Entries<LinkFile>;
	/** A variant's properties, laid over links that are there. */
	readonly overlays: readonly Entry<LinkFile>[];
}

/** A node and the entry that made it; services are filled in by services.ts. */
export interface DraftNode {
	readonly plan: NodePlan;
	readonly entry: Entry<NodeFile>;
	/** 1, 2, 3, ... within its group. */
	readonly number: number;
}

export interface Topology {
	readonly regions: readonly string[];
	readonly nodes: readonly DraftNode[];
	readonly switches: readonly SwitchPlan[];
	readonly links: readonly LinkPlan[];
	/** False when entries were left out, so that a name nobody has may be the fault of another problem. */
	readonly complete: boolean;
}

/** Replaces `{n}` in the texts of a value. */
export function numbered(value: PlainValue, number: number): PlainValue {
	if (typeof value === "string") return value.replaceAll("{n}", String(number));
	if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
	if (Array.isArray(value)) return value.map((item: PlainValue) => numbered(item, number));
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numbered(item as PlainValue, number)]));
}

function positionOf(file: NodeFile, number: number): readonly [number, number] | undefined {
	if (file.positions === undefined) return file.position;
	const { from, to } = file.positions;
	const count = file.count ?? 1;
	const part = count === 1 ? 0.5 : (number - 1) / (count - 1);
	return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}

class Builder {
	readonly #source: LabSource;
	readonly #input: TopologyInput;
	readonly #complete: boolean;
	readonly #regions: string[] = [];
	readonly #nodes: DraftNode[] = [];
	#drives = 0;
	readonly #switches: SwitchPlan[] = [];
	/** Names of nodes, then switches. */
	readonly #vertexNames: string[] = [];
	readonly #vertexOf = new Map<string, number>();
	readonly #links: LinkPlan[] = [];
	readonly #linkOf = new Map<number, number>();

	constructor(source: LabSource, input: TopologyInput) {
		this.#source = source;
		this.#input = input;
		this.#complete = input.regions.complete && input.switches.complete && input.nodes.complete;
	}

	build(): Topology {
		this.#nameRegions();
		for (const entry of this.#input.nodes.entries) this.#addNodes(entry);
		this.#addSwitches();
		this.#addAccessLinks();
		for (const entry of this.#input.links.entries) this.#addLinks(entry);
		for (const entry of this.#input.overlays) this.#overlay(entry);
		if (this.#complete && this.#input.links.complete) this.#checkReach();
		return { regions: this.#regions, nodes: this.#nodes, switches: this.#switches, links: this.#links, complete: this.#complete };
	}

	#nameRegions(): void {
		for (const { value, path } of this.#input.regions.entries) {
			if (this.#regions.includes(value.name)) this.#source.report([...path, "name"], `a second region is called ${value.name}`);
			else this.#regions.push(value.name);
		}
	}

	/** Gives a name to the next vertex. @returns false when it is taken */
	#claim(name: string, path: Path): boolean {
		if (this.#vertexOf.has(name)) {
			this.#source.report([...path, "name"], `a second node, switch or region is called ${name}`);
			return false;
		}
		this.#vertexOf.set(name, this.#vertexNames.length);
		this.#vertexNames.push(name);
		return true;
	}

	#regionIndex(name: string | undefined, path: Path): number {
		if (name === undefined) return -1;
		const region = this.#regions.indexOf(name);
		if (region < 0 && this.#input.regions.complete) this.#source.report([...path, "region"], `no region is called ${name}${hint(name, this.#regions)}`);
		return region;
	}

	#addNodes(entry: Entry<NodeFile>): void {
		const { value: file, path } = entry;
		const isGroup = file.name.includes("{n}");
		if (file.count !== undefined && !isGroup)
			this.#source.report([...path, "name"], `expected {n} in the name of a group, such as ${file.name}-{n}; found "${file.name}"`);
		if (file.count === undefined && isGroup) this.#source.report([...path, "name"], `{n} needs a count: how many nodes are called ${file.name}`);
		const region = this.#regionIndex(file.region, path);
		const clock = clockOf(file.clock);
		if (typeof clock === "string") this.#source.report([...path, "clock"], clock);
		const count = isGroup ? (file.count ?? 1) : 1;
		for (let number = 1; number <= count; number++) {
			if (this.#nodes.length >= nodesMax) {
				this.#source.report(path, `a cluster has at most ${nodesMax} nodes`);
				return;
			}
			const disk = diskOf(file.disk);
			if (this.#drives + disk.drives > drivesInAllMax) {
				this.#source.report([...path, "disk"], `a cluster has at most ${drivesInAllMax} drives`);
				return;
			}
			this.#drives += disk.drives;
			const name = file.name.replace("{n}", String(number));
			if (!this.#claim(name, path)) continue;
			const position = positionOf(file, number);
			const plan: NodePlan = {
				name,
				role: file.role ?? "node",
				region,
				cores: file.cores ?? 1,
				clock: typeof clock === "string" ? { kind: "perfect", offsetUs: 0 } : clock,
				disk,
				bootDelayUs: file.bootDelay ?? bootDelayUsDefault,
				services: [],
				...(position === undefined ? {} : { position: [position[0], position[1]] as const }),
			};
			this.#nodes.push({ plan, entry, number });
		}
	}

	#addSwitches(): void {
		for (const { value, path } of this.#input.regions.entries) {
			const region = this.#regions.indexOf(value.name);
			if (!this.#switches.some((known) => known.name === value.name && known.region === region) && this.#claim(value.name, path)) {
				this.#switches.push({ name: value.name, region });
			}
		}
		for (const { value, path } of this.#input.switches.entries) {
			const region = this.#regionIndex(value.region, path);
			if (this.#claim(value.name, path)) this.#switches.push({ name: value.name, region });
		}
	}

	#addAccessLinks(): void {
		for (const [node, { plan, entry }] of this.#nodes.entries()) {
			const { latency } = entry.value;
			if (plan.region < 0) {
				if (latency !== undefined && entry.value.region === undefined)
					this.#source.report([...entry.path, "latency"], "latency is that of the link to the node's region; this node has no region");
				continue;
			}
			const region = this.#input.regions.entries.find(({ value }) => value.name === this.#regions[plan.region]) as Entry<RegionFile>;
			const physics = this.#physics({ ...region.value, ...(latency === undefined ? {} : { latency }) }, region.path);
			const vertex = this.#vertexOf.get(region.value.name);
			if (physics !== undefined && vertex !== undefined) this.#join(node, vertex, physics, physics, region.path);
		}
	}

	#physics(file: PhysicsFile, path: Path): LinkPhysics | undefined {
		const conflict = physicsConflict(file);
		if (conflict !== undefined) this.#source.report([...path, conflict.key], conflict.message);
		return physicsOf(file);
	}

	#pairKey(a: number, b: number): number {
		return Math.min(a, b) * (nodesMax + 2_048) + Math.max(a, b);
	}

	#join(a: number, b: number, forward: LinkPhysics, backward: LinkPhysics, path: Path): void {
		const key = this.#pairKey(a, b);
		const names = `${this.#vertexNames[a]} and ${this.#vertexNames[b]}`;
		const isFull = this.#links.length >= linksMax;
		if (isFull) this.#source.report(path, `a cluster has at most ${linksMax} links`);
		else if (this.#linkOf.has(key)) this.#source.report(path, `a second link joins ${names}`);
		if (isFull || this.#linkOf.has(key)) return;
		this.#linkOf.set(key, this.#links.length);
		this.#links.push({ name: `${this.#vertexNames[a]}--${this.#vertexNames[b]}`, a, b, forward, backward });
	}

	/** The vertices that an end of a link names; reports an end that names nobody. */
	#end(end: LinkFile["between"][0], path: Path): readonly number[] {
		const found = new Set<number>();
		const list = typeof end === "string" ? [{ target: end, at: path }] : end.map((target, index) => ({ target, at: [...path, index] }));
		for (const { target, at } of list) {
			const vertices = this.#matching(target);
			for (const vertex of vertices) found.add(vertex);
			if (vertices.length > 0 || !this.#complete) continue;
			const candidates = target.startsWith("@") ? this.#regions.map((name) => `@${name}`) : this.#vertexNames;
			this.#source.report(at, `nothing is called "${target}"${hint(target, candidates)}`);
		}
		return [...found];
	}

	#matching(target: string): readonly number[] {
		if (target.startsWith("@")) {
			const region = this.#regions.indexOf(target.slice(1));
			return region < 0 ? [] : this.#nodes.flatMap(({ plan }, index) => (plan.region === region ? [index] : []));
		}
		if (target.includes("*")) return this.#vertexNames.flatMap((name, index) => (globMatches(target, name) ? [index] : []));
		const vertex = this.#vertexOf.get(target);
		return vertex === undefined ? [] : [vertex];
	}

	/** Every pair of the two ends, each once, nobody with itself. */
	#pairs({ value: file, path }: Entry<LinkFile>): readonly (readonly [number, number])[] {
		const ends = [this.#end(file.between[0], [...path, "between", 0]), this.#end(file.between[1], [...path, "between", 1])] as const;
		const seen = new Set<number>();
		const pairs: (readonly [number, number])[] = [];
		for (const a of ends[0]) {
			for (const b of ends[1]) {
				const key = this.#pairKey(a, b);
				if (a === b || seen.has(key) || pairs.length > linksMax) continue;
				seen.add(key);
				pairs.push([a, b]);
			}
		}
		const isSelf = pairs.length === 0 && ends[0].length > 0 && ends[1].length > 0;
		if (isSelf) this.#source.report([...path, "between"], "a link joins two; both ends name the same one");
		return pairs;
	}

	#addLinks(entry: Entry<LinkFile>): void {
		const { value: file, path } = entry;
		const { between: _between, forward, backward, ...both } = file;
		const ahead = this.#physics({ ...both, ...forward }, path);
		const back = this.#physics({ ...both, ...backward }, path);
		const pairs = this.#pairs(entry);
		if (ahead === undefined || back === undefined) {
			this.#source.report(path, '"latency" is missing; expected a duration of at least 1us, such as 5ms');
			return;
		}
		for (const [a, b] of pairs) this.#join(a, b, ahead, back, path);
	}

	#overlay(entry: Entry<LinkFile>): void {
		const { between: _between, forward, backward, ...both } = entry.value;
		const [ahead, back] = [
			{ ...both, ...forward },
			{ ...both, ...backward },
		];
		this.#physics(ahead, entry.path);
		this.#physics(back, entry.path);
		for (const [a, b] of this.#pairs(entry)) {
			const index = this.#linkOf.get(this.#pairKey(a, b));
			const link = index === undefined ? undefined : this.#links[index];
			if (index === undefined || link === undefined) {
				this.#source.report([...entry.path, "between"], `no link joins ${this.#vertexNames[a]} and ${this.#vertexNames[b]}`);
				continue;
			}
			const [toB, toA] = link.a === a ? [ahead, back] : [back, ahead];
			this.#links[index] = { ...link, forward: overlayPhysics(link.forward, toB), backward: overlayPhysics(link.backward, toA) };
		}
	}

	/** Every node must have a path to every other, whatever the links lose. */
	#checkReach(): void {
		if (this.#nodes.length < 2) return;
		const neighbours: number[][] = this.#vertexNames.map(() => []);
		for (const { a, b } of this.#links) {
			neighbours[a]?.push(b);
			neighbours[b]?.push(a);
		}
		const reached = new Set([0]);
		for (const vertex of reached) for (const next of neighbours[vertex] as number[]) reached.add(next);
		const first = this.#vertexNames[0];
		for (const [node, { plan, entry }] of this.#nodes.entries()) {
			const alone = neighbours[node]?.length === 0;
			if (alone) this.#source.report([...entry.path, "name"], `nobody can reach ${plan.name}: no link joins it to anything`);
			else if (!reached.has(node) && neighbours[0]?.length !== 0)
				this.#source.report([...entry.path, "name"], `${plan.name} cannot be reached from ${first}: no path of links joins them`);
		}
	}
}

export function buildTopology(source: LabSource, input: TopologyInput): Topology {
	return new Builder(source, input).build();
}
