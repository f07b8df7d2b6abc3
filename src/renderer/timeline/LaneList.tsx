/** Which lanes are shown, and in which order: a list that stays open while it is worked on. By mouse and by keyboard. */
import * as Dialog from "@radix-ui/react-dialog";
import { ChevronDown, ChevronUp, Rows3 } from "lucide-react";
import { type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import { useRun, useRunState } from "../parts/context.ts";
import { strings } from "../strings.ts";

const says = strings.timeline;

export function LaneList(): ReactElement {
	const [isOpen, setOpen] = useState(false);
	const hidden = useRunState((state) => state.lanes.hidden.size);
	return (
		<Dialog.Root modal={false} open={isOpen} onOpenChange={setOpen}>
			<div className="lane-list-place">
				<Dialog.Trigger className="button quiet lane-list-button">
					<Rows3 size={16} aria-hidden="true" /> {hidden > 0 ? says.hidden(hidden) : says.lanes}
				</Dialog.Trigger>
				<Dialog.Content className="menu lane-list" aria-describedby={undefined}>
					<Dialog.Title className="menu-label label">{says.lanesTitle}</Dialog.Title>
					<Lanes />
				</Dialog.Content>
			</div>
		</Dialog.Root>
	);
}

function Lanes(): ReactElement {
	const run = useRun();
	const { order, hidden } = useRunState((state) => state.lanes);
	const names = useMemo(() => run.plan.nodes.map(({ name }) => name), [run]);
	const list = useRef<HTMLUListElement>(null);
	/** The button that moved a lane: the row is put elsewhere, and the focus goes with it. */
	const moved = useRef("");
	useEffect(() => {
		if (order.length > 0 && moved.current !== "") list.current?.querySelector<HTMLElement>(`[data-move="${moved.current}"]`)?.focus();
		moved.current = "";
	}, [order]);
	const move = (lane: number, direction: 1 | -1): void => {
		moved.current = `${lane} ${direction}`;
		run.arrangement.moveLane(lane, direction);
	};
	const shown = order.filter((lane) => !hidden.has(lane));
	const mover = (lane: number, direction: 1 | -1): ReactElement => {
		const name = names[lane] ?? "";
		const label = direction < 0 ? says.laneUp(name) : says.laneDown(name);
		const isLast = hidden.has(lane) || (direction < 0 ? shown[0] : shown.at(-1)) === lane;
		return (
			<button
				type="button"
				className="button icon quiet"
				data-move={`${lane} ${direction}`}
				aria-label={label}
				title={label}
				aria-disabled={isLast}
				onClick={() => !isLast && move(lane, direction)}
			>
				{direction < 0 ? <ChevronUp size={16} aria-hidden="true" /> : <ChevronDown size={16} aria-hidden="true" />}
			</button>
		);
	};
	return (
		<>
			<ul className="scroll" ref={list}>
				{order.map((lane) => (
					<li key={lane}>
						<label>
							<input type="checkbox" checked={!hidden.has(lane)} onChange={() => run.arrangement.toggleLane(lane)} /> {names[lane]}
						</label>
						{mover(lane, -1)}
						{mover(lane, 1)}
					</li>
				))}
			</ul>
			<div className="lane-list-foot">
				<span className="soft">{says.lanesHint}</span>
				<button type="button" className="button quiet" aria-disabled={hidden.size === 0} onClick={() => run.arrangement.showAllLanes()}>
					{says.showAll}
				</button>
			</div>
		</>
	);
}
