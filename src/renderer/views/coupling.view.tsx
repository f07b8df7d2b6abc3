/** One box or many: the same three works in both worlds, side by side, with what they took and whether they are right. */
import type { ReactElement } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { couplingStrings as says } from "../strings/views/coupling.ts";
import { couplingFacts, type WorkCell, workCells, worlds } from "./coupling-board.ts";
import { Badge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { KeyValue } from "./parts/KeyValue.tsx";
import { Section } from "./parts/Section.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

function CouplingView({ board, nameOf, showEvent }: ViewProps): ReactElement {
	if (board.length === 0) return <EmptyView />;
	return (
		<div className="view">
			{worlds.map((world) => (
				<Section key={world} title={says.world[world] ?? world}>
					{workCells(board, nameOf, world).map((cell) => (
						<Work key={cell.work} cell={cell} touches={says.touches[world] ?? ""} onShow={() => showEvent(cell.index)} />
					))}
				</Section>
			))}
		</div>
	);
}

function Work({ cell, touches, onShow }: { readonly cell: WorkCell; readonly touches: string; readonly onShow: () => void }): ReactElement {
	const isDone = cell.state === "right" || cell.state === "wrong";
	return (
		<div>
			<p>
				<button type="button" className="view-link" disabled={cell.index < 0} onClick={onShow}>
					{says.work[cell.work] ?? cell.work}
				</button>{" "}
				<WorkState cell={cell} />
			</p>
			{isDone && (
				<KeyValue
					items={[
						{ key: says.took, value: shortDuration(cell.tookUs) },
						{ key: touches, value: cell.touches },
					]}
				/>
			)}
		</div>
	);
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
	facts: Object.values(couplingFacts),
	Component: CouplingView,
};
