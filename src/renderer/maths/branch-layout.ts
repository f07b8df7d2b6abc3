/**
 * Branches as stacked timelines joined where they fork: which row each has, and from where to where it
 * runs. A child lies below its parent, earlier forks farther down, so that no join crosses a line. Pure.
 */

export interface BranchSpan {
	readonly branch: number;
	/** -1 for the trunk. */
	readonly parent: number;
	readonly forkUs: number;
	readonly untilUs: number;
}

export interface BranchRow {
	readonly branch: number;
	readonly row: number;
	readonly parentRow: number;
	readonly fromUs: number;
	readonly toUs: number;
}

export function layOutBranches(branches: readonly BranchSpan[]): readonly BranchRow[] {
	const known = new Set(branches.map(({ branch }) => branch));
	const rows: BranchRow[] = [];
	const seen = new Set<number>();
	const visit = (span: BranchSpan, parentRow: number): void => {
		// A damaged file may call a branch its own ancestor.
		if (seen.has(span.branch)) return;
		seen.add(span.branch);
		const row = rows.length;
		rows.push({ branch: span.branch, row, parentRow, fromUs: parentRow < 0 ? 0 : span.forkUs, toUs: Math.max(span.untilUs, span.forkUs) });
		const children = branches.filter(({ parent, branch }) => parent === span.branch && branch !== span.branch);
		for (const child of [...children].sort((a, b) => b.forkUs - a.forkUs || a.branch - b.branch)) visit(child, row);
	};
	for (const span of branches) if (span.parent < 0 || !known.has(span.parent)) visit(span, -1);
	return rows;
}
