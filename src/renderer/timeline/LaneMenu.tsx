/** Which lanes are shown, and in which order: by the menu, without a mouse. */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Rows3 } from "lucide-react";
import { type ReactElement, useMemo } from "react";
import { useRun, useRunState } from "../parts/context.ts";
import { strings } from "../strings.ts";

const says = strings.timeline;

export function LaneMenu(): ReactElement {
	const run = useRun();
	const lanes = useRunState((state) => state.lanes);
	const selection = useRunState((state) => state.selection);
	const names = useMemo(() => run.plan.nodes.map(({ name }) => name), [run]);
	const node = selection?.kind === "node" ? selection.node : undefined;
	return (
		<Menu.Root modal={false}>
			<Menu.Trigger className="button quiet" style={{ minBlockSize: "1.8rem" }}>
				<Rows3 size={16} aria-hidden="true" /> {lanes.hidden.size > 0 ? says.hidden(lanes.hidden.size) : strings.side.nodes}
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu scroll" style={{ maxBlockSize: "60vh" }} align="end">
					{node !== undefined && (
						<>
							<Menu.Label className="menu-label label">{names[node]}</Menu.Label>
							<Menu.Item className="menu-item" onSelect={() => run.arrangement.moveLane(node, -1)}>
								{says.laneUp}
							</Menu.Item>
							<Menu.Item className="menu-item" onSelect={() => run.arrangement.moveLane(node, 1)}>
								{says.laneDown}
							</Menu.Item>
							<Menu.Separator className="menu-line" />
						</>
					)}
					{lanes.order.map((lane) => (
						<Menu.CheckboxItem
							key={lane}
							className="menu-item"
							checked={!lanes.hidden.has(lane)}
							onSelect={(event) => event.preventDefault()}
							onCheckedChange={() => run.arrangement.toggleLane(lane)}
						>
							<span aria-hidden="true">{lanes.hidden.has(lane) ? "☐" : "☑"}</span> {names[lane]}
						</Menu.CheckboxItem>
					))}
				</Menu.Content>
			</Menu.Portal>
		</Menu.Root>
	);
}
