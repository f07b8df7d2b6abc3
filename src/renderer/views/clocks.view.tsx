/**
 * Clocks: a face each with true, own and logical time; how far a clock that was set is off, beside how far it
 * says it can be; and the writes of a shared note, with those marked that the last write has wrongly undone.
 */
import type { ReactElement, ReactNode } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { clockStrings as says } from "../strings/views/clocks.ts";
import "./clocks.css";
import {
	clockFacts,
	handDegrees,
	isWithinBound,
	type LogicalClock,
	logicalClocks,
	type SetClock,
	setClocks,
	timeOfDay,
	turnUsFor,
	type WrittenNote,
	writtenNotes,
} from "./clocks-board.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import type { StatedBy } from "./parts/lit.ts";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const writesMax = 6;
const facesMax = 8;

function ClocksView(props: ViewProps): ReactElement {
	const set = setClocks(props);
	const notes = writtenNotes(props);
	const logical = logicalClocks(props, notes);
	if (set.every(({ errorUs }) => errorUs === null) && notes.length === 0) return <EmptyView />;
	return (
		<div className="view clocks">
			{set.length > 0 && <SetClocks clocks={set} atUs={props.atUs} />}
			{logical.length > 0 && <LogicalClocks clocks={logical} notes={notes} atUs={props.atUs} />}
		</div>
	);
}

// --- clocks that are set

interface SetClocksProps {
	readonly clocks: readonly SetClock[];
	readonly atUs: number;
}

function SetClocks({ clocks, atUs }: SetClocksProps): ReactElement {
	const turnUs = turnUsFor(clocks.flatMap(({ wallErrorUs, errorUs }) => [wallErrorUs ?? 0, errorUs ?? 0]));
	const broken = clocks.filter((clock) => !isWithinBound(clock));
	const isAnySet = clocks.some(({ isServer, errorUs }) => !isServer && errorUs !== null);
	return (
		<>
			<Verdicts>
				{!isAnySet && <Badge tone="quiet" icon="wait" text={says.notSet} />}
				{isAnySet && broken.length === 0 && <Badge tone="good" icon="check" text={says.allKept} />}
				{broken.length > 0 && <Badge tone="bad" icon="cross" text={says.brokenBy(broken.map(({ name }) => name))} />}
			</Verdicts>
			<Section title={says.faces} aside={<span className="soft">{says.turn(shortDuration(turnUs))}</span>}>
				<ul className="clocks-faces">
					{clocks.slice(0, facesMax).map((clock) => (
						<Named key={clock.node} name={clock.name} by={clock.index}>
							<Face atUs={atUs} turnUs={turnUs} wallErrorUs={clock.wallErrorUs} otherErrorUs={clock.isServer ? null : clock.errorUs} />
							{clock.isThere ? <Reading clock={clock} atUs={atUs} /> : <StatusBadge status={clock.status} />}
						</Named>
					))}
				</ul>
				<Legend items={legendOf(says.legend.set)} />
			</Section>
			<Section title={says.bounds}>
				<Grid
					label={says.bounds}
					head=""
					columns={[
						{ id: "verdict", title: says.columns.verdict },
						{ id: "off", title: says.columns.off, isNumber: true },
						{ id: "bound", title: says.columns.bound, isNumber: true },
						{ id: "why", title: says.columns.why, isNumber: true },
					]}
					rows={clocks
						.filter(({ isServer }) => !isServer)
						.map((clock) => ({
							id: clock.name,
							title: clock.name,
							cells: boundCells(clock),
							...(isWithinBound(clock) ? {} : { look: "bad" as const }),
							by: clock.index,
						}))}
				/>
			</Section>
		</>
	);
}

function boundCells(clock: SetClock): { readonly [column: string]: ReactElement | string } {
	const { fromServerUs, boundUs, roundTripUs, minDelayUs } = clock;
	return {
		off: fromServerUs === null ? "" : shortDuration(Math.abs(fromServerUs)),
		bound: boundUs === null ? says.unknown : `± ${shortDuration(boundUs)}`,
		why: boundUs === null ? "" : says.whyText(shortDuration(roundTripUs), shortDuration(minDelayUs)),
		verdict:
			boundUs === null ? "" : isWithinBound(clock) ? <Badge tone="good" icon="check" text={says.kept} /> : <Badge tone="bad" icon="cross" text={says.broken} />,
	};
}

