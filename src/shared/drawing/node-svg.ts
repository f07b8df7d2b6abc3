/** One node of the cluster's picture as SVG: its outline by role, its state by colour and icon, its load and its queue. Pure. */
import type { NodeView } from "../projection/snapshot.ts";
import type { Box } from "./boxes.ts";
import { loadBar } from "./load-bar.ts";
import type { Point } from "./message-path.ts";
import { nodeIcons } from "./node-icons.ts";
import { nodeRadius } from "./node-radius.ts";
import { loadTone, type NodeShape, type NodeState, nodeTones, queueOf } from "./node-state.ts";
import type { DrawingPalette } from "./palette.ts";
import { element, lettering, number } from "./svg.ts";
import type { InsideNumber } from "./topology-layout.ts";
import { outlineOf, queueSign } from "./topology-signs.ts";

export function nodeFace(at: Point, shape: NodeShape, state: NodeState, shown: NodeView, inside: InsideNumber | undefined, palette: DrawingPalette): string {
	const colour = palette[nodeTones[state]];
	const isGone = state === "down" || state === "booting";
	const outline = outlineOf(shape, at, nodeRadius);
	const scale = (nodeRadius * (isGone ? 1.15 : 0.95)) / 24;
	const iconY = isGone ? at.y : at.y - nodeRadius * 0.22;
	const queue = queueOf(shown);
	return element(
		"g",
		{},
		element("path", { d: outline, fill: palette.raised }),
		element("path", {
			d: outline,
			fill: colour,
			"fill-opacity": state === "up" ? 0.1 : isGone ? 0.05 : 0.2,
			stroke: colour,
			"stroke-width": 2.7,
			"stroke-dasharray": isGone ? "8 6" : undefined,
		}),
		inside !== undefined && state === "up"
			? lettering(inside.text, { x: at.x, y: iconY + inside.sizePx * 0.36, size: inside.sizePx, weight: 700, anchor: "middle", fill: palette.ink })
			: element("path", {
					d: nodeIcons[state],
					transform: `translate(${number(at.x - 12 * scale)} ${number(iconY - 12 * scale)}) scale(${number(scale)})`,
					fill: "none",
					stroke: colour,
					"stroke-width": 2.9,
					"stroke-linecap": "round",
					"stroke-linejoin": "round",
				}),
		isGone ? "" : barOf(at, shown.utilisationRatio, palette),
		queue > 0 ? queueSign(queue, at.x + nodeRadius + 8, at.y - nodeRadius, palette) : "",
	);
}

function barOf(at: Point, utilisationRatio: number, palette: DrawingPalette): string {
	const { frame, filled, over, line } = loadBar(at, nodeRadius, utilisationRatio);
	const box = ({ left, top, right, bottom }: Box, look: Parameters<typeof element>[1]): string =>
		element("rect", { x: left, y: top, width: right - left, height: bottom - top, ...look });
	const stroke = downwards(line.x, line.top, line.bottom);
	return (
		box(frame, { fill: palette.surface }) +
		box(filled, { fill: palette[loadTone(utilisationRatio)] }) +
		box(frame, { fill: "none", stroke: over === undefined ? palette.soft : palette.bad, "stroke-width": over === undefined ? 1 : 1.8 }) +
		(over === undefined ? "" : box(over, { fill: palette.bad })) +
		element("path", { d: stroke, stroke: palette.raised, "stroke-width": 4.6 }) +
		element("path", { d: stroke, stroke: palette.ink, "stroke-width": 2.4 })
	);
}

/** A stroke straight down. */
const downwards = (x: number, top: number, bottom: number): string => `M${number(x)} ${number(top)}V${number(bottom)}`;
