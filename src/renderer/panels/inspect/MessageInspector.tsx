/**
 * A message under way looked at closely: where it goes, when it will be there, and what can be done to it. As
 * soon as the log has its sending, what it carries as well.
 */
import { type ReactElement, useEffect, useState } from "react";
import { type PagedEvent, readEventPage } from "../../../shared/contract/event-page.ts";
import { isCopy } from "../../../shared/drawing/flights.ts";
import { shortDuration } from "../../../shared/drawing/time-scale.ts";
import { carriedBy, formatInstant } from "../../../shared/projection/event-text.ts";
import { nameOf } from "../../parts/ActionMenu.tsx";
import { useRun, useRunState } from "../../parts/context.ts";
import { Scroll } from "../../parts/Scroll.tsx";
import type { FlightView } from "../../state/contract-types.ts";
import type { RunController } from "../../state/run-controller.ts";
import { isSameFlight } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";
import { KeyValue, type KeyValueItem } from "../../views/parts/KeyValue.tsx";
import { ActButtons } from "./ActButtons.tsx";
import { DataTree } from "./DataTree.tsx";

const says = strings.inspect;
const searchMax = 2_000;

/** The event with which it was sent: not far before it entered the link it is on. */
async function sendingOf(run: RunController, { from, sequence, enteredUs }: FlightView): Promise<PagedEvent | undefined> {
	const filter = { fromIndex: null, toIndex: null, fromUs: null, toUs: enteredUs, text: null, limit: searchMax, backwards: true };
	const page = await run.look("log.events", { ...filter, kinds: ["messageSent"], nodes: [from] });
	return page === undefined ? undefined : readEventPage(page).find(({ fields }) => fields.sequence === sequence);
}

/** @param nowUs null: it is no longer under way, and how long ago that was says nothing */
function instantsOf({ enteredUs, arrivesUs, fate, lostUs }: FlightView, nowUs: number | null): readonly KeyValueItem[] {
	const since = (atUs: number): string => (nowUs === null || nowUs < atUs ? formatInstant(atUs) : says.since(formatInstant(atUs), shortDuration(nowUs - atUs)));
	const till = (atUs: number): string => (nowUs === null || nowUs > atUs ? formatInstant(atUs) : says.till(formatInstant(atUs), shortDuration(atUs - nowUs)));
	const entered = { key: says.entered, value: since(enteredUs) };
	if (lostUs !== null) return [entered, { key: says.lostAt, value: since(lostUs) }];
	return [entered, { key: fate === "lost" ? says.lostAt : says.arrives, value: arrivesUs < 0 ? says.unknown : till(arrivesUs) }];
}

export function MessageInspector({ picked }: { readonly picked: FlightView }): ReactElement {
	const run = useRun();
	const now = useRunState((state) => state.listed?.flights.find((flight) => isSameFlight(flight, picked)));
	const [sent, setSent] = useState<PagedEvent | null>(null);
	useEffect(() => {
		let isOver = false;
		void sendingOf(run, picked).then((found) => found !== undefined && !isOver && setSent(found));
		return () => {
			isOver = true;
		};
	}, [run, picked]);
	const flight = now ?? picked;
	const nowUs = useRunState(({ listed }) => listed?.view.virtualUs ?? 0);
	const name = (node: number): string => run.plan.nodes[node]?.name ?? "?";
	const body = sent === null ? null : carriedBy(sent, run.plan, run.bodies);
	const state = now === undefined ? says.noLonger : now.fate === "lost" ? strings.topology.lost : strings.topology.underWay;
	return (
		<Scroll label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{nameOf(run, { kind: "message", flight })}</h2>
					<span className="chip">{state}</span>
					{isCopy(flight) && <span className="chip warning">{strings.topology.copy}</span>}
				</div>
				{now !== undefined && <ActButtons target={{ kind: "message", flight: now }} />}
				<KeyValue
					items={[
						{ key: says.from, value: name(flight.from) },
						{ key: says.to, value: name(flight.to) },
						...instantsOf(flight, now === undefined ? null : nowUs),
					]}
				/>
				{body !== null && (
					<section className="block">
						<header>
							<h3>{says.body}</h3>
						</header>
						<div>
							<DataTree value={body} />
						</div>
					</section>
				)}
				{sent !== null && (
					<div className="inspect-actions">
						<button type="button" className="button" onClick={() => run.inspect({ kind: "event", index: sent.index })}>
							{says.wholeCard}
						</button>
					</div>
				)}
			</div>
		</Scroll>
	);
}
