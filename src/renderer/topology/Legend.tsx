/** What the signs on the drawing mean. */
import { type ReactElement, useMemo } from "react";
import { isCopy } from "../../shared/drawing/flights.ts";
import { commonDelay } from "../../shared/drawing/link-words.ts";
import { skewText } from "../../shared/drawing/node-words.ts";
import { loadLimitRatio, queueOf } from "../maths/node-state.ts";
import { useRun, useRunState } from "../parts/context.ts";
import type { RunState } from "../state/run-state.ts";
import { strings } from "../strings.ts";

const says = strings.topology;

/** How far a clock is off at most on one side; 0: none is off there so far that it is told. */
function farthest({ listed }: RunState, side: 1 | -1): number {
	let most = 0;
	listed?.clocks.forEach(({ skewUs }, node) => {
		if (skewUs * side > most * side && listed.view.nodes[node]?.status !== "down") most = skewUs;
	});
	return skewText(most) === "" ? 0 : most;
}

export function Legend(): ReactElement {
	const { plan } = useRun();
	const common = useMemo(() => commonDelay(plan), [plan]);
	const isLit = useRunState((state) => state.causality !== null);
	const isNarrowed = useRunState((state) => state.causality?.rings.isNarrowed ?? false);
	const isParted = useRunState((state) => (state.listed?.view.partition ?? null) !== null);
	const queues = useRunState((state) => state.listed?.view.nodes.some((node) => queueOf(node) > 0) ?? false);
	const isOver = useRunState(
		(state) => state.listed?.view.nodes.some(({ status, utilisationRatio }) => status === "up" && utilisationRatio > loadLimitRatio) ?? false,
	);
	const isClogged = useRunState((state) => state.listed?.view.links.some(({ forward, backward }) => forward === "clogged" || backward === "clogged") ?? false);
	const hasCopies = useRunState((state) => state.listed?.flights.some(isCopy) ?? false);
	const aheadUs = useRunState((state) => farthest(state, 1));
	const behindUs = useRunState((state) => farthest(state, -1));
	const omitted = useRunState((state) => state.listed?.flightsOmitted ?? 0);
	return (
		<div className="floating bottom legend">
			<span>
				<svg width="18" height="14" aria-hidden="true">
					<rect x="1" y="1.5" width="16" height="11" rx="2.5" fill="var(--message)" />
					<path d="M4 4.5 9 8l5-3.500" fill="none" stroke="var(--raised)" strokeWidth="1.8" />
				</svg>
				{says.request}
			</span>
			<span>
				<svg width="14" height="14" aria-hidden="true">
					<circle cx="7" cy="7" r="5" fill="none" stroke="var(--reply)" strokeWidth="2.2" />
				</svg>
				{says.reply}
			</span>
			<span>
				<svg width="14" height="14" aria-hidden="true">
					<path d="M2 2 12 12M12 2 2 12" stroke="var(--bad)" strokeWidth="3" />
				</svg>
				{says.lost}
			</span>
			{isClogged && (
				<span>
					<svg width="14" height="14" aria-hidden="true">
						<path d="M4.500 1.500v11M9.500 1.500v11" stroke="var(--warning)" strokeWidth="3.400" />
					</svg>
					{says.held}
				</span>
			)}
			{hasCopies && (
				<span>
					<svg width="21" height="17" aria-hidden="true">
						<path d="M5.500 5V1.200H19.500V11H14" fill="var(--paper)" stroke="var(--warning)" strokeWidth="1.800" strokeLinejoin="round" />
						<rect x="1" y="5" width="14" height="10.500" rx="2.200" fill="var(--message)" />
						<path d="M3.500 8 8 11.200 12.500 8" fill="none" stroke="var(--raised)" strokeWidth="1.700" />
					</svg>
					{says.copy}
				</span>
			)}
			<span>
				<svg width="22" height="12" aria-hidden="true">
					<rect x="0.5" y="2.500" width="21" height="7" fill="var(--surface)" stroke="var(--soft)" />
					<rect x="1" y="3" width="11" height="6" fill="var(--good)" />
					<path d="M17.500 0v12" stroke="var(--ink)" strokeWidth="2" />
				</svg>
				{says.loadLimit}
			</span>
			{isOver && (
				<span>
					<svg width="24" height="14" aria-hidden="true">
						<rect x="1" y="3.500" width="21" height="7" fill="var(--surface)" stroke="var(--bad)" strokeWidth="1.800" />
						<rect x="1" y="3.500" width="16" height="7" fill="var(--bad)" />
						<rect x="17" y="1" width="5" height="12" fill="var(--bad)" />
						<path d="M17 0v14" stroke="var(--ink)" strokeWidth="2" />
					</svg>
					{says.overLimit}
				</span>
			)}
			{queues && (
				<span>
					<svg width="20" height="14" aria-hidden="true">
						<rect x="0.5" y="0.500" width="19" height="13" rx="6.500" fill="var(--warning)" />
						<path d="M6 7h.01M10 7h.01M14 7h.01" stroke="var(--paper)" strokeWidth="2.500" strokeLinecap="round" />
					</svg>
					{says.waiting}
				</span>
			)}
			{aheadUs > 0 && (
				<span>
					<svg width="20" height="15" aria-hidden="true">
						<path d="M1 1h12l5 6.500-5 6.500H1z" fill="var(--raised)" stroke="var(--warning)" strokeWidth="1.500" strokeLinejoin="round" />
						<path d="M4 7.500h8M8 3.500v8" stroke="var(--warning)" strokeWidth="1.800" />
					</svg>
					{says.ahead(skewText(aheadUs))}
				</span>
			)}
			{behindUs < 0 && (
				<span>
					<svg width="20" height="15" aria-hidden="true">
						<path d="M19 1H7L2 7.500 7 14h12z" fill="var(--raised)" stroke="var(--warning)" strokeWidth="1.500" strokeLinejoin="round" />
						<path d="M8 7.500h8" stroke="var(--warning)" strokeWidth="1.800" />
					</svg>
					{says.behind(skewText(behindUs))}
				</span>
			)}
			{isParted && (
				<span>
					<svg width="24" height="12" aria-hidden="true">
						<path d="M1 6h22" stroke="var(--bad)" strokeWidth="3" strokeDasharray="7 4" />
					</svg>
					{says.boundary}
				</span>
			)}
			{isLit && (
				<>
					<span>
						<svg width="16" height="16" aria-hidden="true">
							<circle cx="8" cy="8" r="6" fill="none" stroke="var(--past)" strokeWidth="2.800" strokeDasharray="3.200 2.600" />
						</svg>
						{isNarrowed ? says.pastNear : says.past}
					</span>
					<span>
						<svg width="16" height="16" aria-hidden="true">
							<circle cx="8" cy="8" r="6" fill="none" stroke="var(--future)" strokeWidth="2.800" />
						</svg>
						{isNarrowed ? says.futureNear : says.future}
					</span>
				</>
			)}
			{common !== "" && <span>{says.commonDelay(common)}</span>}
			{omitted > 0 && <span>{says.omitted(omitted)}</span>}
		</div>
	);
}
