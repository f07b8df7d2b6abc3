/**
 * The programs of every node: names that are registered, options that the service accepts, a
 * variant's options laid over. Knows services by what the caller says of them. Pure.
 */
import type { PlainValue } from "../codec.ts";
import { hint } from "../nearest.ts";
import type { NodePlan, ServicePlan } from "../plan.ts";
import { globMatches } from "../plan-index.ts";
import type { Path } from "./problems.ts";
import type { VariantFile } from "./schema.ts";
import type { Entry } from "./shape.ts";
import type { LabSource } from "./source.ts";
import { type DraftNode, numbered, type Topology } from "./topology.ts";

/** What the compiler must know of a service; a service definition is one of these. */
export interface ServiceInfo {
	readonly name: string;
	readonly names: readonly string[];
	/** Throws an Error whose message says what was expected. */
	configure(config: PlainValue): unknown;
}

type Fields = { readonly [key: string]: PlainValue };
type Overlay = Exclude<VariantFile["services"], undefined>[number];

function isFields(value: PlainValue | undefined): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Lays options over others: maps within maps, lists as a whole; null takes an option away. */
function laidOver(base: Fields, over: Fields): Fields {
	const result: { [key: string]: PlainValue } = { ...base };
	for (const [key, value] of Object.entries(over)) {
		const known = result[key];
		if (value === null) delete result[key];
		else if (isFields(value) && isFields(known)) result[key] = laidOver(known, value);
		else result[key] = value;
	}
	return result;
}

export class ServiceBinder {
	readonly #source: LabSource;
	readonly #services: ReadonlyMap<string, ServiceInfo>;
	readonly #overlays: readonly Entry<Overlay>[];
	readonly #usedOverlays = new Set<Entry<Overlay>>();
	/** What `configure` said, by service and options: groups repeat them. */
	readonly #verdicts = new Map<string, string>();

	constructor(source: LabSource, services: Iterable<ServiceInfo>, overlays: readonly Entry<Overlay>[]) {
		this.#source = source;
		this.#services = new Map([...services].map((service) => [service.name, service]));
		this.#overlays = overlays;
	}

	/** @returns the nodes with their services */
	bind({ nodes, regions, complete }: Topology): readonly NodePlan[] {
		const bound = nodes.map((node) => this.#bindNode(node, regions));
		for (const overlay of this.#overlays) {
			if (this.#usedOverlays.has(overlay) || !complete) continue;
			const { nodes: target, service } = overlay.value;
			this.#source.report(overlay.path, `no node that fits ${target} has the service ${service}`);
		}
		return bound;
	}

	#bindNode(node: DraftNode, regions: readonly string[]): NodePlan {
		const { plan, entry, number } = node;
		const services: ServicePlan[] = [];
		for (const [index, use] of (entry.value.services ?? []).entries()) {
			const path = [...entry.path, "services", index];
			if (services.some((known) => known.service === use.service)) this.#source.report([...path, "service"], `the node has the service ${use.service} twice`);
			const written = (use.config ?? {}) as Fields;
			let config = numbered(written, number) as Fields;
			let configPath: Path = use.config === undefined ? path : [...path, "config"];
			for (const overlay of this.#overlays) {
				if (overlay.value.service !== use.service || !fits(overlay.value.nodes, plan, regions)) continue;
				this.#usedOverlays.add(overlay);
				config = laidOver(config, numbered(overlay.value.config as Fields, number) as Fields);
				configPath = [...overlay.path, "config"];
			}
			this.#check(use.service, config, [...path, "service"], configPath);
			services.push({ service: use.service, config });
		}
		return { ...plan, services };
	}

	#check(name: string, config: Fields, namePath: Path, configPath: Path): void {
		const service = this.#services.get(name);
		if (service === undefined) {
			this.#source.report(namePath, `no service is called "${name}"${hint(name, [...this.#services.keys()])}`);
			return;
		}
		const key = `${name} ${JSON.stringify(config)}`;
		let verdict = this.#verdicts.get(key);
		if (verdict === undefined) {
			verdict = refusalOf(service, config);
			this.#verdicts.set(key, verdict);
		}
		if (verdict !== "")
			this.#source.report(configPath, `the service ${name} refuses its options: ${verdict.startsWith(`${name}: `) ? verdict.slice(name.length + 2) : verdict}`);
	}

	/** Every name that the services of these nodes may use, sorted by code unit. */
	namesOf(nodes: readonly NodePlan[]): readonly string[] {
		const used = new Set(nodes.flatMap((node) => node.services.map(({ service }) => service)));
		const names = new Set([...used].flatMap((service) => [...(this.#services.get(service)?.names ?? [])]));
		return [...names].sort();
	}
}

function fits(target: string, node: NodePlan, regions: readonly string[]): boolean {
	return target.startsWith("@") ? regions[node.region] === target.slice(1) : globMatches(target, node.name);
}

function refusalOf(service: ServiceInfo, config: Fields): string {
	try {
		service.configure(config);
		return "";
	} catch (error) {
		return (error as Error).message || "it does not say why";
	}
}
