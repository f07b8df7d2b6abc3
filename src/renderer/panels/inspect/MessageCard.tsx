/**
 * A message as a card: what came in, what the node did then, what went out. Shown for the sending and for
 * the delivery of a message alike; a part that there is nothing of is absent.
 */
import { type ReactElement, useEffect, useState } from "react";
import { type PagedEvent, readEventPage } from "../../../shared/contract/event-page.ts";
import type { EventKind } from "../../../shared/event-schema.ts";
import { carriedBy, eventText } from "../../../shared/projection/event-text.ts";
import { useRun } from "../../parts/context.ts";
import type { RunController } from "../../state/run-controller.ts";
import type { EventDetail } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";
import { DataTree } from "./DataTree.tsx";
import { eventTitle } from "./event-title.ts";
import { type NeighbourItem, Neighbours } from "./Neighbours.tsx";

const says = strings.inspect;
/** A node's events that are looked at behind a delivery. */
const eventsMax = 60;
/** With these something else reached the node: what follows is no longer of the message. */
const nextCauses: ReadonlySet<EventKind> = new Set(["messageDelivered", "timerFired", "nodeCrashed", "nodeBooted", "nodePaused", "answered"]);

export interface Card {
	readonly sent: PagedEvent | null;
	readonly delivered: PagedEvent | null;
	/** On the receiver, until something else reached it. */
	readonly after: readonly PagedEvent[];
}

/** Null for what is no message, and until the lab has told. */
export function useMessageCard(detail: EventDetail | null): Card | null {
	const run = useRun();
	const [card, setCard] = useState<Card | null>(null);
	useEffect(() => {
		let isOver = false;
		setCard(null);
		if (detail === null || (detail.event.kind !== "messageSent" && detail.event.kind !== "messageDelivered")) return;
		void readCard(run, detail).then((found) => !isOver && setCard(found));
		return () => {
			isOver = true;
		};
	}, [run, detail]);
	return card;
}

async function readCard(run: RunController, { event, neighbours }: EventDetail): Promise<Card> {
	const other = neighbours.find(({ relation }) => relation === (event.kind === "messageSent" ? "delivery" : "sending"));
	const page = other === undefined ? undefined : await run.look("log.event", { index: other.index });
	const counterpart = page === undefined ? null : (readEventPage(page.page)[0] ?? null);
	const [sent, delivered] = event.kind === "messageSent" ? [event, counterpart] : [counterpart, event];
	if (delivered === null) return { sent, delivered, after: [] };
	const filter = { toIndex: null, fromUs: null, toUs: null, kinds: null, text: null, backwards: false };
	const following = await run.look("log.events", { ...filter, fromIndex: delivered.index + 1, nodes: [delivered.node], limit: eventsMax });
	const events = following === undefined ? [] : readEventPage(following);
	const end = events.findIndex(({ kind }) => nextCauses.has(kind));
	return { sent, delivered, after: end < 0 ? events : events.slice(0, end) };
}

export function MessageCard({
	event,
	card: { sent, delivered, after },
	neighbours,
}: {
	readonly event: PagedEvent;
	readonly card: Card;
	readonly neighbours: EventDetail["neighbours"];
}): ReactElement {
	const run = useRun();
	const { plan, bodies } = run;
	const item = (one: PagedEvent): NeighbourItem => ({ index: one.index, atUs: one.atUs, text: eventText(one, plan, bodies) });
	const body = sent === null ? null : carriedBy(sent, plan, bodies);
	const replies = neighbours.filter(({ relation }) => relation === "reply" || relation === "loss");
	const out = after.filter(({ kind }) => kind === "messageSent");
	const did = after.filter(({ kind }) => kind !== "messageSent");
	const came = [sent, delivered].filter((one): one is PagedEvent => one !== null && one.index !== event.index);
	return (
		<>
			<section className="block">
				<header>
					<h3>{event.kind === "messageSent" ? says.body : says.cameIn}</h3>
				</header>
				<div>{body === null ? <p className="soft">{says.noBody}</p> : <DataTree value={body} />}</div>
			</section>
			{came.length > 0 && (
				<Neighbours
					title={event.kind === "messageSent" ? says.arrivedThere : says.sentThere}
					items={came.map((one) => ({ ...item(one), text: eventTitle(one, plan) }))}
				/>
			)}
			{delivered === null && replies.length === 0 && <p className="soft">{says.notArrived}</p>}
			{did.length > 0 && <Neighbours title={says.did} items={did.map(item)} />}
			{out.length > 0 && <Neighbours title={says.wentOut} items={out.map(item)} />}
			{replies.length > 0 && <Neighbours title={says.became} items={replies} />}
		</>
	);
}
