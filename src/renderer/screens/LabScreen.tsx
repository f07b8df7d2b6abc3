/** The screen of a run: head, stage, panels, transport. */
import * as Tabs from "@radix-ui/react-tabs";
import { CircleCheck, CircleX, Copy, Dices, Download, LoaderCircle, SquareTerminal, Undo2 } from "lucide-react";
import { type ComponentType, lazy, type ReactElement, type ReactNode, Suspense, useEffect, useMemo } from "react";
import { Checks } from "../panels/Checks.tsx";
import { Events } from "../panels/Events.tsx";
import { Inspector } from "../panels/inspect/Inspector.tsx";
import { Notes } from "../panels/Notes.tsx";
import { Workspace } from "../panels/workspace/Workspace.tsx";
import { RunContext, useApp, useRun, useRunState } from "../parts/context.ts";
import { focusPanel, giveBackToStage, isFocusLost } from "../parts/focus.ts";
import { HeadButtons } from "../parts/HeadButtons.tsx";
import { Mark } from "../parts/Mark.tsx";
import { NoteLine, ToldRows } from "../parts/Notices.tsx";
import { canBeResumed } from "../state/acts.ts";
import { stagesBeside } from "../state/app-state.ts";
import type { RunController } from "../state/run-controller.ts";
import { isPlaying, type SideTab, type StageView, sideTabs, stageViews } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { Timeline } from "../timeline/Timeline.tsx";
import { Topology } from "../topology/Topology.tsx";
import { viewsOf } from "../views/registry.ts";
import { SideBySide } from "./SideBySide.tsx";
import { Transport } from "./Transport.tsx";

const Branches = lazy(async () => ({ default: (await import("../panels/Branches.tsx")).Branches }));
const Charts = lazy(async () => ({ default: (await import("../panels/Charts.tsx")).Charts }));
const ServicesStage = lazy(async () => ({ default: (await import("../views/ServicesStage.tsx")).ServicesStage }));
const Guide = lazy(async () => ({ default: (await import("../panels/guide/Guide.tsx")).Guide }));
const Requests = lazy(async () => ({ default: (await import("../panels/Requests.tsx")).Requests }));

export function LabScreen({ run }: { readonly run: RunController }): ReactElement {
	// A run that has just been opened can be acted on by the keyboard at once.
	const hasShown = useStore(run.store, (state) => state.shown !== null);
	useEffect(() => {
		if (hasShown && isFocusLost()) focusPanel();
	}, [hasShown]);
	return (
		<RunContext value={run}>
			<Frame>
				<Head />
				<Stage />
				<ToldRows />
				<Side />
				<Transport />
			</Frame>
		</RunContext>
	);
}

function Frame({ children }: { readonly children: ReactNode }): ReactElement {
	const isPair = useStore(useApp().store, (state) => state.beside !== null);
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: hears where the keyboard is to be after a click
		// biome-ignore lint/a11y/useKeyWithClickEvents: keys leave it where it is
		<div className={isPair ? "lab has-beside" : "lab"} onClick={giveBackToStage}>
			{children}
		</div>
	);
}

function Head(): ReactElement {
	const app = useApp();
	const run = useRun();
	const seed = useRunState((state) => state.run.seed);
	const branch = useRunState((state) => state.run.branch);
	const variant = useRunState((state) => state.run.variant);
	const copySeed = (): void => {
		navigator.clipboard.writeText(String(seed)).then(
			() => app.tell("note", strings.run.seedCopied),
			() => app.tell("warning", `${strings.run.seed} ${seed}`),
		);
	};
	return (
		<header className="lab-head">
			<button type="button" className="home" aria-label={strings.app.home} title={strings.app.home} onClick={() => app.home()}>
				<Mark />
			</button>
			<h1>{run.plan.title}</h1>
			{variant !== "" && <span className="chip warning">{variant}</span>}
			<span className="chip">{strings.run.branch(branch)}</span>
			<span className="chip">
				{strings.run.seed} <span className="seed">{seed}</span>
				<button type="button" className="row-more" aria-label={strings.run.copySeed} title={strings.run.copySeed} onClick={copySeed}>
					<Copy size={13} aria-hidden="true" />
				</button>
				<button
					type="button"
					className="row-more"
					aria-label={strings.run.changeSeed}
					title={strings.run.changeSeed}
					onClick={() => app.openDialog({ kind: "newRun", lab: run.plan.labId, seed: seed + 1, variant })}
				>
					<Dices size={14} aria-hidden="true" />
				</button>
			</span>
			<ModeChip />
			<span className="spread" />
			<CheckPill />
			<button type="button" className="button quiet" title={strings.keys.list.undo} onClick={() => void run.acts.undo()}>
				<Undo2 size={17} aria-hidden="true" /> {strings.run.undo} <kbd>u</kbd>
			</button>
			<button type="button" className="button" onClick={() => app.openDialog({ kind: "palette", line: "" })}>
				<SquareTerminal size={17} aria-hidden="true" /> {strings.palette.title} <kbd>/</kbd>
			</button>
			<button
				type="button"
				className="button quiet icon"
				aria-label={strings.export.button}
				title={strings.export.button}
				onClick={() => app.openDialog({ kind: "export" })}
			>
				<Download size={18} aria-hidden="true" />
			</button>
			<HeadButtons />
		</header>
	);
}

