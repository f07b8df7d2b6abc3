/** A request's spans as a waterfall: children under their parents, each with its share of the whole. Pure. */

export interface SpanLike {
	readonly node: number;
	readonly sequence: number;
	readonly parentNode: number;
	readonly parentSequence: number;
	readonly startedUs: number;
	/** -1: not finished. */
	readonly finishedUs: number;
}

export interface SpanRow<Span extends SpanLike> {
	readonly span: Span;
	readonly depth: number;
	/** Of the whole width. */
	readonly leftRatio: number;
	readonly widthRatio: number;
}

export function layOutSpans<Span extends SpanLike>(
	spans: readonly Span[],
): { readonly rows: readonly SpanRow<Span>[]; readonly fromUs: number; readonly toUs: number } {
	const fromUs = spans.reduce((least, { startedUs }) => Math.min(least, startedUs), Number.POSITIVE_INFINITY);
	const toUs = spans.reduce((most, { startedUs, finishedUs }) => Math.max(most, startedUs, finishedUs), 0);
	if (spans.length === 0) return { rows: [], fromUs: 0, toUs: 0 };
	const wholeUs = Math.max(1, toUs - fromUs);
	const keyOf = (node: number, sequence: number): string => `${node}#${sequence}`;
	const keys = new Set(spans.map(({ node, sequence }) => keyOf(node, sequence)));
	const rows: SpanRow<Span>[] = [];
	const seen = new Set<Span>();
	const visit = (span: Span, depth: number): void => {
		if (seen.has(span)) return;
		seen.add(span);
		const endUs = span.finishedUs < 0 ? toUs : span.finishedUs;
		rows.push({ span, depth, leftRatio: (span.startedUs - fromUs) / wholeUs, widthRatio: (endUs - span.startedUs) / wholeUs });
		for (const child of ordered.filter(({ parentNode, parentSequence }) => parentNode === span.node && parentSequence === span.sequence))
			visit(child, depth + 1);
	};
	const ordered = [...spans].sort((a, b) => a.startedUs - b.startedUs);
	for (const span of ordered) if (!keys.has(keyOf(span.parentNode, span.parentSequence))) visit(span, 0);
	return { rows, fromUs, toUs };
}
