/** What is written on a link: what it takes, what it loses, as it is now. Pure. */
import type { Plan } from "../plan.ts";
import type { LinkView } from "../projection/snapshot.ts";
import { shortDuration } from "./time-scale.ts";

/** More links than this are not written on. */
const labelledLinksMax = 60;
/** With more links than this, what most of them take is said once and not on each. */
const alikeLinksMax = 9;

type Link = Plan["links"][number];

/** The number a command gave, if one did: `floorUs 30000`, or `floorUs forward 30000`. */
function changed(view: LinkView | undefined, property: string): number | undefined {
	const change = view?.changes.find((text) => text.startsWith(`${property} `));
	const value = Number(change?.split(" ").at(-1));
	return change === undefined || !Number.isFinite(value) ? undefined : value;
}

function linkWords({ forward }: Link, view?: LinkView): string {
	const floorUs = changed(view, "floorUs") ?? forward.floorUs;
	const lossRatio = changed(view, "lossRatio") ?? forward.lossRatio;
	return lossRatio > 0 ? `${shortDuration(floorUs)} · loses ${Math.round(lossRatio * 1_000) / 10} %` : shortDuration(floorUs);
}

/** What most links take, when so many bear it that it would be written everywhere; empty otherwise. */
export function commonDelay({ links }: Pick<Plan, "links">): string {
	if (links.length <= alikeLinksMax) return "";
	const counts = new Map<string, number>();
	for (const link of links) counts.set(linkWords(link), (counts.get(linkWords(link)) ?? 0) + 1);
	const [label = "", count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
	return count > links.length / 2 ? label : "";
}

/** One text a link; empty where nothing is written. What a command has changed is always written. */
export function linkTexts(plan: Pick<Plan, "links">, views: readonly LinkView[] = []): readonly string[] {
	const common = commonDelay(plan);
	const isCrowded = plan.links.length > labelledLinksMax;
	return plan.links.map((link, index) => {
		const view = views[index];
		const text = linkWords(link, view);
		const isChanged = view !== undefined && view.changes.length > 0;
		return !isChanged && (isCrowded || text === common) ? "" : text;
	});
}
