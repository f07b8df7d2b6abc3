/**
 * The stage of services: the drawing on the left, on the right what a service shows of itself, by tabs
 * when the lab runs several that do. Feeds views with what programs had stated at the instant shown.
 */
import * as Tabs from "@radix-ui/react-tabs";
import { Columns2, Maximize2 } from "lucide-react";
import { type ReactElement, useEffect, useMemo, useState } from "react";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { BoardFeed, type BoardWish, isSameWish } from "../state/board-feed.ts";
import type { RunController } from "../state/run-controller.ts";
import { type RunState, shownUs } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { Topology } from "../topology/Topology.tsx";
import { Pacer } from "./pacer.ts";
import { ConeLine } from "./parts/ConeLine.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { type Selected, SelectedContext } from "./parts/Stated.tsx";
import { viewsOf } from "./registry.ts";
import type { ServiceView, ViewProps } from "./view.ts";

const says = strings.services;
/** Numbers that change more often cannot be read. */
const drawEveryMs = 100;

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

const nobody: readonly BoardEntry[] = [];

/** A frame that was just asked for is painted before a timer that is set in it. */
const afterDrawing = (over: () => void): void => void requestAnimationFrame(() => setTimeout(over));

function Fed({ view }: { readonly view: ServiceView }): ReactElement {
	const run = useRun();
	const { plan } = run;
	const { state, board, answers } = useFed(run, view);
	const isBehind = useRunState((now) => answers === null || !isSameWish(wishOf(now), answers));
	const nodes = state.shown?.view.nodes;
	const causality = useRunState(({ causality: lit }) => lit);
	const { Component } = view;
	const selected = useMemo<Selected>(() => ({ causality, show: (index) => run.inspect({ kind: "event", index }) }), [run, causality]);
	const doors = useMemo<Pick<ViewProps, "nameOf" | "command">>(
		() => ({ nameOf: ({ name }) => plan.names[name] ?? "", command: (line) => void run.command(line) }),
		[run, plan],
	);
	return (
		<SelectedContext value={selected}>
			<div className="view-body" aria-busy={isBehind}>
				<Component plan={plan} atUs={Math.floor(shownUs(state))} board={board} statusOf={(node) => nodes?.[node]?.status ?? "down"} {...doors} />
				{causality !== null && <ConeLine board={board} causality={causality} />}
			</div>
		</SelectedContext>
	);
}

/** What is stated at the instant a state shows. */
function wishOf({ cursorUs, run }: RunState): BoardWish {
	return { atUs: cursorUs, version: cursorUs === null ? run.events + run.committedEvents + (run.mode === "ended" ? 0.5 : 0) : 0 };
}

interface FedView {
	readonly state: RunState;
	readonly board: readonly BoardEntry[];
	/** What the board was asked for; null: nothing is known yet. */
	readonly answers: BoardWish | null;
}

/** The run's state and what was stated in it, as a view is drawn from them: no oftener than either can be read. */
function useFed(run: RunController, view: ServiceView): FedView {
	const { plan } = run;
	const [fed, setFed] = useState<FedView>(() => ({ state: run.state, board: nobody, answers: null }));
	useEffect(() => {
		let [board, answers]: [readonly BoardEntry[], BoardWish | null] = [nobody, null];
		const pacer = new Pacer({ act: () => setFed({ state: run.state, board, answers }), everyMs: drawEveryMs, whenOver: afterDrawing });
		const names = view.facts.map((name) => plan.names.indexOf(name)).filter((name) => name >= 0);
		const feed = new BoardFeed({
			client: run.client,
			run: run.id,
			names,
			onBoard: (entries, wish) => {
				[board, answers] = [entries, wish];
				pacer.poke();
			},
		});
		const look = (): void => {
			const wish = wishOf(run.state);
			if (names.length === 0) answers = wish; // nothing to ask for
			feed.want(wish);
			pacer.poke();
		};
		const leave = run.store.subscribe(look);
		look();
		return () => {
			leave();
			feed.close();
			pacer.close();
		};
	}, [run, plan, view]);
	return fed;
}