function ModeChip(): ReactElement {
	const mode = useRunState((state) => state.run.mode);
	const isLive = useRunState((state) => state.run.kind === "live");
	const isPast = useRunState((state) => state.cursorUs !== null);
	const playing = useRunState(isPlaying);
	const isEarly = useRunState((state) => canBeResumed(state.run));
	const busy = useRunState((state) => state.busy ?? (state.readRatio === null ? null : "reading"));
	if (busy !== null) return <Busy at={busy} />;
	if (mode === "failed") return <span className="chip bad">{strings.run.failed}</span>;
	if (isPast) return <span className="chip accent">{isLive && mode !== "ended" ? strings.run.past : strings.run.recorded}</span>;
	return (
		<span className={playing ? "chip good" : "chip"}>
			{mode === "ended" ? (isEarly ? strings.run.endedEarly : strings.run.endedShort) : playing ? strings.run.playing : strings.run.paused}
		</span>
	);
}

function Busy({ at }: { readonly at: "forking" | "reading" }): ReactElement {
	const percent = useRunState(({ readRatio }) => (readRatio === null ? null : Math.floor(readRatio * 100)));
	return (
		<span className="chip warning">
			<LoaderCircle size={14} className="turning" aria-hidden="true" /> <span role="status">{strings.run[at]}</span>
			{at === "reading" && percent !== null && <span className="number">{`${percent} %`}</span>}
		</span>
	);
}

function CheckPill(): ReactElement | null {
	const run = useRun();
	const all = useRunState((state) => state.listed?.checks.length ?? 0);
	const held = useRunState((state) => state.listed?.checks.filter(({ ok }) => ok).length ?? 0);
	const broken = useRunState((state) => state.listed?.checks.filter(({ ok, final }) => !ok && final).length ?? 0);
	if (all === 0) return null;
	const Icon = broken > 0 ? CircleX : CircleCheck;
	return (
		<button
			type="button"
			className={`button quiet ${broken > 0 ? "tone-bad" : "tone-good"}`}
			onClick={() => run.setSide("checks")}
			title={strings.checks.summary(held, all)}
		>
			<Icon size={18} aria-hidden="true" />
			<span className="number">
				{held}/{all}
			</span>
			<span className="hidden-visually">{strings.checks.summary(held, all)}</span>
		</button>
	);
}

function Stage(): ReactElement {
	const app = useApp();
	const run = useRun();
	const stage = useRunState((state) => state.stage);
	const beside = useStore(app.store, (state) => state.beside);
	const hasViews = useMemo(() => viewsOf(run.plan).length > 0, [run]);
	const shown = stageViews.filter((view) => (beside === null || stagesBeside.includes(view)) && (view !== "services" || hasViews));
	return (
		<main className="stage" tabIndex={-1}>
			<div className="stage-bar">
				<fieldset className="segmented" aria-label={strings.stage.label}>
					{shown.map((view) => (
						<button
							key={view}
							type="button"
							aria-pressed={stage === view}
							title={`${strings.stage.names[view]} (${stageViews.indexOf(view) + 1})`}
							onClick={() => run.setStage(view)}
						>
							{strings.stage.names[view]}
						</button>
					))}
				</fieldset>
				<NoteLine />
			</div>
			{beside === null ? (
				<StageBody stage={stage} />
			) : (
				<SideBySide beside={beside}>
					<StageBody stage={stage} />
				</SideBySide>
			)}
		</main>
	);
}

function StageBody({ stage }: { readonly stage: StageView }): ReactElement {
	return (
		<div className={`stage-body show-${stage}`}>
			{(stage === "split" || stage === "topology") && <Topology />}
			{(stage === "split" || stage === "timeline") && <Timeline />}
			<Suspense fallback={null}>
				{stage === "services" && <ServicesStage />}
				{stage === "branches" && <Branches />}
				{stage === "charts" && <Charts />}
				{stage === "requests" && <Requests />}
			</Suspense>
		</div>
	);
}

const panels: { readonly [tab in SideTab]: ComponentType } = {
	nodes: Workspace,
	events: Events,
	inspect: Inspector,
	checks: Checks,
	notes: Notes,
	guide: Guide,
};

function Side(): ReactElement {
	const run = useRun();
	const side = useRunState((state) => state.side);
	return (
		<Tabs.Root className="side" value={side} onValueChange={(tab) => run.setSide(tab as SideTab)} activationMode="manual">
			<Tabs.List className="tabs side-tabs" aria-label={strings.side.label}>
				{sideTabs.map((tab) => (
					<Tabs.Trigger key={tab} value={tab} className="tab">
						{strings.side[tab]}
					</Tabs.Trigger>
				))}
			</Tabs.List>
			{sideTabs.map((tab) => {
				const Panel = panels[tab];
				return (
					<Tabs.Content key={tab} value={tab} className="panel" tabIndex={-1}>
						<Suspense fallback={null}>
							<Panel />
						</Suspense>
					</Tabs.Content>
				);
			})}
		</Tabs.Root>
	);
}
