/** What the signs of the diagram mean; shown where it has the height for a line of words. */
import type { ReactElement, ReactNode } from "react";
import { useRunState } from "../parts/context.ts";
import { strings } from "../strings.ts";

const says = strings.timeline.legend;

function Sign({ text, width = 16, children }: { readonly text: string; readonly width?: number; readonly children: ReactNode }): ReactElement {
	return (
		<span>
			<svg width={width} height="14" aria-hidden="true">
				{children}
			</svg>
			{text}
		</span>
	);
}

export function TimelineLegend({ hasCopies }: { readonly hasCopies: boolean }): ReactElement {
	const isLit = useRunState((state) => state.causality !== null);
	const hasHidden = useRunState((state) => state.lanes.hidden.size > 0);
	const timeBase = useRunState((state) => state.timeBase);
	const isCompared = useRunState((state) => state.divergence !== null);
	return (
		<div className="legend timeline-legend">
			<Sign text={says.sent} width={12}>
				<circle cx="6" cy="7" r="4.500" fill="var(--message)" />
			</Sign>
			<Sign text={says.delivered} width={12}>
				<circle cx="6" cy="7" r="4" fill="var(--surface)" stroke="var(--message)" strokeWidth="2" />
			</Sign>
			<Sign text={says.lost} width={26}>
				<path d="M0 7h18" stroke="var(--bad)" strokeWidth="1.800" strokeDasharray="5 3" />
				<path d="M16 3l8 8M24 3l-8 8" stroke="var(--bad)" strokeWidth="2.400" />
			</Sign>
			<Sign text={says.underWay} width={22}>
				<path d="M0 7h22" stroke="var(--message)" strokeWidth="1.800" strokeDasharray="2 3" />
			</Sign>
			{hasCopies && (
				<Sign text={strings.topology.copy} width={22}>
					<path d="M0 5h22M0 9h22" stroke="var(--message)" strokeWidth="1.500" />
				</Sign>
			)}
			<Sign text={says.local} width={18}>
				<circle cx="9" cy="7" r="6.200" fill="var(--surface)" stroke="var(--soft)" strokeWidth="1.500" />
				<path d="M6 7h.01M9 7h.01M12 7h.01" stroke="var(--soft)" strokeWidth="2" strokeLinecap="round" />
			</Sign>
			<Sign text={says.fault}>
				<path d="M8 1 15 13H1Z" fill="var(--bad)" />
			</Sign>
			<Sign text={says.repair}>
				<path d="M8 13 15 1H1Z" fill="var(--good)" />
			</Sign>
			{timeBase !== "true" && (
				<Sign text={says.instant[timeBase]} width={20}>
					<path d={timeBase === "local" ? "M5 0v8M15 6v8" : "M5 0v5l10 4v5"} fill="none" stroke="var(--select)" strokeWidth="2.800" />
				</Sign>
			)}
			{hasHidden && (
				<Sign text={says.indirect} width={24}>
					<path d="M0 7h24" stroke="var(--quiet)" strokeWidth="1.800" strokeDasharray="7 4" />
				</Sign>
			)}
			{isCompared && (
				<Sign text={says.differs}>
					<path d="M8 1 14 7 8 13 2 7Z" fill="var(--message)" />
				</Sign>
			)}
			{isLit && (
				<>
					<Sign text={strings.topology.past} width={22}>
						<path d="M0 7h22" stroke="var(--past)" strokeWidth="3" strokeDasharray="8 4" />
					</Sign>
					<Sign text={strings.topology.future} width={22}>
						<path d="M0 7h22" stroke="var(--future)" strokeWidth="3" />
					</Sign>
				</>
			)}
		</div>
	);
}
