/** A count of messages beside what the book says: two bars on one scale, a number each, and a verdict in a word. */
import type { ReactElement } from "react";
import { viewBook as says } from "../../strings/views/parts.ts";
import { Badge } from "./Badge.tsx";
import { Bar } from "./Bar.tsx";
import "./against-book.css";
import type { StatedBy } from "./lit.ts";
import { Stated } from "./Stated.tsx";

export interface AgainstBookProps {
	/** What is counted. */
	readonly title: string;
	/** Events that stated the count. */
	readonly by?: StatedBy;
	/** Null: nothing has been counted. */
	readonly counted: number | null;
	/** As the book writes it. */
	readonly formula: string;
	/** What the book expects; a range where it names two. Null: it names no number. */
	readonly expected: number | readonly [least: number, most: number] | null;
	/** Beyond this the book is contradicted. */
	readonly most?: number | null;
	/** Whether the book's number is one that must not be exceeded; else it is a mean, and no verdict is given. */
	readonly isBound?: boolean;
}

/** Means are not whole. */
const roundingCount = 0.001;

const rounded = (count: number): string => String(Math.round(count * 10) / 10);

export function AgainstBook({ title, by = [], counted, formula, expected, most = null, isBound = true }: AgainstBookProps): ReactElement {
	const [low, high] = expected === null ? [0, 0] : typeof expected === "number" ? [expected, expected] : expected;
	const scale = Math.max(counted ?? 0, high, most ?? 0, 1) * 1.05;
	const limit = most ?? high;
	const isWithin = !isBound || counted === null || expected === null || counted <= limit + roundingCount;
	const bookText = expected === null ? says.noNumber : low === high ? rounded(high) : says.range(rounded(low), rounded(high));
	return (
		<div className="book">
			<p className="book-title">
				<Stated by={by} className="view-link">
					{title}
				</Stated>
				{isBound && counted !== null && expected !== null && <Verdict isWithin={isWithin} isBelow={counted < low - roundingCount} />}
			</p>
			<dl>
				<dt>{says.counted}</dt>
				<dd>
					<Bar label={says.counted} tone={isWithin ? "accent" : "bad"} ratio={(counted ?? 0) / scale} text={counted === null ? says.none : rounded(counted)} />
				</dd>
				<dt>
					{says.book} <span className="book-formula">{formula}</span>
				</dt>
				<dd>
					<Bar label={says.book} tone="quiet" ratio={high / scale} text={bookText} {...(most === null ? {} : { limitRatio: most / scale })} />
				</dd>
			</dl>
			{most !== null && <p className="book-most">{says.most(rounded(most))}</p>}
		</div>
	);
}

/** Fewer is no fault, and is not what the book counts either: somebody was not asked, or did not answer. */
function Verdict({ isWithin, isBelow }: { readonly isWithin: boolean; readonly isBelow: boolean }): ReactElement {
	if (!isWithin) return <Badge tone="bad" icon="cross" text={says.beyond} />;
	return isBelow ? <Badge tone="quiet" icon="empty" text={says.below} /> : <Badge tone="good" icon="check" text={says.within} />;
}
