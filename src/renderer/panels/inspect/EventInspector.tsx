/** An event looked at closely: what it was, what led to it and what came of it. */
import { GitFork, Locate, StickyNote } from "lucide-react";
import type { ReactElement } from "react";
import type { PagedEvent } from "../../../shared/contract/event-page.ts";
import { carriedBy, formatInstant } from "../../../shared/projection/event-text.ts";
import { Names } from "../../../shared/projection/named-fields.ts";
import { useRun, useRunState } from "../../parts/context.ts";
import { Scroll } from "../../parts/Scroll.tsx";
import type { EventNeighbour } from "../../state/contract-types.ts";
import { causalityMax } from "../../state/event-detail.ts";
import { strings } from "../../strings.ts";
import { DataTree } from "./DataTree.tsx";
import { eventTitle } from "./event-title.ts";
import { MessageCard, useMessageCard } from "./MessageCard.tsx";
import { Neighbours } from "./Neighbours.tsx";

const says = strings.inspect;

const cameIn: readonly EventNeighbour["relation"][] = ["before", "sending", "request", "command"];

export function EventInspector(): ReactElement | null {
	const run = useRun();
	const detail = useRunState((state) => state.detail);
	const card = useMessageCard(detail);
	const causality = useRunState((state) => state.causality);
	if (detail === null) return null;
	const { event, neighbours } = detail;
	const before = neighbours.filter(({ relation }) => cameIn.includes(relation));
	const after = neighbours.filter(({ relation }) => !cameIn.includes(relation));
	return (
		<Scroll label={strings.side.inspect}>
			<div className="panel-body">
				<div>
					<p className="mono soft inspect-event">
						{formatInstant(event.atUs)} · #{event.index} · {says.lamport} {event.lamport}
					</p>
					<h2 className="event-title">{eventTitle(event, run.plan)}</h2>
				</div>
				<div className="inspect-actions">
					<button type="button" className="button" onClick={() => run.seek(event.atUs)}>
						<Locate size={16} aria-hidden="true" /> {says.goThere}
					</button>
					<button type="button" className="button" onClick={() => void run.fork(event.atUs)}>
						<GitFork size={16} aria-hidden="true" /> {says.forkBefore}
					</button>
					<button type="button" className="button" onClick={() => run.setSide("notes")}>
						<StickyNote size={16} aria-hidden="true" /> {says.noteHere}
					</button>
				</div>
				{causality !== null && (
					<div className="inspect-actions">
						<span className="chip accent">◀ {says.past(causality.past.size, causality.past.size >= causalityMax)}</span>
						<span className="chip warning">{says.future(causality.future.size, causality.future.size >= causalityMax)} ▶</span>
					</div>
				)}
				{card === null ? (
					<>
						{before.length > 0 && <Neighbours title={says.cameIn} items={before} />}
						<Contents event={event} />
						{after.length > 0 && <Neighbours title={says.wentOut} items={after} />}
					</>
				) : (
					<MessageCard event={event} card={card} neighbours={neighbours} />
				)}
			</div>
		</Scroll>
	);
}

/** The event's own fields, and what it carries. */
function Contents({ event }: { readonly event: PagedEvent }): ReactElement {
	const run = useRun();
	const fields = Object.entries(new Names(run.plan).fields(event)).filter(([, value]) => value !== null);
	const body = carriedBy(event, run.plan, run.bodies);
	return (
		<section className="block">
			<header>
				<h3>{says.fields}</h3>
			</header>
			<div>
				<DataTree value={{ kind: event.kind, ...Object.fromEntries(fields) }} />
				{body !== null && body !== "" && (
					<>
						<p className="label">{says.body}</p>
						<DataTree value={body} />
					</>
				)}
			</div>
		</section>
	);
}
