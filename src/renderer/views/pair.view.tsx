/**
 * The guarded pair: which of two servers serves, with which token, and the records of the one database; those that
 * two customers own are marked, with what stood there before.
 */
import type { ReactElement } from "react";
import { pairStrings as says } from "../strings/views/pair.ts";
import { isConflict, type PairBoard, type PairRecord, type PairServer, pairFacts, readPair } from "./pair-board.ts";
import "./pair.css";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { kept } from "./parts/kept.ts";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

/** Records that are drawn: those that belong to two, and the newest. */
const conflictsMax = 12;
const newestMax = 7;

function PairView(props: ViewProps): ReactElement {
	const board = readPair(props);
	if (board.servers.every(({ role, status }) => role === "" && status === "booting")) return <EmptyView />;
	return (
		<div className="view pair">
			<Head board={board} />
			<Section title={says.servers}>
				<ul className="pair-servers">
					{board.servers.map((server) => (
						<Server key={server.node} server={server} />
					))}
				</ul>
			</Section>
			<Records board={board} />
		</div>
	);
}

function Head({ board: { servers, records, fenced } }: { readonly board: PairBoard }): ReactElement {
	const active = servers.filter(({ role }) => role === "active");
	const conflicts = records.filter(isConflict).length;
	return (
		<Verdicts>
			{active.length > 1 && <Badge tone="bad" icon="warning" text={says.bothServe} />}
			{active.length === 1 && <Badge tone="accent" icon="crown" text={says.oneServes(active[0]?.name ?? "")} />}
			{active.length === 0 && <Badge tone="warning" icon="question" text={says.nobodyServes} />}
			{conflicts > 0 && <Badge tone="bad" icon="cross" text={says.corrupt(conflicts)} />}
			{conflicts === 0 && records.length > 0 && <Badge tone="good" icon="check" text={says.intact(records.length)} />}
			{fenced !== null && (
				<Stated by={fenced.index} className="view-link">
					<Badge tone="good" icon="guarded" text={says.refused(fenced.by, fenced.token, fenced.newest)} />
				</Stated>
			)}
		</Verdicts>
	);
}

const Server = kept(function Server({ server }: { readonly server: PairServer }): ReactElement {
	const { name, status, role, token, term, index } = server;
	return (
		<li className={`pair-server ${role === "active" ? "is-active" : ""} ${status === "down" ? "is-down" : ""} ${litClass(useLit(index))}`}>
			<p>
				<Stated by={index} className="view-link pair-name of-box">
					{name}
				</Stated>
				{status === "up" ? <RoleBadge role={role} /> : <StatusBadge status={status} />}
				{status === "paused" && <RoleBadge role={role} />}
			</p>
			<p className="pair-token number">
				{token > 0 && <span>{says.token(token)}</span>}
				{term > 0 && <span>{says.term(term)}</span>}
				{token === 0 && <span>{says.noToken}</span>}
			</p>
		</li>
	);
});

function RoleBadge({ role }: { readonly role: string }): ReactElement {
	const text = says.roles[role] ?? says.notYet;
	if (role === "active") return <Badge tone="accent" icon="write" text={text} />;
	return <Badge tone="quiet" icon={role === "taking-over" ? "working" : "wait"} text={text} />;
}

function Records({ board }: { readonly board: PairBoard }): ReactElement {
	const conflicts = board.records.filter(isConflict);
	const shown = conflicts.slice(-conflictsMax);
	const newest = board.records.filter((record) => !isConflict(record)).slice(-newestMax);
	if (shown.length + newest.length === 0) return <p className="soft">{says.noRecords}</p>;
	const earlier = board.records.length - conflicts.length - newest.length;
	return (
		<>
			{shown.length > 0 && (
				<Section
					title={says.conflicts}
					aside={
						<span className="soft">
							{says.crossed}
							{conflicts.length > shown.length && " · "}
							<Earlier count={conflicts.length - shown.length} />
						</span>
					}
				>
					<RecordGrid label={says.conflicts} records={shown} servers={board.servers} />
				</Section>
			)}
			{newest.length > 0 && (
				<Section title={says.records} aside={<Earlier count={earlier} />}>
					<RecordGrid label={says.records} records={newest} servers={board.servers} />
				</Section>
			)}
		</>
	);
}

function Earlier({ count }: { readonly count: number }): ReactElement | null {
	return count > 0 ? <span className="soft">{says.earlier(count)}</span> : null;
}

interface RecordGridProps {
	readonly label: string;
	readonly records: readonly PairRecord[];
	readonly servers: readonly PairServer[];
}

/** A column each server: what it wrote into each record. The newest is on top. */
function RecordGrid({ label, records, servers }: RecordGridProps): ReactElement {
	const { columns } = says;
	const names = new Set(servers.map(({ name }) => name));
	return (
		<Grid
			label={label}
			head={columns.record}
			columns={[
				...servers.map(({ name }) => ({ id: name, title: columns.by(name), isWide: true })),
				{ id: "fate", title: columns.fate, isWide: !records.some((record) => names.has(record.by)) },
			]}
			rows={[...records].reverse().map((record) => ({
				id: record.name,
				title: record.name,
				...(isConflict(record) ? { look: "bad" as const } : {}),
				by: [record.index, ...record.promisedIndexes],
				cells: {
					...Object.fromEntries(servers.map(({ name }) => [name, <Written key={name} record={record} by={name} />])),
					fate: <Fate record={record} />,
				},
			}))}
		/>
	);
}

/** What one server wrote there: crossed out when the other has written over it. */
function Written({ record: { order, by: last, token, was }, by }: { readonly record: PairRecord; readonly by: string }): ReactElement | null {
	return (
		<>
			{was?.by === by && (
				<span className="pair-was">
					{was.order} <span className="pair-with number">{says.token(was.token)}</span>
				</span>
			)}
			{last === by && (
				<span className="pair-order">
					{order} <span className="pair-with number">{says.token(token)}</span>
				</span>
			)}
		</>
	);
}

function Fate({ record }: { readonly record: PairRecord }): ReactElement {
	const { was, promised } = record;
	if (!isConflict(record)) return <Badge tone="good" icon="check" text={says.fine} />;
	const isPromised = was !== null && promised.includes(was.order);
	return (
		<>
			{was !== null && <Badge tone="bad" icon="cross" text={isPromised ? says.lostPromised : says.lost} />}
			{promised
				.filter((order) => order !== was?.order)
				.map((order) => (
					<span key={order} className="pair-promised">
						{says.promised(order)}
					</span>
				))}
		</>
	);
}

export const view: ServiceView = { services: ["pair"], title: says.title, explains: says.explains, facts: pairFacts, Component: PairView };
