/**
 * The stage of services: the drawing on the left, on the right what a service shows of itself, by tabs
 * when the lab runs several that do. Feeds views with what programs had stated at the instant shown.
 */
import * as Tabs from "@radix-ui/react-tabs";
import { Columns2, Maximize2 } from "lucide-react";
import { type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { BoardFeed } from "../state/board-feed.ts";
import { shownUs } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { Topology } from "../topology/Topology.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { viewsOf } from "./registry.ts";
import type { ServiceView, ViewProps } from "./view.ts";

const says = strings.services;

export function ServicesStage(): ReactElement {
	const run = useRun();
	const views = useMemo(() => viewsOf(run.plan), [run]);
	// Beside another run there is room for one of the two.
	const isPair = useStore(useApp().store, (state) => state.beside !== null);
	const [isWide, setWide] = useState(isPair);
	const shown = useRunState((state) => state.serviceView);
	const current = views.find(({ title }) => title === shown) ?? views[0];
	if (current === undefined) return <EmptyView title={says.none} hint={says.noneHint} />;
	return (
		<div className={`services ${isWide ? "is-wide" : ""}`}>
			{!isWide && <Topology />}
			<Tabs.Root
				className="service-tabs"
				value={idOf(current)}
				onValueChange={(id) => run.setServiceView(views.find((view) => idOf(view) === id)?.title ?? "")}
				activationMode="manual"
			>
				<div className="service-bar">
					<Tabs.List className="tabs" aria-label={says.label}>
						{views.map((view) => (
							<Tabs.Trigger key={view.title} value={idOf(view)} className="tab">
								{view.title}
							</Tabs.Trigger>
						))}
					</Tabs.List>
					<button type="button" className="button quiet icon" aria-pressed={isWide} aria-label={says.wide} title={says.wide} onClick={() => setWide(!isWide)}>
						{isWide ? <Columns2 size={16} aria-hidden="true" /> : <Maximize2 size={16} aria-hidden="true" />}
					</button>
				</div>
				{views.map((view) => (
					<Tabs.Content key={view.title} value={idOf(view)} className="service-view scroll" tabIndex={0}>
						<p className="view-explains">{view.explains}</p>
						<Fed view={view} />
					</Tabs.Content>
				))}
			</Tabs.Root>
		</div>
	);
}

/** Tabs make ids of elements of it, and those have no spaces. */
function idOf({ title }: ServiceView): string {
	return title.replace(/\W+/g, "-");
}

interface Board {
	readonly entries: readonly BoardEntry[];
	/** The instant it was stated up to; -1: nothing was answered yet. */
	readonly atUs: number;
}

function Fed({ view }: { readonly view: ServiceView }): ReactElement {
	const run = useRun();
	const { plan } = run;
	const atUs = useRunState(shownUs);
	const cursorUs = useRunState((state) => state.cursorUs);
	const version = useRunState((state) => state.run.events + state.run.committedEvents + (state.run.mode === "ended" ? 0.5 : 0));
	const nodes = useRunState((state) => state.listed?.view.nodes);
	const [board, setBoard] = useState<Board>({ entries: [], atUs: -1 });
	const feed = useRef<BoardFeed | null>(null);
	useEffect(() => {
		const names = view.facts.map((name) => plan.names.indexOf(name)).filter((name) => name >= 0);
		const made = new BoardFeed({ client: run.client, run: run.id, names, onBoard: (entries, boardUs) => setBoard({ entries, atUs: boardUs }) });
		feed.current = made;
		return () => made.close();
	}, [run, plan, view]);
	useEffect(() => {
		feed.current?.want({ atUs: cursorUs, version: cursorUs === null ? version : 0 });
	}, [cursorUs, version]);
	const { Component } = view;
	const doors = useMemo<Pick<ViewProps, "nameOf" | "command" | "showEvent">>(
		() => ({
			nameOf: ({ name }) => plan.names[name] ?? "",
			command: (line) => void run.command(line),
			showEvent: (index) => run.inspect({ kind: "event", index }),
		}),
		[run, plan],
	);
	return <Component plan={plan} atUs={Math.floor(atUs)} board={board.entries} statusOf={(node) => nodes?.[node]?.status ?? "down"} {...doors} />;
}
