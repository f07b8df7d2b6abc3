/**
 * The quorum store: of every key its copies, a chip a version, so that two writes that had not seen each other stand
 * side by side; which copies are behind; what is kept for others; and the items that the clock has thrown away.
 */
import type { ReactElement } from "react";
import { quorumStrings as says } from "../strings/views/quorum-store.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import "./quorum.css";
import { Verdicts } from "./parts/Verdicts.tsx";
import { type Copy, type Key, type Loss, type QuorumBoard, quorumFacts, readQuorum, type StandIn } from "./quorum-board.ts";
import type { ServiceView, ViewProps } from "./view.ts";

/** What is drawn of each; a store may keep thousands of keys. */
const keysMax = 12;
const lossesMax = 12;
const standInsMax = 8;

function QuorumView(props: ViewProps): ReactElement {
	const board = readQuorum(props);
	if (board.keys.length === 0) return <EmptyView />;
	return (
		<div className="view quorum">
			<Head board={board} />
			{board.keys.slice(0, keysMax).map((key) => (
				<Copies key={key.key} of={key} />
			))}
			{board.standIns.length > 0 && <StandIns standIns={board.standIns.slice(-standInsMax)} />}
			{board.losses.length > 0 && <Losses losses={board.losses.slice(-lossesMax)} />}
		</div>
	);
}

function Head({ board: { keys, losses } }: { readonly board: QuorumBoard }): ReactElement {
	const different = keys.filter(({ copies }) => copies.some(({ isLikeOthers }) => !isLikeOthers)).length;
	return (
		<Verdicts>
			{different === 0 ? <Badge tone="good" icon="check" text={says.equal} /> : <Badge tone="warning" icon="copy" text={says.different(different)} />}
			{losses.length > 0 && <Badge tone="bad" icon="cross" text={says.lost(losses.length)} />}
		</Verdicts>
	);
}

function Copies({ of: { key, copies } }: { readonly of: Key }): ReactElement {
	const { columns } = says;
	return (
		<Section title={says.copies(key)}>
			<Grid
				label={says.copies(key)}
				head={columns.node}
				columns={[
					{ id: "versions", title: columns.versions, isWide: true },
					{ id: "items", title: columns.items, isNumber: true },
					{ id: "state", title: columns.state },
				]}
				rows={copies.map((copy) => ({
					id: String(copy.node),
					title: copy.name,
					...(copy.status === "down" ? { look: "dim" as const } : {}),
					by: copy.index,
					cells: {
						versions: <Versions copy={copy} />,
						items: new Set(copy.versions.flatMap(({ items }) => items)).size,
						state: <State copy={copy} />,
					},
				}))}
			/>
		</Section>
	);
}

function Versions({ copy: { versions } }: { readonly copy: Copy }): ReactElement {
	return (
		<span className={`quorum-versions ${versions.length > 1 ? "are-many" : ""}`}>
			{versions.map(({ by, items, vector }) => (
				<span key={`${by} ${vector}`} className="quorum-version number" title={says.versionHint(by, items.length, vector)}>
					{says.version(by, items.length)}
				</span>
			))}
		</span>
	);
}

function State({ copy }: { readonly copy: Copy }): ReactElement {
	if (copy.status !== "up") return <StatusBadge status={copy.status} />;
	if (!copy.isLikeOthers) return <Badge tone="warning" icon="clock" text={says.behind(copy.missing)} />;
	if (copy.versions.length > 1) return <Badge tone="accent" icon="copy" text={says.siblings(copy.versions.length)} />;
	return <Badge tone="good" icon="check" text={says.same} />;
}

function StandIns({ standIns }: { readonly standIns: readonly StandIn[] }): ReactElement {
	return (
		<Section title={says.standIns}>
			<ul className="quorum-list">
				{standIns.map(({ node, key, owner, items, index }) => (
					<li key={`${node} ${owner} ${key}`}>
						<Stated by={index} className="view-link">
							{node}
						</Stated>
						<Badge tone="accent" icon="disk" text={says.hint(key, owner, items)} />
					</li>
				))}
			</ul>
		</Section>
	);
}

function Losses({ losses }: { readonly losses: readonly Loss[] }): ReactElement {
	return (
		<Section title={says.losses}>
			<ul className="quorum-list">
				{losses.map(({ item, of, winner, wasAcknowledged, indexes }) => (
					<li key={`${of} ${item}`}>
						<Stated by={indexes} className="view-link quorum-lost">
							{item}
						</Stated>
						<span>{says.loss(of, winner)}</span>
						{wasAcknowledged && <Badge tone="bad" icon="warning" text={says.acknowledged} />}
					</li>
				))}
			</ul>
		</Section>
	);
}

export const view: ServiceView = { services: ["quorum-store"], title: says.title, explains: says.explains, facts: quorumFacts, Component: QuorumView };
