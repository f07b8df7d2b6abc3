/** What the signs of a drawing mean: each sign as it is drawn, and words beside it. */
import type { ReactElement, ReactNode } from "react";

export interface LegendItem {
	readonly id: string;
	/** Shown as it is in the drawing; said by the words alone. */
	readonly sign: ReactNode;
	readonly text: string;
}

export function Legend({ items }: { readonly items: readonly LegendItem[] }): ReactElement {
	return (
		<ul className="view-legend">
			{items.map(({ id, sign, text }) => (
				<li key={id}>
					<span className="view-sign" aria-hidden="true">
						{sign}
					</span>
					{text}
				</li>
			))}
		</ul>
	);
}
