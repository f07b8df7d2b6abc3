/** The bank: accounts, the money under way between them, and what each snapshot of it all showed. */
import type { CSSProperties, ReactElement } from "react";
import { snapshotStrings as says } from "../strings/views/snapshot.ts";
import { AgainstBook } from "./parts/AgainstBook.tsx";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import "./snapshot.css";
import { Verdicts } from "./parts/Verdicts.tsx";
import { type Bank, bankOf, type SnapshotRow, snapshotFacts, snapshotsOf, verdictOf } from "./snapshot-board.ts";
import type { ServiceView, ViewProps } from "./view.ts";

const snapshotsMax = 5;
const hues = 6;

const money = (amount: number): string => String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, " ");

function SnapshotView(props: ViewProps): ReactElement {
	const bank = bankOf(props);
	const snapshots = snapshotsOf(props);
	const done = snapshots.find((snapshot) => verdictOf(snapshot) !== "open");
	if (bank.opening === 0) return <EmptyView />;
	return (
		<div className="view">
			<Verdict bank={bank} snapshots={snapshots} />
			<Section title={says.accounts}>
				<Accounts bank={bank} />
			</Section>
			{snapshots.length > 0 && (
				<Section title={says.snapshots}>
					<Snapshots snapshots={snapshots.slice(0, snapshotsMax)} />
				</Section>
			)}
			{done !== undefined && (
				<AgainstBook title={says.markers(done.snapshot)} by={done.indexes} counted={done.markers} formula={says.formula} expected={done.markersExpected} />
			)}
		</div>
	);
}

function Verdict({ bank, snapshots }: { readonly bank: Bank; readonly snapshots: readonly SnapshotRow[] }): ReactElement {
	const done = snapshots.filter((snapshot) => verdictOf(snapshot) !== "open");
	const wrong = done.filter((snapshot) => verdictOf(snapshot) === "wrong").map(({ snapshot }) => snapshot);
	return (
		<Verdicts>
			{wrong.length > 0 && <Badge tone="bad" icon="cross" text={says.someWrong(wrong)} />}
			{wrong.length === 0 && done.length > 0 && <Badge tone="good" icon="check" text={says.allRight(done.length)} />}
			{done.length === 0 && <Badge tone="quiet" icon="wait" text={says.none} />}
			<span className="soft">{says.all(money(bank.opening))}</span>
		</Verdicts>
	);
}

/** One bar for all the money, a piece an account, hatched what is under way; and the same in numbers. */
function Accounts({ bank: { accounts, underway, held, opening } }: { readonly bank: Bank }): ReactElement {
	const share = (amount: number): CSSProperties => ({ "--share": Math.max(0, amount) / Math.max(1, opening) }) as CSSProperties;
	return (
		<>
			<div className="bank-bar" aria-hidden="true">
				{accounts.map(({ node, balance, index }, place) => (
					<Piece key={node} index={index} look={`hue-${place % hues}`} share={share(balance)}>
						{balance / opening > 0.06 ? money(balance) : ""}
					</Piece>
				))}
				<span className="bank-piece is-underway" style={share(underway)} />
			</div>
			<ul className="bank-accounts">
				{accounts.map(({ node, name, status, balance, index }, place) => (
					<li key={node}>
						<span className={`bank-key hue-${place % hues}`} aria-hidden="true" />
						<Stated by={index} className="view-link">
							{name}
						</Stated>
						{status === "up" ? <span className="number">{money(balance)}</span> : <StatusBadge status={status} />}
					</li>
				))}
				<li>
					<span className="bank-key is-underway" aria-hidden="true" />
					{says.underway}
					<span className="number">{money(underway)}</span>
				</li>
			</ul>
			<p className="bank-sum number">
				{money(held)} {says.held} + {money(underway)} {says.underway} = <strong>{money(held + underway)}</strong>
			</p>
		</>
	);
}

interface PieceProps {
	readonly index: number;
	readonly look: string;
	readonly share: CSSProperties;
	readonly children: string;
}

/** Of the bar, which is lit as its account is below. */
function Piece({ index, look, share, children }: PieceProps): ReactElement {
	return (
		<span className={`bank-piece ${look} ${litClass(useLit(index))}`} style={share}>
			{children}
		</span>
	);
}

function Snapshots({ snapshots }: { readonly snapshots: readonly SnapshotRow[] }): ReactElement {
	return (
		<Grid
			label={says.snapshots}
			head={says.snapshot}
			columns={[
				{ id: "verdict", title: says.columns.verdict, isWide: true },
				{ id: "accounts", title: says.columns.accounts, isNumber: true },
				{ id: "underway", title: says.columns.underway, isNumber: true },
				{ id: "sum", title: says.columns.sum, isNumber: true },
			]}
			rows={snapshots.map((row) => ({
				id: String(row.snapshot),
				title: row.snapshot,
				cells: { verdict: <Fate row={row} />, accounts: money(row.balances), underway: money(row.underway), sum: money(row.balances + row.underway) },
				...(verdictOf(row) === "wrong" ? { look: "bad" as const } : {}),
				by: row.indexes,
			}))}
		/>
	);
}

function Fate({ row }: { readonly row: SnapshotRow }): ReactElement {
	const verdict = verdictOf(row);
	if (verdict === "open") return <Badge tone="quiet" icon="wait" text={says.open(row.parts, row.members)} />;
	if (verdict === "right") return <Badge tone="good" icon="check" text={says.right} />;
	const surplus = row.balances + row.underway - row.total;
	return <Badge tone="bad" icon="cross" text={surplus > 0 ? says.surplus(money(surplus)) : says.missing(money(-surplus))} />;
}

export const view: ServiceView = { services: ["snapshot"], title: says.title, explains: says.explains, facts: snapshotFacts, Component: SnapshotView };
