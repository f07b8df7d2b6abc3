/**
 * The bar in a node that fills with its load, with its line at 80 %: as wide as can be read from afar
 * however small the node, and what lies over the line breaks out of the bar. Pure; the window and the files
 * of drawings draw the same.
 */
import type { Box } from "./boxes.ts";
import type { Point } from "./message-path.ts";
import { loadLimitRatio } from "./node-state.ts";

/** Smaller nodes have no room for a bar. */
export const barRadiusPx = 11;

/** Almost as wide as the node is, until that is enough. */
const widthPx = 40;
const widthRatio = { most: 1.76, least: 1.44 };
const heightPx = 8;
const heightRatio = 0.27;
const edgePx = 2.5;
const linePx = 4;
const overPx = 3;
/** The least that is drawn over the line, however little it is. */
const overWidthPx = 3.5;

export interface LoadBar {
	readonly frame: Box;
	/** The load up to the line; of no width when there is none. */
	readonly filled: Box;
	/** What is over the line, higher than the bar itself; undefined: nothing is. */
	readonly over: Box | undefined;
	/** From top to bottom, out of the bar at both ends. */
	readonly line: { readonly x: number; readonly top: number; readonly bottom: number };
}

/** @param utilisationRatio of one processor; over 1 it is drawn as 1 */
export function loadBar({ x, y }: Point, radius: number, utilisationRatio: number): LoadBar {
	const width = Math.max(radius * widthRatio.least, Math.min(radius * widthRatio.most, widthPx));
	const height = Math.max(heightPx, radius * heightRatio);
	// Not over the node's own edge.
	const [left, top] = [x - width / 2, y + Math.min(radius * 0.42, radius - height - edgePx)];
	const bottom = top + height;
	const ratio = Math.min(1, Math.max(0, utilisationRatio));
	const lineX = left + width * loadLimitRatio;
	const isOver = utilisationRatio > loadLimitRatio;
	const right = Math.min(left + width, Math.max(left + width * ratio, lineX + overWidthPx));
	return {
		frame: { left, top, right: left + width, bottom },
		filled: { left, top, right: isOver ? lineX : left + width * ratio, bottom },
		over: isOver ? { left: lineX, top: top - overPx, right, bottom: bottom + overPx } : undefined,
		line: { x: lineX, top: top - linePx, bottom: bottom + linePx },
	};
}
