/** Every link with its state and its delay. */
import { memo, type ReactElement } from "react";
import { type LinkState, linkStateOf } from "../../../shared/drawing/node-state.ts";
import { shortDuration } from "../../../shared/drawing/time-scale.ts";
import { indexOf } from "../../../shared/plan-index.ts";
import type { LinkView } from "../../../shared/projection/snapshot.ts";
import { useRun, useRunState } from "../../parts/context.ts";
import { LinkStateText } from "../../parts/Icons.tsx";
import { strings } from "../../strings.ts";
import { type TableProps, TargetRow } from "./TargetRow.tsx";
import { TargetTable } from "./TargetTable.tsx";

const says = strings.workspace;

function delayText(link: LinkView, floorUs: number): string {
	const changed = link.changes.find((change) => change.startsWith("floorUs "));
	return changed === undefined ? shortDuration(floorUs) : shortDuration(Number(changed.split(" ").at(-1)));
}

export function LinkTable({ filter, onMenu }: TableProps): ReactElement {
	const run = useRun();
	const links = useRunState((state) => state.listed?.view.links);
	const selection = useRunState((state) => state.selection);
	const names = indexOf(run.plan).vertexNames;
	const shown = (links ?? []).flatMap((view, index) => {
		const link = run.plan.links[index];
		if (link === undefined) return [];
		const name = `${names[link.a]} – ${names[link.b]}`;
		return name.includes(filter) ? [{ view, index, name, floorUs: link.forward.floorUs }] : [];
	});
	return (
		<TargetTable
			title={says.links}
			columns={[{ title: says.link }, { title: says.state }, { title: says.delay, isRight: true }]}
			count={shown.length}
			row={(place) => {
				const found = shown[place];
				if (found === undefined) return null;
				const { view, index, name, floorUs } = found;
				return (
					<LinkRow
						key={view.name}
						place={place}
						link={index}
						name={name}
						state={linkStateOf(view)}
						delay={delayText(view, floorUs)}
						isSelected={selection?.kind === "link" && selection.link === index}
						onMenu={onMenu}
					/>
				);
			}}
		/>
	);
}

interface LinkRowProps extends Pick<TableProps, "onMenu"> {
	readonly place: number;
	readonly link: number;
	readonly name: string;
	readonly state: LinkState;
	readonly delay: string;
	readonly isSelected: boolean;
}

/** Made again only when what it shows is another: most states of a run change no link. */
const LinkRow = memo(function LinkRow({ place, link, name, state, delay, isSelected, onMenu }: LinkRowProps): ReactElement {
	return (
		<TargetRow place={place} target={{ kind: "link", link }} name={name} isSelected={isSelected} onMenu={onMenu}>
			<td>
				<LinkStateText state={state} />
			</td>
			<td className="right number">{delay}</td>
		</TargetRow>
	);
});
