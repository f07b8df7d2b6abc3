/**
 * Spans of time side by side on one scale, from nanoseconds to seconds: every tick is a thousand times the one before
 * it. Rows stand in groups; two rows of a group are told apart by form as well as colour.
 */
import { type CSSProperties, Fragment, type ReactElement, type ReactNode } from "react";
import type { Tone } from "../../../shared/drawing/node-state.ts";
import "./log-bars.css";
import { kept } from "./kept.ts";
import type { StatedBy } from "./lit.ts";
import { type LogScale, nanosText, ratioOn, ticksOn } from "./log-scale.ts";
import { litClass, useLit } from "./Stated.tsx";

export interface LogRow {
	readonly id: string;
	readonly name: string;
	/** Null: not known yet. */
	readonly ns: number | null;
	readonly tone: Tone;
	readonly isHatched?: boolean;
	/** Events that stated it. */
	readonly by?: StatedBy;
	/** Said beside the span. */
	readonly note?: ReactNode;
}

export interface LogGroup {
	readonly id: string;
	readonly head: ReactNode;
	readonly rows: readonly LogRow[];
}

export interface LogBarsProps {
	readonly label: string;
	readonly scale: LogScale;
	readonly groups: readonly LogGroup[];
	/** What the scale is, said beside its ticks. */
	readonly axis: string;
}

const at = (name: "--share" | "--at", ratio: number): CSSProperties => ({ [name]: ratio }) as CSSProperties;

export function LogBars({ label, scale, groups, axis }: LogBarsProps): ReactElement {
	return (
		<ul className="log-bars" aria-label={label}>
			{groups.map(({ id, head, rows }) => (
				<Fragment key={id}>
					<li className="log-head is-first">{head}</li>
					{rows.map((row) => (
						<Row key={row.id} row={row} scale={scale} />
					))}
				</Fragment>
			))}
			<li className="log-axis" aria-hidden="true">
				<span className="log-name">{axis}</span>
				<span className="log-track">
					{ticksOn(scale).map(({ ratio, text }) => (
						<span key={text} className="log-tick" style={at("--at", ratio)}>
							{text}
						</span>
					))}
				</span>
				<span />
			</li>
		</ul>
	);
}

const Row = kept(function Row({ row: { name, ns, tone, isHatched, by = [], note }, scale }: { readonly row: LogRow; readonly scale: LogScale }): ReactElement {
	return (
		<li className={litClass(useLit(by))}>
			<span className="log-name">{name}</span>
			<span className={`log-track tone-${tone}`} aria-hidden="true">
				{ns !== null && <span className={`log-fill ${isHatched ? "is-hatched" : ""}`} style={at("--share", ratioOn(scale, ns))} />}
			</span>
			<span className="log-text number">
				{ns !== null && <span>{nanosText(ns)}</span>}
				{note}
			</span>
		</li>
	);
});
