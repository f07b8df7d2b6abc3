/** Bands of faults in words: short for a lane, with the names of whom it concerns for everywhere else. Pure. */
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import type { Band, BandKind } from "./bands.ts";
import { shortDuration } from "./time-scale.ts";
import { drawingWords as words } from "./words.ts";

/** Names of a part that are written before it is only counted. */
const namesMax = 4;

/** `down`, `slow 20×`, `loses 5 %`. */
export function bandState({ kind, detail }: Pick<Band, "kind" | "detail">): string {
	if (kind === "changed" && detail !== "") return detail;
	const state: { readonly [kind in BandKind]: string } = words.bands;
	return detail === "" ? state[kind] : `${state[kind]} ${detail}`;
}

function partName(nodes: readonly number[], plan: Plan): string {
	const names = nodes.slice(0, namesMax).map((node) => plan.nodes[node]?.name ?? `#${node}`);
	return nodes.length > namesMax ? words.partOf(nodes.length) : names.join(" ");
}

/** Whom it concerns: a node, two ends of a link, the parts of a network. */
function bandSubject({ kind, node, link, direction, groups }: Band, plan: Plan): string {
	if (kind === "partition") return groups.map((nodes) => partName(nodes, plan)).join(" | ");
	if (node >= 0) return plan.nodes[node]?.name ?? `#${node}`;
	const ends = plan.links[link];
	if (ends === undefined) return `#${link}`;
	const { vertexNames } = indexOf(plan);
	const [a, b] = [vertexNames[ends.a] ?? "?", vertexNames[ends.b] ?? "?"];
	return direction === "both" ? `${a} – ${b}` : direction === "forward" ? `${a} → ${b}` : `${b} → ${a}`;
}

/** `cut server-1 – server-2`; of a node, whose name stands before its lane, the state alone says it too. */
export function bandTitle(band: Band, plan: Plan): string {
	const subject = bandSubject(band, plan);
	return band.kind === "partition" || (band.link >= 0 && band.kind !== "changed") ? `${bandState(band)} ${subject}` : `${subject} ${bandState(band)}`;
}

function bandLength({ fromUs, toUs }: Pick<Band, "fromUs" | "toUs">, headUs: number): string {
	return shortDuration(Math.max(0, (toUs ?? headUs) - fromUs));
}

/** A sentence: what, whom, from when, how long. */
export function bandSentence(band: Band, plan: Plan, headUs: number): string {
	const from = shortDuration(band.fromUs);
	return band.toUs === null
		? words.bandLasts(bandTitle(band, plan), from, bandLength(band, headUs))
		: words.bandLasted(bandTitle(band, plan), from, bandLength(band, headUs));
}