function wrongness(errorUs: number): string {
	if (errorUs === 0) return says.exact;
	return errorUs > 0 ? says.fast(shortDuration(errorUs)) : says.slow(shortDuration(-errorUs));
}

function Reading({ clock: { errorUs, isServer }, atUs }: { readonly clock: SetClock; readonly atUs: number }): ReactElement {
	if (errorUs === null) return <span className="soft">{says.notTold}</span>;
	return (
		<>
			<span className="number">{timeOfDay(atUs + errorUs)}</span>
			<span className="soft">{isServer ? says.server : wrongness(errorUs)}</span>
		</>
	);
}

// --- logical clocks

interface LogicalClocksProps {
	readonly clocks: readonly LogicalClock[];
	readonly notes: readonly WrittenNote[];
	readonly atUs: number;
}

function LogicalClocks({ clocks, notes, atUs }: LogicalClocksProps): ReactElement {
	const lost = notes.filter(({ lostFor }) => lostFor.length > 0);
	const turnUs = turnUsFor(clocks.flatMap(({ last }) => (last === null ? [] : [last.wallUs - last.atUs, last.hybridUs - last.atUs])));
	// What was lost stays in sight, however much is written since.
	const shown = notes.length <= writesMax ? notes : notes.filter((note, place) => place >= notes.length - writesMax || lost.slice(-3).includes(note));
	return (
		<>
			<Verdicts>
				{lost.length > 0 ? <Badge tone="bad" icon="cross" text={says.lostCount(lost.length)} /> : <Badge tone="good" icon="check" text={says.nothingLost} />}
			</Verdicts>
			<Section title={says.faces} aside={<span className="soft">{says.turn(shortDuration(turnUs))}</span>}>
				<ul className="clocks-faces">
					{clocks.slice(0, facesMax).map(({ node, name, status, isThere, last }) => (
						<Named key={node} name={name} by={last?.index ?? -1}>
							<Face
								atUs={atUs}
								turnUs={turnUs}
								wallErrorUs={last === null ? null : last.wallUs - last.atUs}
								otherErrorUs={last === null ? null : last.hybridUs - last.atUs}
								count={last?.lamport ?? 0}
							/>
							{!isThere && <StatusBadge status={status} />}
							{isThere && last === null && <span className="soft">{says.notTold}</span>}
							{isThere && last !== null && (
								<>
									<span className="number">{timeOfDay(atUs + last.wallUs - last.atUs)}</span>
									<span className="soft">{wrongness(last.wallUs - last.atUs)}</span>
								</>
							)}
						</Named>
					))}
				</ul>
				<Legend items={[...legendOf(says.legend.hybrid), { id: "count", sign: counted, text: says.legend.lamport }]} />
			</Section>
			<Section title={says.writes} aside={<span className="soft">{notes.length > shown.length ? says.earlier(notes.length - shown.length) : ""}</span>}>
				<div className="clocks-writes">
					<Grid
						label={says.writes}
						head={says.write}
						columns={[
							{ id: "fate", title: says.writeColumns.fate },
							{ id: "true", title: says.writeColumns.true, isNumber: true },
							{ id: "wall", title: says.writeColumns.wall, isNumber: true },
							{ id: "lamport", title: says.writeColumns.lamport, isNumber: true },
							{ id: "hybrid", title: says.writeColumns.hybrid, isNumber: true },
							{ id: "vector", title: says.writeColumns.vector, isNumber: true },
						]}
						rows={shown.toReversed().map((note) => ({
							id: note.id,
							title: note.text.startsWith(note.by) ? note.text : says.writeOf(note.by, note.text),
							cells: writeCells(note),
							by: [note.index, ...note.lostIndexes],
							...(note.lostFor.length > 0 ? { look: "bad" as const } : {}),
						}))}
					/>
				</div>
			</Section>
		</>
	);
}

