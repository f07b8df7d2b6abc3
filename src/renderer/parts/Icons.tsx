/** Icons by meaning, so that a state or an act looks the same wherever it is shown. */
import {
	ArrowRight,
	ArrowRightLeft,
	CircleCheck,
	CirclePause,
	CircleQuestionMark,
	CircleX,
	Clock,
	Crown,
	Eraser,
	GitBranch,
	HardDrive,
	Hourglass,
	List,
	type LucideIcon,
	MessageSquare,
	MousePointerClick,
	Pause,
	Percent,
	Play,
	Power,
	PowerOff,
	Scissors,
	Search,
	SlidersHorizontal,
	SquareTerminal,
	Timer,
	TrafficCone,
	Turtle,
	Unplug,
	Wrench,
} from "lucide-react";
import type { ReactElement } from "react";
import { type LinkState, linkTones, type NodeState, nodeTones } from "../../shared/drawing/node-state.ts";
import type { ActionIcon } from "../actions.ts";
import { strings } from "../strings.ts";

const nodeIcons: { readonly [state in NodeState]: LucideIcon } = {
	up: CircleCheck,
	leader: Crown,
	slow: Turtle,
	paused: CirclePause,
	suspected: CircleQuestionMark,
	booting: Hourglass,
	down: CircleX,
};

const linkIcons: { readonly [state in LinkState]: LucideIcon } = {
	up: CircleCheck,
	changed: Wrench,
	oneWay: ArrowRightLeft,
	clogged: TrafficCone,
	cut: CircleX,
};

const acts: { readonly [icon in ActionIcon]: LucideIcon } = {
	power: Power,
	powerOff: PowerOff,
	pause: Pause,
	play: Play,
	turtle: Turtle,
	wipe: Eraser,
	drive: HardDrive,
	clock: Clock,
	cut: Scissors,
	oneWay: ArrowRight,
	heal: GitBranch,
	clog: TrafficCone,
	loss: Percent,
	delay: Timer,
	physics: SlidersHorizontal,
	isolate: Unplug,
	ask: MessageSquare,
	inspect: Search,
	events: List,
	pick: MousePointerClick,
	command: SquareTerminal,
};

export function NodeStateText({ state }: { readonly state: NodeState }): ReactElement {
	const Icon = nodeIcons[state];
	return (
		<span className={`state tone-${nodeTones[state]}`}>
			<Icon size={16} strokeWidth={2.4} aria-hidden="true" />
			{strings.nodeStates[state]}
		</span>
	);
}

export function LinkStateText({ state }: { readonly state: LinkState }): ReactElement {
	const Icon = linkIcons[state];
	return (
		<span className={`state tone-${linkTones[state]}`}>
			<Icon size={16} strokeWidth={2.4} aria-hidden="true" />
			{strings.linkStates[state]}
		</span>
	);
}

export function ActIcon({ icon }: { readonly icon: ActionIcon }): ReactElement {
	const Icon = acts[icon];
	return <Icon size={16} aria-hidden="true" />;
}
