/**
 * Where a request's time went, as a waterfall: its spans, children under their parents, and below them its messages
 * in their order, with what each node took between one that came and the next that it sent. Pure.
 */

export interface SpanLike {
	readonly node: number;
	readonly sequence: number;
	readonly parentNode: number;
	readonly parentSequence: number;
	readonly startedUs: number;
	/** -1: not finished. */
	readonly finishedUs: number;
}

export interface MessageLike {
	readonly from: number;
	readonly to: number;
	readonly sentUs: number;
	/** -1: still under way. */
	readonly endUs: number;
	readonly fate: "delivered" | "lost" | "underWay";
}

/** A share of the whole width. */
export interface Extent {
	readonly leftRatio: number;
	readonly widthRatio: number;
}

export interface SpanRow<Span extends SpanLike> extends Extent {
	readonly span: Span;
	readonly depth: number;
}

/** A message on its way, or a node between a message that came and the next that it sent: its queue, its work, its waiting for others. */
export type StepRow<Message extends MessageLike> = Extent & { readonly fromUs: number; readonly toUs: number } & (
		| { readonly kind: "message"; readonly message: Message }
		| { readonly kind: "stay"; readonly node: number; readonly came: Message }
	);

export interface Waterfall<Span extends SpanLike, Message extends MessageLike> {
	readonly rows: readonly SpanRow<Span>[];
	readonly steps: readonly StepRow<Message>[];
	readonly fromUs: number;
	readonly toUs: number;
}

export function layOutRequest<Span extends SpanLike, Message extends MessageLike>(
	spans: readonly Span[],
	messages: readonly Message[],
): Waterfall<Span, Message> {
	if (spans.length === 0) return { rows: [], steps: [], fromUs: 0, toUs: 0 };
	const beginsUs = [...spans.map(({ startedUs }) => startedUs), ...messages.map(({ sentUs }) => sentUs)];
	const endsUs = [...spans.map(({ finishedUs }) => finishedUs), ...messages.map(({ endUs }) => endUs), ...beginsUs];
	const fromUs = beginsUs.reduce((least, us) => Math.min(least, us), Number.POSITIVE_INFINITY);
	const toUs = endsUs.reduce((most, us) => Math.max(most, us), 0);
	const wholeUs = Math.max(1, toUs - fromUs);
	const extent = (beginUs: number, endUs: number): Extent => ({ leftRatio: (beginUs - fromUs) / wholeUs, widthRatio: (endUs - beginUs) / wholeUs });
	const rows = spanTree(spans).map(({ span, depth }) => ({ span, depth, ...extent(span.startedUs, span.finishedUs < 0 ? toUs : span.finishedUs) }));
	const steps = stepsOf(messages, toUs).map((step) => ({ ...step, ...extent(step.fromUs, step.toUs) }));
	return { rows, steps, fromUs, toUs };
}

function spanTree<Span extends SpanLike>(spans: readonly Span[]): readonly { readonly span: Span; readonly depth: number }[] {
	const keyOf = (node: number, sequence: number): string => `${node}#${sequence}`;
	const keys = new Set(spans.map(({ node, sequence }) => keyOf(node, sequence)));
	const ordered = [...spans].sort((a, b) => a.startedUs - b.startedUs);
	const tree: { span: Span; depth: number }[] = [];
	const seen = new Set<Span>();
	const visit = (span: Span, depth: number): void => {
		if (seen.has(span)) return;
		seen.add(span);
		tree.push({ span, depth });
		for (const child of ordered.filter(({ parentNode, parentSequence }) => parentNode === span.node && parentSequence === span.sequence))
			visit(child, depth + 1);
	};
	for (const span of ordered) if (!keys.has(keyOf(span.parentNode, span.parentSequence))) visit(span, 0);
	return tree;
}

function stepsOf<Message extends MessageLike>(messages: readonly Message[], toUs: number) {
	const ordered = [...messages].sort((a, b) => a.sentUs - b.sentUs);
	const answered = new Set<Message>();
	const stays = ordered.flatMap((came) => {
		const next = came.fate === "delivered" ? ordered.find((sent) => sent.from === came.to && sent.sentUs >= came.endUs && !answered.has(sent)) : undefined;
		if (next === undefined) return [];
		answered.add(next);
		return next.sentUs === came.endUs ? [] : [{ kind: "stay" as const, node: came.to, came, fromUs: came.endUs, toUs: next.sentUs }];
	});
	const ways = ordered.map((message) => ({ kind: "message" as const, message, fromUs: message.sentUs, toUs: message.endUs < 0 ? toUs : message.endUs }));
	return [...ways, ...stays].sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs);
}
