/** The drive year: how far it is, and curves of dead drives, stripes short of units, stripes lost and repair traffic. */
import type { ReactElement } from "react";
import { useRun, useRunState } from "../parts/context.ts";
import { drivesStrings as says } from "../strings/views/drives.ts";
import { type DriveDay, type DriveYear, drivesFacts, driveYear } from "./drives-board.ts";
import { Badge } from "./parts/Badge.tsx";
import { Bar } from "./parts/Bar.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { KeyValue } from "./parts/KeyValue.tsx";
import { MiniChart } from "./parts/MiniChart.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import "./drives.css";
import type { ServiceView, ViewProps } from "./view.ts";

const dayUs = 86_400_000_000;
const lossesMax = 6;

function DrivesView({ plan, atUs, board, nameOf }: ViewProps): ReactElement {
	const year = driveYear(board, nameOf);
	const days = Math.max(1, Math.round(plan.untilUs / dayUs));
	const latest = year?.days.at(-1);
	if (year === null || latest === undefined) return <EmptyView />;
	const moved = year.days.reduce((sum, { movedGigabytes }) => sum + movedGigabytes, 0);
	return (
		<div className="view">
			<Verdicts>
				<Stated by={latest.index} className="view-link">
					<State latest={latest} />
				</Stated>
				<Stated by={year.laidOutIndex} className="view-link soft">
					{says.kept(year.units, year.needed, year.sets)}
				</Stated>
				{year.found !== null && (
					<Stated by={year.found.index} className="view-link">
						<Badge tone="good" icon="check" text={says.found(year.found.count)} />
					</Stated>
				)}
			</Verdicts>
			<div className="drives-year">
				<Bar label={says.year} ratio={atUs / plan.untilUs} text={says.day(Math.floor(atUs / dayUs), days)} tone="accent" />
				<YearControl />
			</div>
			<KeyValue
				items={[
					{ key: says.drives, value: year.drives },
					{ key: says.dead, value: latest.dead },
					{ key: says.replaced, value: latest.replaced },
					{ key: says.silent, value: latest.silent },
					{ key: says.stripes, value: year.stripes },
					{ key: says.moved, value: says.terabytes(moved) },
				]}
			/>
			<Curves year={year} days={days} />
			{year.losses.length > 0 && (
				<Section title={says.losses}>
					<ul>
						{year.losses.slice(0, lossesMax).map(({ index, why, count }) => (
							<li key={index}>
								<Stated by={index} className="view-link">
									{says.loss(count, why)}
								</Stated>
							</li>
						))}
					</ul>
				</Section>
			)}
		</div>
	);
}

function State({ latest: { missing, lost } }: { readonly latest: DriveDay }): ReactElement {
	if (lost > 0) return <Badge tone="bad" icon="cross" text={says.lost(lost)} />;
	return missing > 0 ? <Badge tone="warning" icon="copy" text={says.short(missing)} /> : <Badge tone="good" icon="check" text={says.allWhole} />;
}

function Curves({ year, days }: { readonly year: DriveYear; readonly days: number }): ReactElement {
	const selectedUs = useRunState((state) => state.detail?.event.atUs);
	const xs = year.days.map(({ day }) => day);
	const whole = (value: number): string => `${Math.round(value)}`;
	const charts = [
		{ label: says.deadChart, of: (day: DriveDay) => day.dead, colour: "soft", dash: undefined },
		{ label: says.missingChart, of: (day: DriveDay) => day.missing, colour: "warning", dash: [6, 3] },
		{ label: says.lostChart, of: (day: DriveDay) => day.lost, colour: "bad", dash: [2, 2] },
		{ label: says.movedChart, of: (day: DriveDay) => day.movedGigabytes / 1_000, colour: "accent", dash: undefined },
	] as const;
	return (
		<div className="drives-curves">
			{charts.map(({ label, of, colour, dash }) => {
				const values = year.days.map(of);
				return (
					<MiniChart
						key={label}
						label={label}
						summary={says.now(whole(values.at(-1) ?? 0))}
						xs={xs}
						curves={[{ name: label, values, colour, isFilled: true, isStepped: true, ...(dash === undefined ? {} : { dash }) }]}
						text={whole}
						xText={says.onDay}
						{...(selectedUs === undefined ? {} : { markX: selectedUs / dayUs })}
						xRange={[0, days]}
						yMax={1}
						heightPx={118}
						hasKeys={false}
					/>
				);
			})}
		</div>
	);
}

/** The year goes on as fast as this computer can, and can be stopped on any day. */
function YearControl(): ReactElement | null {
	const run = useRun();
	const isAtPresent = useRunState((state) => state.cursorUs === null);
	const mode = useRunState((state) => state.run.mode);
	const isLive = useRunState((state) => state.run.kind === "live");
	if (!isLive || !isAtPresent || (mode !== "running" && mode !== "paused")) return null;
	if (mode === "running")
		return (
			<button type="button" className="button" onClick={() => void run.pause()}>
				{says.stop}
			</button>
		);
	return (
		<button type="button" className="button" onClick={() => void run.toEnd()}>
			{says.goOn}
		</button>
	);
}

export const view: ServiceView = {
	services: ["drives-coordinator"],
	title: says.title,
	explains: says.explains,
	facts: Object.values(drivesFacts),
	Component: DrivesView,
};
