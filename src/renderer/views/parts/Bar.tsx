/** A part of a whole as a filling bar, with its number beside it and a line at a limit. */
import type { CSSProperties, ReactElement } from "react";
import type { Tone } from "../../../shared/drawing/node-state.ts";

export interface BarProps {
	/** What it measures, for those who do not see it. */
	readonly label: string;
	/** 0..1; what lies outside is cut off. */
	readonly ratio: number;
	/** Shown beside the bar; a share of a hundred when it is left out. */
	readonly text?: string;
	readonly tone?: Tone;
	/** 0..1: a line across the bar. */
	readonly limitRatio?: number;
}

const within = (ratio: number): number => (Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 0);

export function Bar({ label, ratio, text, tone = "good", limitRatio }: BarProps): ReactElement {
	const share = within(ratio);
	const measures = { "--share": share, "--limit": limitRatio ?? 0 } as CSSProperties;
	return (
		<span className="view-bar">
			<span className={`view-bar-box tone-${tone} ${limitRatio === undefined ? "" : "has-limit"}`} style={measures} aria-hidden="true" />
			<span className="number">
				<span className="hidden-visually">{label} </span>
				{text ?? `${Math.round(share * 100)} %`}
			</span>
		</span>
	);
}
