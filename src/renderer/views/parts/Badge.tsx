/** A state in a word: by colour, icon and text together, so that none of them is needed alone. */
import {
	Ban,
	CircleCheck,
	CircleDashed,
	CirclePause,
	CircleQuestionMark,
	CircleX,
	Clock,
	Copy,
	Crown,
	Flame,
	HardDrive,
	Hourglass,
	Loader,
	Lock,
	type LucideIcon,
	Pencil,
	Play,
	ShieldCheck,
	ShieldX,
	Star,
	TriangleAlert,
	UserRound,
	Vote,
} from "lucide-react";
import type { ReactElement } from "react";
import type { Tone } from "../../../shared/drawing/node-state.ts";
import { viewParts } from "../../strings/views/parts.ts";
import type { ViewProps } from "../view.ts";

const icons = {
	check: CircleCheck,
	cross: CircleX,
	question: CircleQuestionMark,
	pause: CirclePause,
	wait: Hourglass,
	working: Loader,
	empty: CircleDashed,
	crown: Crown,
	vote: Vote,
	clock: Clock,
	copy: Copy,
	disk: HardDrive,
	fire: Flame,
	lock: Lock,
	guarded: ShieldCheck,
	unguarded: ShieldX,
	star: Star,
	warning: TriangleAlert,
	ban: Ban,
	play: Play,
	write: Pencil,
	person: UserRound,
} as const satisfies { readonly [icon: string]: LucideIcon };

export type BadgeIcon = keyof typeof icons;

export interface BadgeProps {
	readonly tone: Tone;
	readonly icon: BadgeIcon;
	readonly text: string;
	/** Said when it is pointed at. */
	readonly hint?: string;
}

export function Badge({ tone, icon, text, hint }: BadgeProps): ReactElement {
	const Icon = icons[icon];
	return (
		<span className={`view-badge tone-${tone}`} title={hint}>
			<Icon size={16} strokeWidth={2.4} aria-hidden="true" />
			{text}
		</span>
	);
}

type Status = ReturnType<ViewProps["statusOf"]>;

const statuses: { readonly [status in Status]: Pick<BadgeProps, "tone" | "icon"> } = {
	up: { tone: "good", icon: "check" },
	booting: { tone: "quiet", icon: "wait" },
	paused: { tone: "quiet", icon: "pause" },
	down: { tone: "bad", icon: "cross" },
};

/** What a node is doing. */
export function StatusBadge({ status }: { readonly status: Status }): ReactElement {
	return <Badge {...statuses[status]} text={viewParts.status[status]} />;
}
