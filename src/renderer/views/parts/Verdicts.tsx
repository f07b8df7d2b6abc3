/** The head of a view: what is so at the instant shown, in a few words that a screen reader is told when they change. */
import type { ReactElement, ReactNode } from "react";

export function Verdicts({ children }: { readonly children: ReactNode }): ReactElement {
	return (
		<p className="view-verdicts" role="status">
			{children}
		</p>
	);
}
