/** A part of a view under a heading, with room beside it for a number or a button. */
import type { ReactElement, ReactNode } from "react";

export interface SectionProps {
	readonly title: string;
	readonly aside?: ReactNode;
	readonly children: ReactNode;
}

export function Section({ title, aside, children }: SectionProps): ReactElement {
	return (
		<section className="view-section" aria-label={title}>
			<header>
				<h3>{title}</h3>
				{aside}
			</header>
			{children}
		</section>
	);
}
