/**
 * Shopping carts: where they are kept, a shelf a server or one in the database, and what each shopper sees: a box
 * a thing, crossed out when the shop had confirmed it and does not show it any more.
 */
import type { ReactElement } from "react";
import { cartsStrings as says } from "../strings/views/carts.ts";
import { type CartRow, cartFacts, type KeptCart, readCarts, type Shelf } from "./carts-board.ts";
import "./carts.css";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { kept } from "./parts/kept.ts";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

/** Boxes of a row, so that rows line up. */
const cellsMin = 8;
/** Rows that are drawn; a lab may have a thousand shoppers. */
const rowsMax = 200;

function CartsView(props: ViewProps): ReactElement {
	const { rows, servers, database } = readCarts(props);
	if (servers.length === 0 && rows.length === 0) return <EmptyView />;
	const losers = rows.filter(({ lost }) => lost.length > 0);
	const things = losers.reduce((sum, { lost }) => sum + lost.length, 0);
	return (
		<div className="view carts">
			<Verdicts>
				{rows.length === 0 ? (
					<Badge tone="quiet" icon="empty" text={says.noneYet} />
				) : losers.length === 0 ? (
					<Badge tone="good" icon="check" text={says.nothingLost(rows.length)} />
				) : (
					<Badge tone="bad" icon="cross" text={says.lost(things, losers.length)} />
				)}
			</Verdicts>
			<Section title={says.shelves} aside={<span className="soft">{says.shelvesHint}</span>}>
				<ul className="carts-shelves">
					{servers.map((shelf) => (
						<ServerShelf key={shelf.node} shelf={shelf} />
					))}
					{database !== null && <DatabaseShelf carts={database} />}
				</ul>
			</Section>
			<Section title={says.shoppers} aside={<Legend items={legend} />}>
				{rows.length === 0 && <p className="soft">{says.noneYet}</p>}
				<ul className="carts-rows">
					{rows.slice(0, rowsMax).map((row) => (
						<Shopper key={row.cart} row={row} />
					))}
				</ul>
			</Section>
		</div>
	);
}

const ServerShelf = kept(function ServerShelf({ shelf: { name, status, where, carts, gone, index } }: { readonly shelf: Shelf }): ReactElement {
	const isEmpty = carts.length === 0;
	return (
		<li className={`carts-shelf ${status === "up" ? "" : "is-down"}`}>
			<p className="carts-shelf-head">
				<Stated by={index} className="view-link">
					<strong>{name}</strong>
				</Stated>
				<StatusBadge status={status} />
				<span className="soft">{where === "memory" ? (isEmpty ? says.noneHere : says.memory) : says.passesOn}</span>
			</p>
			<Chips carts={carts} />
			{gone.length > 0 && (
				<p className="carts-gone">
					<Badge tone="bad" icon="fire" text={says.goneWith(gone.length)} />
				</p>
			)}
			<Chips carts={gone} look="is-gone" />
		</li>
	);
});

const DatabaseShelf = kept(function DatabaseShelf({ carts }: { readonly carts: readonly KeptCart[] }): ReactElement {
	return (
		<li className="carts-shelf is-database">
			<p className="carts-shelf-head">
				<strong>{says.database}</strong>
				<Badge tone="accent" icon="disk" text={says.databaseNote} />
			</p>
			<Chips carts={carts} />
		</li>
	);
});

function Chips({ carts, look = "" }: { readonly carts: readonly KeptCart[]; readonly look?: string }): ReactElement | null {
	if (carts.length === 0) return null;
	return (
		<ul className={`carts-chips ${look}`}>
			{carts.slice(0, rowsMax).map(({ cart, things, index }) => (
				<li key={cart}>
					<Stated by={index} className="carts-chip number" title={says.cartChip(cart, things)}>
						<span className="hidden-visually">{says.cartChip(cart, things)}</span>
						<span aria-hidden="true">
							{shortName(cart)}
							<b>{things}</b>
						</span>
					</Stated>
				</li>
			))}
		</ul>
	);
}

/** `shoppers-12` is cart 12 to the eye. */
function shortName(cart: string): string {
	return /-(\d+)$/.exec(cart)?.[1] ?? cart;
}

const Shopper = kept(function Shopper({ row }: { readonly row: CartRow }): ReactElement {
	const { cart, items, lost, by, index } = row;
	const empty = Math.max(0, cellsMin - items.length - lost.length);
	return (
		<li className={`carts-row ${lost.length > 0 ? "has-lost" : ""} ${litClass(useLit(index))}`}>
			<Stated by={index} className="view-link carts-name of-box" title={cart}>
				{says.cart(shortName(cart))}
				<span className="hidden-visually">, {cart}</span>
			</Stated>
			<ol className="carts-cells" aria-label={says.cellsOf(cart)}>
				{items.map((item) => (
					<li key={item} className="carts-cell is-there" title={says.cellThere(item)}>
						<span className="hidden-visually">{says.cellThere(item)}</span>
					</li>
				))}
				{lost.map((item) => (
					<li key={`lost ${item}`} className="carts-cell is-lost" title={says.cellLost(item)}>
						<span className="hidden-visually">{says.cellLost(item)}</span>
						<span aria-hidden="true">✕</span>
					</li>
				))}
				{Array.from({ length: empty }, (_, place) => place).map((place) => (
					<li key={`empty ${place}`} className="carts-cell" aria-hidden="true" />
				))}
			</ol>
			{lost.length > 0 ? (
				<span className="carts-lost">{says.lostThings(lost.join(", "))}</span>
			) : (
				<span className="soft number" title={says.from(by)}>
					{items.length}
					<span className="hidden-visually"> {says.thingsFrom(by)}</span>
				</span>
			)}
		</li>
	);
});

const legend: readonly LegendItem[] = [
	{ id: "there", sign: <span className="carts-cell is-there" />, text: says.legend.there },
	{ id: "lost", sign: <span className="carts-cell is-lost">✕</span>, text: says.legend.lost },
];

export const view: ServiceView = { services: ["cart-server", "shoppers"], title: says.title, explains: says.explains, facts: cartFacts, Component: CartsView };
