/** The whole run as a line: what is behind, faults, and the instant that is shown, which a hand or keys move. */
import { type ReactElement, useEffect, useRef } from "react";
import { clockText } from "../../shared/drawing/time-scale.ts";
import { frameTurns } from "../drawing/page-frames.ts";
import { useRun, useRunState } from "../parts/context.ts";
import { listedUs } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { ScrubberPainter } from "./scrubber-painter.ts";

export function Scrubber(): ReactElement {
	const run = useRun();
	const canvas = useRef<HTMLCanvasElement>(null);
	// The drawing follows every state; who hears the slider needs a few a second.
	const us = useRunState((state) => Math.floor(listedUs(state)));
	const untilUs = useRunState((state) => state.run.untilUs);
	const marksOmitted = useRunState((state) => state.marksOmitted);
	useEffect(() => {
		if (canvas.current === null) return;
		const painter = new ScrubberPainter(run.store, canvas.current);
		const sizes = new ResizeObserver(() => painter.resize());
		sizes.observe(canvas.current);
		const leave = frameTurns.join(painter);
		return () => {
			leave();
			sizes.disconnect();
		};
	}, [run]);
	return (
		<div className="scrubber">
			<canvas ref={canvas} />
			<input
				type="range"
				min={0}
				max={untilUs}
				step={Math.max(1, Math.round(untilUs / 2_000))}
				value={us}
				aria-label={strings.transport.scrubber}
				title={marksOmitted > 0 ? strings.transport.marksOmitted(marksOmitted) : undefined}
				aria-valuetext={clockText(us).main}
				onChange={(event) => run.seek(Math.min(run.state.run.virtualUs, Number(event.target.value)))}
			/>
		</div>
	);
}
