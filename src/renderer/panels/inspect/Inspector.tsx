/** The inspector: what is selected, looked at closely. One file a kind of thing. */
import type { ReactElement } from "react";
import { useRunState } from "../../parts/context.ts";
import { strings } from "../../strings.ts";
import { CheckInspector } from "./CheckInspector.tsx";
import { EventInspector } from "./EventInspector.tsx";
import { LinkInspector } from "./LinkInspector.tsx";
import { MessageInspector } from "./MessageInspector.tsx";
import { NodeInspector } from "./NodeInspector.tsx";

const says = strings.inspect;

export function Inspector(): ReactElement {
	const selection = useRunState((state) => state.selection);
	switch (selection?.kind) {
		case "node":
			return <NodeInspector key={selection.node} node={selection.node} />;
		case "link":
			return <LinkInspector link={selection.link} />;
		case "message":
			return <MessageInspector key={`${selection.flight.from} ${selection.flight.sequence} ${selection.flight.copy}`} picked={selection.flight} />;
		case "check":
			return <CheckInspector id={selection.id} />;
		case "event":
			return <EventInspector key={selection.index} />;
		default:
			return (
				<div className="empty">
					<p>
						<strong>{says.nothing}</strong>
					</p>
					<p>{says.nothingHint}</p>
				</div>
			);
	}
}
