/**
 * What programs stated, as views draw it: a door to the event that stated it, lit where that event led to the
 * selected one or came of it. The one place that says how a view does both; told by outline, sign and words, so that
 * no colour is needed. What is selected comes once a view, by context, and not once a thing that is drawn.
 */
import { createContext, type KeyboardEvent, type ReactElement, type ReactNode, useContext } from "react";
import { ConeSign, coneSigns } from "../../parts/ConeSign.tsx";
import type { Causality } from "../../state/run-state.ts";
import { strings } from "../../strings.ts";
import { type Lit, litOf, type StatedBy, statedBy } from "./lit.ts";

export interface Selected {
	/** Null: no event is selected. */
	readonly causality: Causality | null;
	/** Selects an event everywhere, and looks at it closely. */
	show(index: number): void;
}

export const SelectedContext = createContext<Selected | null>(null);

function useSelected(): Selected {
	const selected = useContext(SelectedContext);
	if (selected === null) throw new Error("something stated outside of a view");
	return selected;
}

/** For what is no button itself: a row, a card, a box. Its class is `litClass`, and a sign or a button in it says it in words. */
export function useLit(by: StatedBy): Lit | undefined {
	return litOf(useSelected().causality, by);
}

export const litClass = (lit: Lit | undefined): string => (lit === undefined ? "" : `cone-${lit}`);

/** Said after a thing's own words. */
const litWords = (lit: Lit | undefined): string => (lit === undefined ? "" : `, ${strings.workspace.causal[lit]}`);

export interface StatedProps {
	/** Of several the latest is shown when it is pressed. */
	readonly by: StatedBy;
	readonly className?: string;
	/** What a screen reader says of it instead of what it holds. */
	readonly label?: string;
	/** Said when it is pointed at. */
	readonly title?: string;
	/** What else pressing it does. */
	readonly onPress?: () => void;
	readonly isPressed?: boolean;
	readonly children?: ReactNode;
}

/** A button; plain text while nobody has stated it. */
export function Stated({ by, className = "", label, title, onPress, isPressed, children }: StatedProps): ReactElement {
	const { show, causality } = useSelected();
	const events = statedBy(by);
	const lit = litOf(causality, events);
	if (events.length === 0)
		return (
			<span className={className} title={title}>
				{label === undefined ? children : <Unstated label={label}>{children}</Unstated>}
			</span>
		);
	const press = (): void => {
		onPress?.();
		show(Math.max(...events));
	};
	return (
		<button
			type="button"
			className={`stated ${className} ${litClass(lit)}`}
			title={title}
			aria-label={label === undefined ? undefined : label + litWords(lit)}
			aria-pressed={isPressed}
			data-events={events.join(" ")}
			onClick={press}
		>
			{children}
			{lit !== undefined && <ConeSign side={lit} />}
		</button>
	);
}

function Unstated({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
	return (
		<>
			<span aria-hidden="true">{children}</span>
			<span className="hidden-visually">{label}</span>
		</>
	);
}

export interface StatedShapeProps {
	readonly by: StatedBy;
	readonly className?: string;
	readonly label: string;
	readonly transform?: string;
	/** Where its sign stands, in its own coordinates. */
	readonly signAt: { readonly x: number; readonly y: number };
	readonly children: ReactNode;
}

/** The same in a drawing: a group of shapes that is a button. */
export function StatedShape({ by, className = "", label, transform, signAt, children }: StatedShapeProps): ReactElement {
	const { show, causality } = useSelected();
	const events = statedBy(by);
	const lit = litOf(causality, events);
	if (events.length === 0)
		return (
			<g className={className} transform={transform}>
				{children}
			</g>
		);
	const press = (): void => show(Math.max(...events));
	const onKey = (event: KeyboardEvent): void => {
		if (event.key !== "Enter" && event.key !== " ") return;
		press();
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of its own
		<g
			className={`stated ${className} ${litClass(lit)}`}
			transform={transform}
			role="button"
			tabIndex={0}
			aria-label={label + litWords(lit)}
			data-events={events.join(" ")}
			onClick={press}
			onKeyDown={onKey}
		>
			{children}
			{lit !== undefined && (
				<text className={`cone-sign ${lit}`} x={signAt.x} y={signAt.y} textAnchor="middle">
					{coneSigns[lit]}
				</text>
			)}
		</g>
	);
}
