/** The way of the latest pieces: from door to edge to origin, hop by hop, and where the time went. */
import { ChevronRight } from "lucide-react";
import { type CSSProperties, Fragment, type ReactElement } from "react";
import { streamingStrings as says } from "../strings/views/streaming.ts";
import { kept } from "./parts/kept.ts";
import { Legend } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { type Hop, hopsOf, type Piece, type PlayerState } from "./streaming-board.ts";

const latestMax = 3;
const wayParts = ["road", "here", "origin"] as const;

export function Hops({ player: { name, pieces } }: { readonly player: PlayerState }): ReactElement {
	const latest = [...pieces].sort((a, b) => b.index - a.index).slice(0, latestMax);
	const longestUs = Math.max(1, ...latest.map(({ tryUs }) => tryUs));
	const [newest] = latest;
	return (
		<Section
			title={says.hops}
			aside={<Legend items={wayParts.map((id) => ({ id, sign: <span className={`streaming-part is-${id} is-key`} />, text: says.wayParts[id] }))} />}
		>
			{newest !== undefined && <Chain piece={newest} hops={hopsOf(newest, name)} />}
			<ol className="streaming-ways">
				{latest.map((piece) => (
					<Came key={piece.segment} piece={piece} longestUs={longestUs} />
				))}
			</ol>
		</Section>
	);
}

/** How one piece came. */
const Came = kept(function Came({ piece, longestUs }: { readonly piece: Piece; readonly longestUs: number }): ReactElement {
	const { segment, from, edge, did, tries, tryUs, kilobitsPerSecond, rendition, index } = piece;
	return (
		<li className={litClass(useLit(index))}>
			<Stated by={index} className="view-link of-box">
				{says.piece(segment + 1)}
			</Stated>
			<span>
				{edge === "" ? from : edge} {says.did[did] ?? did}
				{kilobitsPerSecond > 0 && <span className="soft number">{`, ${says.picture(kilobitsPerSecond, rendition)}`}</span>}
				{tries > 1 && <strong>{`, ${says.tries(tries)}`}</strong>}
			</span>
			<Way piece={piece} longestUs={longestUs} />
			<span className="number">{says.millis(tryUs)}</span>
		</li>
	);
});

/** Every machine that the piece was asked of, and what each of them added. */
function Chain({ piece, hops }: { readonly piece: Piece; readonly hops: readonly Hop[] }): ReactElement {
	return (
		<ol className="streaming-chain" aria-label={says.chain(piece.segment + 1)}>
			{hops.map(({ at, did, ownUs }, place) => (
				<Fragment key={at}>
					{place > 0 && (
						<li className="streaming-arrow" aria-hidden="true">
							<ChevronRight size={18} />
						</li>
					)}
					<li className="streaming-hop">
						<Stated by={piece.index} className="view-link">
							{at}
						</Stated>
						<span className="soft number">
							{says.hop[did] ?? did} {ownUs === null ? "" : says.millis(ownUs)}
						</span>
					</li>
				</Fragment>
			))}
		</ol>
	);
}

/** Where one piece's time went: three parts of a bar, each with its number. */
function Way({ piece: { tryUs, edgeUs, originUs }, longestUs }: { readonly piece: Piece; readonly longestUs: number }): ReactElement {
	const all = [
		["road", Math.max(0, tryUs - edgeUs)],
		["here", Math.max(0, edgeUs - originUs)],
		["origin", originUs],
	] as const;
	const parts = all.filter(([, us]) => us > 0);
	return (
		<span className="streaming-way">
			{parts.map(([id, us]) => (
				<span
					key={id}
					className={`streaming-part is-${id} number`}
					style={{ "--share": us / longestUs } as CSSProperties}
					title={`${says.wayParts[id]} ${says.millis(us)}`}
				>
					<span className="hidden-visually">{`${says.wayParts[id]} ${says.millis(us)}`}</span>
				</span>
			))}
		</span>
	);
}
