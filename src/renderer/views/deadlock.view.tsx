/** Deadlock: the wait-for graph with its rings marked, who holds and wants what, and what the probes have found. */
import type { ReactElement } from "react";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import { deadlockStrings as says } from "../strings/views/deadlock.ts";
import "./deadlock.css";
import { deadlockFacts, type FoundRing, foundRings, ringsIn, type Waiter, waitersOf } from "./deadlock-board.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Section } from "./parts/Section.tsx";
import { StatedShape } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

const foundMax = 4;
/** Names beside a circle of more would lie on each other. */
const graphMax = 16;

function DeadlockView(props: ViewProps): ReactElement {
	const waiters = waitersOf(props);
	const found = foundRings(props);
	if (waiters.every(({ indexes }) => indexes.length === 0)) return <EmptyView />;
	const rings = ringsIn(waiters.map(({ waitsFor }) => waitsFor));
	const nameOf = (place: number): string => waiters[place]?.name ?? "";
	return (
		<div className="view">
			<Verdicts>
				{rings.length === 0 && <Badge tone="good" icon="check" text={says.noRing} />}
				{rings.map((ring) => (
					<Badge key={ring[0]} tone="bad" icon="lock" text={says.ring(ring.map(nameOf))} />
				))}
				<span className="soft">{says.waiting(waiters.filter(({ wants }) => wants !== null).length)}</span>
			</Verdicts>
			{waiters.length <= graphMax && (
				<Section title={says.graph}>
					<Graph waiters={waiters} />
				</Section>
			)}
			<Section title={says.members}>
				<Members waiters={waiters} atUs={props.atUs} />
			</Section>
			<Section title={says.found} aside={<span className="soft">{says.foundCount(found.count)}</span>}>
				{found.rings.length === 0 ? <p className="soft">{says.nothingFound}</p> : <Found rings={found.rings.slice(0, foundMax)} />}
			</Section>
		</div>
	);
}

interface Point {
	readonly x: number;
	readonly y: number;
}

const centre: Point = { x: 220, y: 108 };
const reach = { x: 170, y: 86 } as const;
const box = { widthPx: 82, heightPx: 30 } as const;

function placeOf(place: number, count: number): Point {
	const angle = (place / count) * 2 * Math.PI - Math.PI / 2;
	return { x: centre.x + reach.x * Math.cos(angle), y: centre.y + reach.y * Math.sin(angle) };
}

function Graph({ waiters }: { readonly waiters: readonly Waiter[] }): ReactElement {
	const at = waiters.map((_, place) => placeOf(place, waiters.length));
	const edges = waiters.flatMap(({ name, waitsFor, isInRing }, place) => (waitsFor === null ? [] : [{ name, place, waitsFor, isInRing }]));
	const text = says.graphText(edges.map(({ name, waitsFor }) => says.edge(name, waiters[waitsFor]?.name ?? "")));
	return (
		// biome-ignore lint/a11y/useSemanticElements: a drawing is no set of fields
		<svg className="deadlock-graph" viewBox="0 0 440 216" role="group" aria-label={text}>
			{edges.map(({ place, waitsFor, isInRing }) => (
				<Arrow key={place} from={at[place] ?? centre} to={at[waitsFor] ?? centre} isInRing={isInRing} />
			))}
			{waiters.map(({ node, name, isInRing, isThere, indexes }, place) => (
				<StatedShape
					key={node}
					by={indexes}
					label={name}
					className={`deadlock-node ${isInRing ? "is-ring" : ""} ${isThere ? "" : "is-out"}`}
					signAt={{ x: -box.widthPx / 2, y: 5 - box.heightPx / 2 }}
					transform={`translate(${at[place]?.x ?? 0} ${at[place]?.y ?? 0})`}
				>
					<rect x={-box.widthPx / 2} y={-box.heightPx / 2} width={box.widthPx} height={box.heightPx} rx="7" />
					<text y="5" textAnchor="middle">
						{name}
					</text>
				</StatedShape>
			))}
		</svg>
	);
}

