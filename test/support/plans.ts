/** Small plans for tests, built by hand so that no test of a part depends on the lab compiler. */
import type { LinkPhysics, LinkPlan, NodePlan, Plan } from "../../src/shared/plan.ts";

export const physics: LinkPhysics = {
	floorUs: 1_000,
	jitter: { kind: "constant", us: 0 },
	lossRatio: 0,
	duplicateRatio: 0,
	corruptRatio: 0,
	reorderRatio: 0,
	reorderUs: 0,
	fifo: true,
	bitsPerSecond: 0,
	queueBytes: 0,
};

export function nodePlan(name: string, over: Partial<NodePlan> = {}): NodePlan {
	return {
		name,
		role: "node",
		region: -1,
		cores: 1,
		clock: { kind: "perfect", offsetUs: 0 },
		disk: { drives: 1, capacityBytes: 1_048_576, writeUs: 10, readUs: 10, syncUs: 100, bytesPerSecond: 0, readErrorRatio: 0, tornRatio: 0 },
		bootDelayUs: 0,
		services: [],
		...over,
	};
}

export function linkPlan(a: number, b: number, over: Partial<LinkPhysics> = {}): LinkPlan {
	return { name: `link-${a}-${b}`, a, b, forward: { ...physics, ...over }, backward: { ...physics, ...over } };
}

/**
 * client-1, balancer, web-1..web-5; the client and every server linked to the balancer; web-1 and web-2
 * in the region east, which is a switch linked to web-1.
 */
export function frontPlan(over: Partial<Plan> = {}): Plan {
	const servers = [1, 2, 3, 4, 5].map((n) => nodePlan(`web-${n}`, { role: "web", region: n <= 2 ? 0 : -1 }));
	return {
		labId: "test",
		labVersion: 1,
		title: "Test",
		variant: "",
		parameters: {},
		untilUs: 20_000_000,
		exploreRaces: false,
		regions: ["east"],
		nodes: [nodePlan("client-1", { role: "client" }), nodePlan("balancer", { role: "balancer" }), ...servers],
		switches: [{ name: "east", region: 0 }],
		links: [linkPlan(0, 1), ...servers.map((_, i) => linkPlan(1, i + 2)), linkPlan(7, 2)],
		story: [],
		checks: [],
		names: ["health.probe", "http.reply", "http.request", "visit"],
		...over,
	};
}
