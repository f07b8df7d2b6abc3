/** Text in which a number and its unit stay on one line, however narrow the place is. What it says is the same letter by letter. */
import { Fragment, type ReactElement } from "react";
import { quantitiesIn } from "./quantities.ts";

export function Unbroken({ text }: { readonly text: string }): ReactElement {
	return (
		<>
			{quantitiesIn(text).map((part, place) =>
				place % 2 === 1 ? (
					// biome-ignore lint/suspicious/noArrayIndexKey: a text's parts have nothing else to be told by
					<span key={place} className="unbroken">
						{part}
					</span>
				) : (
					// biome-ignore lint/suspicious/noArrayIndexKey: a text's parts have nothing else to be told by
					<Fragment key={place}>{part}</Fragment>
				),
			)}
		</>
	);
}
