/** Who is linked to whom, as far as a small picture can show it. Pure. */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { thumbnailLinksMax, thumbnailNodesMax } from "../../../shared/contract/views.ts";
import type { Plan } from "../../../shared/plan.ts";

type ClusterPicture = CallReply<"labs.list">["labs"][number]["cluster"];

/** The first nodes, and switches behind them as far as there is room; links between those alone. */
export function clusterOf({ nodes, switches, links }: Plan): ClusterPicture {
	const kept = new Map<number, number>();
	const drawn: { role: string; region: number }[] = [];
	const vertices = [...nodes, ...switches.map(({ region }) => ({ role: "switch", region }))];
	for (const [vertex, { role, region }] of vertices.slice(0, thumbnailNodesMax).entries()) {
		kept.set(vertex, drawn.length);
		drawn.push({ role: role.slice(0, 64), region });
	}
	const pairs: [number, number][] = [];
	for (const { a, b } of links) {
		const [from, to] = [kept.get(a), kept.get(b)];
		if (from !== undefined && to !== undefined && pairs.length < thumbnailLinksMax) pairs.push([from, to]);
	}
	return { nodes: drawn, links: pairs };
}
