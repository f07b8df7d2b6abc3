/** One box or many: the same works in both worlds, side by side on one scale; below, what this very computer takes for them. */
import type { ReactElement } from "react";
import { couplingStrings as says } from "../strings/views/coupling.ts";
import "./coupling.css";
import { CouplingHere } from "./CouplingHere.tsx";
import { couplingFacts, type WorkCell, workCells, works, worlds } from "./coupling-board.ts";
import { Badge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { LogBars, type LogGroup, type LogRow } from "./parts/LogBars.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

/** A run's own time begins at microseconds. */
const scale = { fromNs: 1e3, toNs: 2e10 };

type Cells = readonly (readonly [world: string, cell: WorkCell])[];

function CouplingView({ board, nameOf }: ViewProps): ReactElement {
	const all = worlds.flatMap((world) => workCells(board, nameOf, world).map((cell) => [world, cell] as const));
	return (
		<div className="view">
			{board.length === 0 ? (
				<EmptyView />
			) : (
				<>
					<Head cells={all.map(([, cell]) => cell)} />
					<Section title={says.inRun}>
						<LogBars label={says.inRun} scale={scale} axis={says.axis} groups={works.map((work) => groupOf(work, all))} />
					</Section>
				</>
			)}
			<CouplingHere />
		</div>
	);
}

function Head({ cells }: { readonly cells: readonly WorkCell[] }): ReactElement {
	const wrong = cells.filter(({ state }) => state === "wrong").length;
	const right = cells.filter(({ state }) => state === "right").length;
	return (
		<Verdicts>
			{wrong > 0 && <Badge tone="bad" icon="cross" text={says.someWrong(wrong)} />}
			{wrong === 0 && right > 0 && <Badge tone="good" icon="check" text={says.allRight(right, cells.length)} />}
			{wrong + right === 0 && <Badge tone="quiet" icon="wait" text={says.noneYet} />}
		</Verdicts>
	);
}

const isDone = ({ state }: WorkCell): boolean => state === "right" || state === "wrong";

function groupOf(work: string, all: Cells): LogGroup {
	const own = all.filter(([, cell]) => cell.work === work);
	const [box, many] = own.map(([, cell]) => (isDone(cell) ? cell.tookUs : 0));
	return {
		id: work,
		head: (
			<>
				{says.work[work] ?? work}
				{box !== undefined && many !== undefined && box > 0 && many > 0 && (
					<span className="soft">{many >= box ? says.slower(many / box) : says.faster(box / many)}</span>
				)}
			</>
		),
		rows: own.map(([world, cell]) => rowOf(world, cell)),
	};
}

function rowOf(world: string, cell: WorkCell): LogRow {
	return {
		id: world,
		name: says.world[world] ?? world,
		ns: isDone(cell) ? cell.tookUs * 1_000 : null,
		tone: cell.state === "wrong" ? "bad" : world === "box" ? "accent" : "good",
		isHatched: world !== "box",
		by: cell.index,
		note: (
			<>
				{cell.state === "right" && <span className="soft">{says.touches[world]?.(cell.touches)}</span>}
				<Stated by={cell.index} className="view-link">
					<WorkState cell={cell} />
				</Stated>
			</>
		),
	};
}

function WorkState({ cell: { state, got, expected } }: { readonly cell: WorkCell }): ReactElement {
	switch (state) {
		case "notBegun":
			return <Badge tone="quiet" icon="empty" text={says.notBegun} />;
		case "working":
			return <Badge tone="accent" icon="working" text={says.working} />;
		case "right":
			return <Badge tone="good" icon="check" text={says.right} />;
		case "wrong":
			return <Badge tone="bad" icon="cross" text={says.wrong(got, expected)} />;
	}
}

export const view: ServiceView = {
	services: ["coupling-box", "coupling-lead"],
	title: says.title,
	explains: says.explains,
	facts: Object.values(couplingFacts),
	Component: CouplingView,
};
