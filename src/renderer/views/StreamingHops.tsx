/** The way of the latest pieces: from door to edge to origin, hop by hop, and where the time went. */
import { ChevronRight } from "lucide-react";
import { type CSSProperties, Fragment, type ReactElement } from "react";
import { streamingStrings as says } from "../strings/views/streaming.ts";
import { Legend } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { type Hop, hopsOf, type Piece, type PlayerState } from "./streaming-board.ts";

const latestMax = 3;
const wayParts = ["road", "here", "origin"] as const;

export function Hops({ player: { name, pieces }, onShow }: { readonly player: PlayerState; readonly onShow: (index: number) => void }): ReactElement {
	const latest = [...pieces].sort((a, b) => b.index - a.index).slice(0, latestMax);
	const longestUs = Math.max(1, ...latest.map(({ tryUs }) => tryUs));
	const [newest] = latest;
	return (
		<Section
			title={says.hops}
			aside={<Legend items={wayParts.map((id) => ({ id, sign: <span className={`streaming-part is-${id} is-key`} />, text: says.wayParts[id] }))} />}
		>
			{newest !== undefined && <Chain piece={newest} hops={hopsOf(newest, name)} onShow={() => onShow(newest.index)} />}
			<ol className="streaming-ways">
				{latest.map((piece) => (
					<li key={piece.segment}>
						<button type="button" className="view-link" onClick={() => onShow(piece.index)}>
							{says.piece(piece.segment + 1)}
						</button>
						<span>
							{piece.edge === "" ? piece.from : piece.edge} {says.did[piece.did] ?? piece.did}
							{piece.tries > 1 && <strong>{`, ${says.tries(piece.tries)}`}</strong>}
						</span>
						<Way piece={piece} longestUs={longestUs} />
						<span className="number">{says.millis(piece.tryUs)}</span>
					</li>
				))}
			</ol>
		</Section>
	);
}

/** Every machine that the piece was asked of, and what each of them added. */
function Chain({ piece, hops, onShow }: { readonly piece: Piece; readonly hops: readonly Hop[]; readonly onShow: () => void }): ReactElement {
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
						<button type="button" className="view-link" onClick={onShow}>
							{at}
						</button>
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
