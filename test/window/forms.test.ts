/** What is told by form: a region is a frame around what stands in it, and a role is a shape. */
import { expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";
import { type PaintedOutline, type Painting, paintingOf } from "../support/painted.ts";

const { hand } = holdWindow({ anew: "window", isListenedTo: true });

async function open(lab: string): Promise<void> {
	await hand.start(lab, "Set up, paused");
	await hand.button("Topology").click();
	await hand.page.locator(".timeline-canvas").waitFor({ state: "detached" });
	// Until they are up, all have dashed outlines.
	await hand.goOnTo("200ms");
}

const standing = (): Promise<Painting> => paintingOf(hand.page, ".topology-canvas", 0);

/** Where nodes are drawn, in the canvas's own measure. */
async function placesOf(...nodes: readonly string[]): Promise<readonly { readonly x: number; readonly y: number }[]> {
	const box = await hand.page.locator(".topology-graph").boundingBox();
	const places = await Promise.all(nodes.map((node) => hand.placeOf(node)));
	return places.map(({ x, y }) => ({ x: x - (box?.x ?? 0), y: y - (box?.y ?? 0) }));
}

const holds = ({ left, right, top, bottom }: PaintedOutline, { x, y }: { readonly x: number; readonly y: number }): boolean =>
	x > left && x < right && y > top && y < bottom;

test("a region is a frame with its name around all that stands in it and nothing else", async () => {
	const regions = {
		chicago: ["laptop", "viewers-chicago", "chicago-door", "chicago-edge-1", "chicago-edge-2"],
		ohio: ["viewers-ohio", "ohio-door", "ohio-edge-1", "ohio-edge-2", "names-ohio"],
		texas: ["names-texas", "texas-origin"],
	};
	await open("Movie night");
	const all = Object.values(regions).flat();
	const places = await placesOf(...all);
	const { outlines, words } = await standing();
	for (const [region, members] of Object.entries(regions)) {
		const isMember = (node: number): boolean => members.includes(all[node] ?? "");
		const frames = outlines.filter((outline) => outline.form === "R" && places.every((at, node) => !isMember(node) || holds(outline, at)));
		expect(frames).toHaveLength(1);
		const [frame] = frames as [PaintedOutline];
		expect(all.filter((_, node) => holds(frame, places[node] as { x: number; y: number }))).toEqual(members);
		const titles = words.filter(({ text }) => text === region);
		expect(titles).toHaveLength(1);
		expect(titles.every((title) => holds(frame, title))).toBe(true);
	}
});

/** How each shape is drawn. */
const shapes: { readonly [form: string]: string } = { A: "circle", MLLLZ: "diamond", LLLLLLZ: "hexagon", ELEZ: "cylinder", R: "square" };

/** Of each node the shape of the smallest outline around its middle. */
async function shapesOf(...nodes: readonly string[]): Promise<readonly (string | undefined)[]> {
	const places = await placesOf(...nodes);
	const { outlines } = await standing();
	const size = ({ left, right }: PaintedOutline): number => right - left;
	return places.map((at) => {
		// The icon within it and the bar below are smaller than a node.
		const [first] = outlines
			.filter((outline) => size(outline) > 20 && outline.bottom - outline.top > 20 && holds(outline, at))
			.sort((a, b) => size(a) - size(b));
		return first && (shapes[first.form] ?? first.form);
	});
}

test("a node's shape tells its role", async () => {
	await open("The front door");
	await expect.poll(() => shapesOf("crowd", "balancer", "web-1", "web-5"), eventually).toEqual(["circle", "diamond", "square", "square"]);
	await hand.home();
	await open("Movie night");
	await expect.poll(() => shapesOf("viewers-ohio", "laptop", "names-ohio"), eventually).toEqual(["circle", "square", "hexagon"]);
	await hand.home();
	await open("A cart without a leader");
	await expect.poll(() => shapesOf("store-1", "ann"), eventually).toEqual(["cylinder", "circle"]);
});
