/** What is under way at the instant that is shown; folded away until it is wanted, for it changes all the time. */
import { type ReactElement, useState } from "react";
import { useRun, useRunState } from "../../parts/context.ts";
import type { FlightView } from "../../state/contract-types.ts";
import { isSameFlight } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";
import { type TableProps, TargetRow } from "./TargetRow.tsx";
import { TargetTable } from "./TargetTable.tsx";

const says = strings.workspace;
const rowsMax = 40;

export function MessageTable(props: TableProps): ReactElement | null {
	const count = useRunState((state) => (state.listed?.flights.length ?? 0) + (state.listed?.flightsOmitted ?? 0));
	const [isOpen, setOpen] = useState(false);
	return (
		<details className="messages-under-way" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary className="label">{says.messages(count)}</summary>
			{isOpen && <Rows {...props} />}
		</details>
	);
}

function Rows({ filter, onMenu }: TableProps): ReactElement {
	const { plan } = useRun();
	const flights = useRunState((state) => state.listed?.flights);
	const selection = useRunState((state) => state.selection);
	const name = (node: number): string => plan.nodes[node]?.name ?? "?";
	const wanted = (flights ?? []).filter(({ from, to }) => name(from).includes(filter) || name(to).includes(filter));
	return (
		<>
			<TargetTable
				title={says.message}
				columns={[{ title: says.message }, { title: says.way }, { title: says.state }]}
				count={Math.min(rowsMax, wanted.length)}
				row={(place) => {
					const flight = wanted[place];
					if (flight === undefined) return null;
					return (
						<TargetRow
							key={`${flight.from} ${flight.to} ${flight.sequence} ${flight.copy} ${flight.link}`}
							place={place}
							target={{ kind: "message", flight }}
							name={strings.topology.messageNumber(plan.names[flight.name] ?? "?", flight.sequence, flight.copy)}
							isSelected={selection?.kind === "message" && isSameFlight(selection.flight, flight)}
							onMenu={onMenu}
						>
							<td className="message-way">
								{name(flight.from)} → {name(flight.to)}
							</td>
							<td className={flight.fate === "lost" ? "tone-bad" : ""}>{stateOf(flight)}</td>
						</TargetRow>
					);
				}}
			/>
			{wanted.length > rowsMax && <p className="soft more-messages">{says.moreMessages(wanted.length - rowsMax)}</p>}
		</>
	);
}

function stateOf({ fate, arrivesUs, link }: FlightView): string {
	if (fate === "lost") return `✕ ${strings.topology.lost}`;
	return arrivesUs < 0 && link >= 0 ? `‖ ${strings.topology.held}` : `→ ${strings.topology.underWay}`;
}
