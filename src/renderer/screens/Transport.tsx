/** Time in the hands of the user: buttons, clock, speed. */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { ChevronFirst, ChevronLast, Flag, GitFork, MailCheck, Pause, Play, SkipForward, Square, StepBack, StepForward } from "lucide-react";
import { type ReactElement, useMemo } from "react";
import { clockText } from "../../shared/drawing/time-scale.ts";
import { leadershipNames } from "../../shared/projection/standing.ts";
import { positionMax, positionOf, speedAt, speedText } from "../maths/speed-scale.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { canBeResumed } from "../state/acts.ts";
import type { WaitFor } from "../state/contract-types.ts";
import { isPlaying, shownUs } from "../state/run-state.ts";
import { strings } from "../strings.ts";
import { Scrubber } from "./Scrubber.tsx";

const says = strings.transport;

export function Transport(): ReactElement {
	const run = useRun();
	const playing = useRunState(isPlaying);
	const isPast = useRunState((state) => state.cursorUs !== null);
	const canGoOn = useRunState(({ run: { kind, mode } }) => kind === "live" && (mode === "running" || mode === "paused"));
	const isEarly = useRunState((state) => canBeResumed(state.run));
	const toEnd = isPast ? says.toPresent : says.toEnd;
	const button = (label: string, key: string, icon: ReactElement, act: () => void, className = "button icon quiet"): ReactElement => (
		<button type="button" className={className} aria-label={label} title={`${label} (${key})`} onClick={act}>
			{icon}
		</button>
	);
	return (
		<section className="transport" aria-label={says.label}>
			<Scrubber />
			<div className="transport-row">
				{button(says.toStart, "Home", <ChevronFirst size={21} aria-hidden="true" />, () => run.toStart())}
				{button(says.stepBack, ",", <StepBack size={19} aria-hidden="true" />, () => void run.stepBack())}
				{button(
					playing ? says.pause : says.play,
					"Space",
					playing ? <Pause size={21} fill="currentColor" aria-hidden="true" /> : <Play size={21} fill="currentColor" aria-hidden="true" />,
					() => void run.togglePlay(),
					"button icon play",
				)}
				{button(says.stepEvent, ".", <StepForward size={19} aria-hidden="true" />, () => void run.stepEvent())}
				{button(says.stepMessage, "m", <MailCheck size={19} aria-hidden="true" />, () => void run.stepMessage())}
				{button(toEnd, "End", <ChevronLast size={21} aria-hidden="true" />, () => void run.toEnd())}
				{canGoOn && button(strings.run.end, "Q", <Square size={16} fill="currentColor" aria-hidden="true" />, () => void run.acts.end())}
				<Clock />
				<Speed />
				<span style={{ marginInlineStart: "auto" }} />
				<button type="button" className="button" onClick={() => void run.fork(shownUs(run.state))}>
					<GitFork size={17} aria-hidden="true" /> {says.forkHere} <kbd>f</kbd>
				</button>
				{isEarly && (
					<button type="button" className="button" title={strings.run.goOnHint} onClick={() => void run.acts.goOn()}>
						<SkipForward size={17} aria-hidden="true" /> {strings.run.goOn}
					</button>
				)}
				{canGoOn && <RunUntil />}
			</div>
		</section>
	);
}

function Clock(): ReactElement {
	const us = useRunState((state) => Math.floor(shownUs(state)));
	const untilUs = useRunState((state) => state.run.untilUs);
	const { main, fine } = clockText(us);
	return (
		<>
			<span className="clock" role="timer" aria-live="off">
				{main}
				<small>{fine}</small>
			</span>
			<span className="clock-end">/ {clockText(untilUs).main}</span>
		</>
	);
}

function Speed(): ReactElement {
	const run = useRun();
	const speed = useRunState((state) => state.speed);
	const pace = useRunState((state) => (isPlaying(state) && state.paceRatio > 0 ? Number(state.paceRatio.toPrecision(2)) : 0));
	const isBehind = pace > 0 && speed !== "max" && pace < speed * 0.8;
	return (
		<label className="speed">
			<span className="label">{says.speed}</span>
			<input
				type="range"
				min={0}
				max={positionMax}
				value={positionOf(speed)}
				aria-valuetext={says.speedValue(speedText(speed))}
				onChange={(event) => void run.setSpeed(speedAt(Number(event.target.value)))}
			/>
			<output>{speedText(speed)}</output>
			{(isBehind || (speed === "max" && pace > 0)) && <span className="soft number">{says.pace(speedText(pace))}</span>}
		</label>
	);
}

const leader: readonly (readonly [label: string, waitFor: WaitFor])[] = [[says.until.leader, { kind: "leader" }]];
const events: readonly (readonly [label: string, waitFor: WaitFor])[] = [
	[says.until.checkFails, { kind: "checkFails" }],
	[says.until.crash, { kind: "event", event: "nodeCrashed", node: null }],
	[says.until.drop, { kind: "event", event: "messageDropped", node: null }],
];

function RunUntil(): ReactElement {
	const app = useApp();
	const run = useRun();
	const canLead = useMemo(() => leadershipNames(run.plan).length > 0, [run]);
	return (
		<Menu.Root modal={false}>
			<Menu.Trigger className="button">
				<Flag size={17} aria-hidden="true" /> {says.runUntil}
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu" align="end" side="top">
					<Menu.Item className="menu-item" onSelect={() => app.openDialog({ kind: "untilTime" })}>
						{says.until.time}
					</Menu.Item>
					{[...events, ...(canLead ? leader : [])].map(([label, waitFor]) => (
						<Menu.Item key={label} className="menu-item" onSelect={() => void run.runUntil({ untilUs: null, waitFor }, label)}>
							{label}
						</Menu.Item>
					))}
				</Menu.Content>
			</Menu.Portal>
		</Menu.Root>
	);
}
