/**
 * The lasso: a line drawn around nodes picks them for a partition. It lies over the drawing while it is
 * drawn, from its button or from a press with Shift held. A press that does not move picks one node.
 */
import type { Core } from "cytoscape";
import { type PointerEvent, type ReactElement, useEffect, useRef, useState } from "react";
import type { Point } from "../maths/message-path.ts";
import { useRun } from "../parts/context.ts";
import { strings } from "../strings.ts";
import { nodeId, nodeRadius } from "./graph.ts";
import { isInside } from "./pointing.ts";

/** Less than this is a click by a hand that is not still. */
const drawnPxMin = 8;

export interface LassoProps {
	readonly graph: { readonly current: Core | null };
	/** Where the pointer was pressed already; null: it is still to be. */
	readonly from: Point | null;
	readonly onDone: () => void;
}

export function LassoLayer({ graph, from, onDone }: LassoProps): ReactElement {
	const run = useRun();
	const layer = useRef<SVGSVGElement>(null);
	/** The line itself: a fast hand moves more often than the page is drawn. */
	const line = useRef<Point[]>(from === null ? [] : [from]);
	const [points, setPoints] = useState<readonly Point[]>([]);
	const at = (event: { readonly clientX: number; readonly clientY: number }): Point => {
		const box = layer.current?.getBoundingClientRect();
		return { x: event.clientX - (box?.x ?? 0), y: event.clientY - (box?.y ?? 0) };
	};
	const add = (event: PointerEvent | globalThis.PointerEvent): void => {
		if (line.current.length === 0) return;
		line.current.push(at(event));
		setPoints([...line.current]);
	};
	const finish = (): void => {
		const made = graph.current;
		const [first] = line.current;
		if (made !== null && first !== undefined) {
			const far = line.current.some(({ x, y }) => Math.hypot(x - first.x, y - first.y) >= drawnPxMin);
			const places = run.plan.nodes.map((_, node) => made.getElementById(nodeId(node)).renderedPosition());
			if (far) run.pick(places.flatMap((place, node) => (isInside(line.current, place) ? [node] : [])));
			else {
				const node = places.findIndex(({ x, y }) => Math.hypot(x - first.x, y - first.y) <= nodeRadius * made.zoom() * 1.2);
				if (node >= 0) run.togglePicked(node);
			}
		}
		onDone();
	};
	const latest = useRef({ add, finish });
	latest.current = { add, finish };
	useEffect(() => {
		if (from === null) return;
		// Pressed before this layer lay under the pointer, so the rest of the press is heard by the window.
		const onMove = (event: globalThis.PointerEvent): void => latest.current.add(event);
		const onUp = (): void => latest.current.finish();
		window.addEventListener("pointermove", onMove);
		window.addEventListener("pointerup", onUp);
		return () => {
			window.removeEventListener("pointermove", onMove);
			window.removeEventListener("pointerup", onUp);
		};
	}, [from]);
	return (
		<svg
			ref={layer}
			className="lasso-shape"
			aria-label={strings.topology.lassoHint}
			role="img"
			onPointerDown={(event) => {
				event.currentTarget.setPointerCapture(event.pointerId);
				line.current = [at(event)];
			}}
			onPointerMove={from === null ? add : undefined}
			onPointerUp={from === null ? finish : undefined}
		>
			<polygon points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
		</svg>
	);
}