/** From edge to edge of the two boxes, with a head. */
function Arrow({ from, to, isInRing }: { readonly from: Point; readonly to: Point; readonly isInRing: boolean }): ReactElement {
	const [dx, dy] = [to.x - from.x, to.y - from.y];
	const length = Math.max(1, Math.hypot(dx, dy));
	const [ux, uy] = [dx / length, dy / length];
	// Where the line leaves the box.
	const out = Math.min((box.widthPx / 2 + 2) / Math.max(0.001, Math.abs(ux)), (box.heightPx / 2 + 2) / Math.max(0.001, Math.abs(uy)));
	// Two that wait for each other have a line each.
	const side = 5;
	const start = { x: from.x + ux * out - uy * side, y: from.y + uy * out + ux * side };
	const end = { x: to.x - ux * (out + 2) - uy * side, y: to.y - uy * (out + 2) + ux * side };
	const back = { x: end.x - ux * 10, y: end.y - uy * 10 };
	const head = `M${end.x} ${end.y}L${back.x - uy * 5.5} ${back.y + ux * 5.5}L${back.x + uy * 5.5} ${back.y - ux * 5.5}Z`;
	return (
		<g className={`deadlock-edge ${isInRing ? "is-ring" : ""}`}>
			<path d={`M${start.x} ${start.y}L${back.x} ${back.y}`} />
			<path className="deadlock-head" d={head} />
		</g>
	);
}

function Found({ rings }: { readonly rings: readonly FoundRing[] }): ReactElement {
	return (
		<Grid
			label={says.found}
			head={says.by}
			columns={[
				{ id: "at", title: says.foundColumns.at, isNumber: true },
				{ id: "length", title: says.foundColumns.length, isNumber: true },
				{ id: "probes", title: says.foundColumns.probes, isNumber: true },
				{ id: "book", title: says.foundColumns.book, isNumber: true },
			]}
			rows={rings.map(({ by, length, probes, expected, atUs, index }) => ({
				id: by,
				title: by,
				cells: {
					at: shortDuration(atUs),
					length: length === 0 ? says.guessed : length,
					probes: length === 0 ? "" : probes,
					book: length === 0 ? "" : expected,
				},
				by: index,
			}))}
		/>
	);
}

function Members({ waiters, atUs }: { readonly waiters: readonly Waiter[]; readonly atUs: number }): ReactElement {
	const nameOf = (place: number | null): string => (place === null ? "" : (waiters[place]?.name ?? ""));
	return (
		<Grid
			label={says.members}
			head={says.node}
			columns={[
				{ id: "holds", title: says.columns.holds },
				{ id: "wants", title: says.columns.wants },
				{ id: "held", title: says.columns.held },
				{ id: "state", title: says.columns.state },
			]}
			rows={waiters.map((waiter) => ({
				id: waiter.name,
				title: waiter.name,
				cells: {
					holds: waiter.holds.map(nameOf).join(", "),
					wants: nameOf(waiter.wants),
					held: waiter.wants === null ? "" : waiter.waitsFor === null ? says.free : nameOf(waiter.waitsFor),
					state: <State waiter={waiter} waited={waiter.wants === null ? "" : shortDuration(Math.max(0, atUs - waiter.sinceUs))} />,
				},
				...(waiter.isInRing ? { look: "bad" as const } : waiter.isThere ? {} : { look: "dim" as const }),
				by: waiter.indexes,
			}))}
		/>
	);
}

/** @param waited as it is written: what is not seen to change makes no row anew */
function State({ waiter: { status, wants, isInRing }, waited }: { readonly waiter: Waiter; readonly waited: string }): ReactElement {
	if (status !== "up") return <StatusBadge status={status} />;
	if (isInRing) return <Badge tone="bad" icon="lock" text={says.stuck(waited)} />;
	if (wants !== null) return <Badge tone="warning" icon="wait" text={says.waits(waited)} />;
	return <Badge tone="good" icon="check" text={says.runs} />;
}

export const view: ServiceView = { services: ["deadlock"], title: says.title, explains: says.explains, facts: deadlockFacts, Component: DeadlockView };
