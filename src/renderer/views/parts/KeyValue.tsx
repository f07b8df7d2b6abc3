/** What is so, line by line: a word and what it is now. */
import type { ReactElement, ReactNode } from "react";
import { Unbroken } from "../../parts/Unbroken.tsx";

export interface KeyValueItem {
	readonly key: string;
	readonly value: ReactNode;
	/** Marked: it is another value than it was. */
	readonly isChanged?: boolean;
}

export function KeyValue({ items }: { readonly items: readonly KeyValueItem[] }): ReactElement {
	return (
		<dl className="view-facts">
			{items.map(({ key, value, isChanged }) => (
				<div key={key} className={isChanged ? "is-changed" : ""}>
					<dt>{key}</dt>
					<dd>{typeof value === "string" ? <Unbroken text={value} /> : value}</dd>
				</div>
			))}
		</dl>
	);
}
