/** A part of the page that scrolls by itself, and is reached by the keyboard. */
import type { ReactElement, ReactNode } from "react";

interface ScrollProps {
	/** What it is to those who do not see it. */
	readonly label: string;
	readonly className?: string;
	/** Tells what is added to it. */
	readonly isLive?: boolean;
	readonly children: ReactNode;
}

export function Scroll({ label, className = "scroll", isLive = false, children }: ScrollProps): ReactElement {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
		<section className={className} tabIndex={0} aria-label={label} aria-live={isLive ? "polite" : undefined}>
			{children}
		</section>
	);
}
