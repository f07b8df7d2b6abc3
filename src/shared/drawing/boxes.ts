/** Rectangles on a drawing, and how much of one thing lies on another. Pure. */
import type { Point } from "./message-path.ts";

export interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

export function boxAround({ x, y }: Point, { width, height }: Size): Box {
	return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/** The area that two have in common; 0 when they only touch. */
export function overlapOf(a: Box, b: Box): number {
	const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
	const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
	return width > 0 && height > 0 ? width * height : 0;
}

/** How much of a straight line runs within the box. */
export function lengthWithin(from: Point, to: Point, box: Box): number {
	const [dx, dy] = [to.x - from.x, to.y - from.y];
	let [enters, leaves] = [0, 1];
	for (const [step, room] of [
		[-dx, from.x - box.left],
		[dx, box.right - from.x],
		[-dy, from.y - box.top],
		[dy, box.bottom - from.y],
	] as const) {
		if (step === 0) {
			if (room < 0) return 0;
		} else if (step < 0) enters = Math.max(enters, room / step);
		else leaves = Math.min(leaves, room / step);
	}
	return leaves > enters ? (leaves - enters) * Math.sqrt(dx * dx + dy * dy) : 0;
}

/** The smallest that holds all; undefined for none. */
export function boxOf(boxes: readonly Box[]): Box | undefined {
	const [first, ...others] = boxes;
	if (first === undefined) return undefined;
	return others.reduce(
		(whole, box) => ({
			left: Math.min(whole.left, box.left),
			top: Math.min(whole.top, box.top),
			right: Math.max(whole.right, box.right),
			bottom: Math.max(whole.bottom, box.bottom),
		}),
		first,
	);
}
