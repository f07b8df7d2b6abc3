/** What somebody has put before their eyes of the drawing stays there until they ask for something else. */
import { beforeEach, expect, test } from "vitest";
import { holdWindow } from "../e2e/held-window.ts";
import { eventually } from "../e2e/window-hand.ts";

const { hand } = holdWindow({ anew: "window" });
const large = { width: 1_280, height: 720 };
const small = { width: 1_000, height: 560 };

interface Seen {
	readonly size: string;
	readonly zoom: number;
	/** Of the drawing, what is in the middle of the stage. */
	readonly middle: { readonly x: number; readonly y: number };
	/** Whether every node is on the stage. */
	readonly isWhole: boolean;
}

/** What is before one's eyes, rounded: whole thousandths of the zoom, whole pixels. */
function seen(): Promise<Seen> {
	return hand.page.locator(".topology-graph").evaluate((element) => {
		interface Place {
			readonly x: number;
			readonly y: number;
		}
		// Cytoscape leaves its graph on the element that holds it.
		interface Held {
			readonly clientWidth: number;
			readonly clientHeight: number;
			readonly _cyreg: { readonly cy: { zoom(): number; pan(): Place; nodes(): { toArray(): readonly { renderedPosition(): Place }[] } } };
		}
		const { clientWidth: width, clientHeight: height, _cyreg } = element as unknown as Held;
		const { cy } = _cyreg;
		const [zoom, pan] = [cy.zoom(), cy.pan()];
		const isWhole = cy
			.nodes()
			.toArray()
			.every((node) => {
				const { x, y } = node.renderedPosition();
				return x > 0 && y > 0 && x < width && y < height;
			});
		const middle = { x: Math.round((width / 2 - pan.x) / zoom), y: Math.round((height / 2 - pan.y) / zoom) };
		return { size: `${width} x ${height}`, zoom: Math.round(zoom * 1_000), middle, isWhole };
	});
}

/** What is seen once the stage has got another size than it had. */
async function seenAfter(act: () => Promise<void>): Promise<() => Promise<Seen | null>> {
	const { size } = await seen();
	await act();
	return async () => {
		const now = await seen();
		return now.size === size ? null : now;
	};
}

/** Comes closer to where the drawing is least in the middle, and moves it. */
async function look(): Promise<Seen> {
	const fitted = await seen();
	for (let times = 0; times < 2; times++) await hand.button("Closer").click();
	const { x, y } = (await hand.page.locator(".topology-graph").boundingBox()) ?? { x: 0, y: 0 };
	await hand.page.mouse.move(x + 30, y + 90);
	await hand.page.mouse.down();
	await hand.page.mouse.move(x + 140, y + 150, { steps: 6 });
	await hand.page.mouse.up();
	await expect.poll(async () => (await seen()).middle, eventually).not.toEqual(fitted.middle);
	const looked = await seen();
	expect(looked.zoom).toBeGreaterThan(fitted.zoom * 1.5);
	expect(looked.isWhole).toBe(false);
	return looked;
}

beforeEach(async () => {
	await hand.start("The front door", "Set up, paused");
	await hand.button("Topology").click();
	// The other stages are there no more, and so this one has its size.
	await hand.page.locator(".timeline-canvas").waitFor({ state: "detached" });
});

test("a zoom and a pan outlast another size of the window, with the same in the middle", async () => {
	const { zoom, middle } = await look();
	const smaller = await seenAfter(() => hand.page.setViewportSize(small));
	await expect.poll(smaller, eventually).toMatchObject({ zoom, middle });
	const larger = await seenAfter(() => hand.page.setViewportSize(large));
	await expect.poll(larger, eventually).toMatchObject({ zoom, middle });
});

test("they outlast a look at something else, and at the timeline beside it", async () => {
	const { zoom, middle } = await look();
	await hand.keyboard.press("3");
	await hand.page.locator(".topology-graph").waitFor({ state: "detached" });
	await hand.keyboard.press("2");
	await expect.poll(seen, eventually).toMatchObject({ zoom, middle });
	const beside = await seenAfter(() => hand.keyboard.press("1"));
	await expect.poll(beside, eventually).toMatchObject({ zoom, middle });
});

test("they outlast a fork", async () => {
	await hand.goOnTo("300ms");
	const { zoom, middle } = await look();
	await hand.command("crash web-1");
	await hand.rowIn("web-1", "down");
	await hand.keyboard.press("u");
	await hand.rowIn("web-1", "up");
	await expect.poll(seen, eventually).toMatchObject({ zoom, middle });
});

test("what nobody has moved is shown whole on a stage of any size, and so is what somebody asks for again", async () => {
	const first = await seen();
	expect(first.isWhole).toBe(true);
	const smaller = await seenAfter(() => hand.page.setViewportSize(small));
	await expect.poll(async () => (await smaller())?.zoom ?? first.zoom, eventually).toBeLessThan(first.zoom);
	await expect.poll(async () => (await seen()).isWhole, eventually).toBe(true);
	await look();
	await hand.button("Fit").click();
	await expect.poll(async () => (await seen()).isWhole, eventually).toBe(true);
	const larger = await seenAfter(() => hand.page.setViewportSize(large));
	await expect.poll(larger, eventually).toMatchObject({ zoom: first.zoom, middle: first.middle, isWhole: true });
});
