/** What a view shows while there is nothing to show. */
import type { ReactElement } from "react";
import { viewParts } from "../../strings/views/parts.ts";

export function EmptyView({ title = viewParts.waiting, hint = viewParts.waitingHint }: { readonly title?: string; readonly hint?: string }): ReactElement {
	return (
		<div className="empty">
			<p className="empty-title">{title}</p>
			<p>{hint}</p>
		</div>
	);
}