/** Without the hour, which is the same all along, and without minutes before there are any. */
const short = (timeUs: number): string => timeOfDay(timeUs).slice(3).replace(/^00:/, "");

function writeCells({ atUs, wallUs, lamport, hybridUs, hybridCount, vector, lostFor }: WrittenNote): { readonly [column: string]: ReactElement | string } {
	return {
		true: short(atUs),
		wall: short(wallUs),
		lamport: String(lamport),
		hybrid: says.hybridTime(short(hybridUs), hybridCount),
		vector: vector.join(" "),
		fate: lostFor.length === 0 ? <Badge tone="good" icon="check" text={says.fine} /> : <Badge tone="bad" icon="cross" text={says.lost(lostFor)} />,
	};
}

// --- faces

/** Whose face it is, under it; what comes first is the face. */
function Named({
	name,
	by,
	children: [face, ...reading],
}: {
	readonly name: string;
	readonly by: StatedBy;
	readonly children: readonly ReactNode[];
}): ReactElement {
	return (
		<li className={litClass(useLit(by))}>
			{face}
			<Stated by={by} className="view-link of-box">
				<strong>{name}</strong>
			</Stated>
			{reading}
		</li>
	);
}

interface FaceProps {
	readonly atUs: number;
	readonly turnUs: number;
	readonly wallErrorUs: number | null;
	/** Of the second clock: the corrected one, or the hybrid. */
	readonly otherErrorUs: number | null;
	/** A logical clock's count, in the middle. */
	readonly count?: number;
}

const ticks = Array.from({ length: 12 }, (_, tick) => tick * 30);

function Face({ atUs, turnUs, wallErrorUs, otherErrorUs, count }: FaceProps): ReactElement {
	const turned = (errorUs: number): string => `rotate(${handDegrees(atUs + errorUs, turnUs)} 60 60)`;
	return (
		<svg className="clocks-face" viewBox="0 0 120 120" aria-hidden="true">
			<circle className="clocks-rim" cx="60" cy="60" r="56" />
			{ticks.map((degrees) => (
				<path key={degrees} className="clocks-tick" d="M60 5v7" transform={`rotate(${degrees} 60 60)`} />
			))}
			<path className="clocks-true" d="M60 60V6" transform={turned(0)} />
			{wallErrorUs !== null && <path className="clocks-wall" d="M60 60V20" transform={turned(wallErrorUs)} />}
			{otherErrorUs !== null && <path className="clocks-other" d="M60 60V14l-5 9h10l-5-9" transform={turned(otherErrorUs)} />}
			{count === undefined ? (
				<circle className="clocks-hub" cx="60" cy="60" r="5" />
			) : (
				<>
					<circle className="clocks-count" cx="60" cy="60" r="17" />
					<text className="clocks-number" x="60" y="67" textAnchor="middle">
						{count}
					</text>
				</>
			)}
		</svg>
	);
}

const hands = {
	true: <Hand look="clocks-true" path="M2 8h30" />,
	wall: <Hand look="clocks-wall" path="M2 8h30" />,
	other: <Hand look="clocks-other" path="M2 8h30l-9 -5v10l9-5" />,
} as const;

function Hand({ look, path }: { readonly look: string; readonly path: string }): ReactElement {
	return (
		<svg width="36" height="16" aria-hidden="true">
			<path className={look} d={path} />
		</svg>
	);
}

const counted = (
	<svg width="22" height="22" viewBox="40 40 40 40" aria-hidden="true">
		<circle className="clocks-count" cx="60" cy="60" r="17" />
		<text className="clocks-number" x="60" y="67" textAnchor="middle">
			n
		</text>
	</svg>
);

function legendOf(other: string): readonly LegendItem[] {
	return [
		{ id: "true", sign: hands.true, text: says.legend.true },
		{ id: "wall", sign: hands.wall, text: says.legend.wall },
		{ id: "other", sign: hands.other, text: other },
	];
}

export const view: ServiceView = {
	services: ["time-sync", "logical-clocks"],
	title: says.title,
	explains: says.explains,
	facts: clockFacts,
	Component: ClocksView,
};
