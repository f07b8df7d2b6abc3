/** Atomic commitment: transactions by members, each cell a state; promises that nobody can release stand out. */
import type { ReactElement } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { commitStrings as says } from "../strings/views/commit.ts";
import "./commit.css";
import { type CommitBoard, type CommitCell, type CommitState, commitFacts, commitSummary, readCommit } from "./commit-board.ts";
import { AgainstBook } from "./parts/AgainstBook.tsx";
import { Badge, type BadgeProps, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { kept } from "./parts/kept.ts";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const transactionsMax = 9;
const membersMax = 12;

function CommitView(props: ViewProps): ReactElement {
	const board = readCommit(props);
	if (board.transactions.length === 0) return <EmptyView />;
	const done = board.transactions.find(({ messages }) => messages !== null);
	return (
		<div className="view">
			<Verdict board={board} />
			<Section title={says.transactions} aside={<span className="soft">{says.protocols[board.protocol] ?? ""}</span>}>
				<div className="commit-scroll">
					<Table board={board} />
				</div>
			</Section>
			{done !== undefined && (
				<AgainstBook
					title={says.messages(done.number)}
					by={done.doneIndex}
					counted={done.messages}
					formula={says.formulas[board.protocol] ?? ""}
					expected={done.expected}
				/>
			)}
		</div>
	);
}

function Verdict({ board }: { readonly board: CommitBoard }): ReactElement {
	const { blocked, blockedUs, torn, committed, aborted } = commitSummary(board);
	return (
		<Verdicts>
			{torn.length > 0 && <Badge tone="bad" icon="warning" text={says.torn(torn)} />}
			{blocked > 0 && <Badge tone="warning" icon="lock" text={says.blocked(blocked, board.members[0]?.name ?? "", shortDuration(blockedUs))} />}
			{torn.length === 0 && blocked === 0 && <Badge tone="good" icon="check" text={says.fine} />}
			<span className="soft">{says.counts(committed, aborted)}</span>
		</Verdicts>
	);
}

function Table({ board: { members, transactions } }: { readonly board: CommitBoard }): ReactElement {
	const shown = members.slice(0, membersMax);
	return (
		<table className="commit-table" aria-label={says.transactions}>
			<thead>
				<tr>
					<th scope="col">{says.transaction}</th>
					{shown.map(({ node, name, status }) => (
						<th key={node} scope="col">
							{name}
							{status !== "up" && <StatusBadge status={status} />}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{transactions.slice(0, transactionsMax).map(({ number, cells, isTorn }) => (
					<tr key={number} className={isTorn ? "is-torn" : ""}>
						<th scope="row">{says.number(number)}</th>
						{shown.map(({ node }, place) => (
							<td key={node}>
								<Cell {...asSeen(cells[place])} />
							</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}

const looks: { readonly [state in CommitState]: Pick<BadgeProps, "tone" | "icon"> } = {
	none: { tone: "quiet", icon: "empty" },
	asking: { tone: "quiet", icon: "vote" },
	votedYes: { tone: "warning", icon: "wait" },
	votedNo: { tone: "bad", icon: "ban" },
	precommitted: { tone: "accent", icon: "guarded" },
	commit: { tone: "good", icon: "check" },
	abort: { tone: "bad", icon: "cross" },
};

interface CellProps extends Pick<CommitCell, "state" | "isBlocked" | "index"> {
	/** For how long it is bound, as it is written: what is not seen to change makes no cell anew. Null: it is not bound. */
	readonly doubt: string | null;
}

const emptyCell: CellProps = { state: "none", isBlocked: false, index: -1, doubt: null };

function asSeen(cell: CommitCell | undefined): CellProps {
	if (cell === undefined) return emptyCell;
	const { state, isBlocked, index, inDoubtUs } = cell;
	return { state, isBlocked, index, doubt: inDoubtUs === null ? null : shortDuration(inDoubtUs) };
}

const Cell = kept(function Cell({ state, isBlocked, index, doubt }: CellProps): ReactElement {
	if (state === "none") return <span className="commit-cell is-none">{says.states.none}</span>;
	const text = isBlocked ? says.blockedNow : says.states[state];
	const look = isBlocked ? { tone: "warning" as const, icon: "lock" as const } : looks[state];
	const hint = doubt === null ? says.states[state] : says.doubt(says.states[state], doubt);
	return (
		<Stated by={index} className={`commit-cell is-${state} ${isBlocked ? "is-blocked" : ""}`} title={hint}>
			<Badge {...look} text={text} />
		</Stated>
	);
});

export const view: ServiceView = { services: ["commit"], title: says.title, explains: says.explains, facts: commitFacts, Component: CommitView };
