/** Events around another one, each a button to it. */
import type { ReactElement } from "react";
import { formatInstant } from "../../../shared/projection/event-text.ts";
import { useRun } from "../../parts/context.ts";
import { strings } from "../../strings.ts";

export interface NeighbourItem {
	readonly index: number;
	readonly atUs: number;
	readonly text: string;
	/** What it is to the other one. */
	readonly relation?: keyof typeof strings.inspect.relations;
}

export function Neighbours({ title, items }: { readonly title: string; readonly items: readonly NeighbourItem[] }): ReactElement {
	const run = useRun();
	return (
		<section className="block">
			<header>
				<h3>{title}</h3>
			</header>
			<div className="neighbours">
				{items.map(({ index, atUs, relation, text }) => (
					<button key={index} type="button" className="neighbour" onClick={() => void run.select({ kind: "event", index })}>
						<small className="mono">
							{formatInstant(atUs)}
							{relation !== undefined && ` · ${strings.inspect.relations[relation]}`}
						</small>
						{text}
					</button>
				))}
			</div>
		</section>
	);
}
