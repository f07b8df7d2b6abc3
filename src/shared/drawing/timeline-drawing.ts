/**
 * The whole space-time diagram, drawn once for every surface: the window's canvas and the SVG of exports show the
 * same marks. Pure.
 */
import type { Surface } from "./surface.ts";
import { drawArrows, drawIndirect } from "./timeline-arrows.ts";
import { drawFlags, drawLaneBands, drawStrip } from "./timeline-bands.ts";
import { cutLabel, drawCut, drawCutLabel } from "./timeline-cut.ts";
import { drawAxis, drawDivergence, drawLanes, drawNames, drawPins } from "./timeline-frame.ts";
import { drawDensity, drawEvents } from "./timeline-marks.ts";
import type { TimelinePlaces } from "./timeline-places.ts";
import { namesPx, type Spot, type TimelineScene } from "./timeline-scene.ts";

/** @returns where events were drawn, for the pointer */
export function drawTimeline(surface: Surface, scene: TimelineScene, places: TimelinePlaces): readonly Spot[] {
	const { topPx, bottomPx, widthPx, timeBase } = scene;
	let spots: readonly Spot[] = [];
	drawLanes(surface, scene);
	surface.clipped({ x: namesPx, y: topPx, width: widthPx - namesPx, height: bottomPx - topPx }, () => {
		// Without events nothing says where in an order a fault was.
		if (scene.density === null || !places.isByOrder) drawLaneBands(surface, scene, places);
		if (scene.density === null) {
			drawIndirect(surface, scene, places);
			drawArrows(surface, scene, places);
			spots = drawEvents(surface, scene, places);
		} else if (!places.isByOrder) drawDensity(surface, scene, places);
		if (timeBase === "true") drawFlags(surface, scene, places);
		if (timeBase === "true") drawDivergence(surface, scene, places);
		drawCut(surface, scene, places);
		drawPins(surface, scene, places);
		drawStrip(surface, scene, places);
	});
	const label = cutLabel(surface, scene, places);
	drawAxis(surface, scene, places, label === null ? [] : [label]);
	drawNames(surface, scene);
	if (label !== null) drawCutLabel(surface, scene, label);
	return spots;
}
