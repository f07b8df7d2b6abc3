/**
 * The player of a film: what it does, its buffer, the film piece by piece by the server that each piece came from, and
 * the way that the latest pieces took.
 */
import type { CSSProperties, ReactElement } from "react";
import { streamingStrings as says } from "../strings/views/streaming.ts";
import { Badge, type BadgeProps } from "./parts/Badge.tsx";
import { Bar } from "./parts/Bar.tsx";
import { kept } from "./parts/kept.ts";
import { Legend } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import { Hops } from "./StreamingHops.tsx";
import type { Piece, PlayerState, Stall } from "./streaming-board.ts";

/** Pieces that are drawn one by one; a longer film is drawn in as many parts. */
const cellsMax = 80;
/** Looks that tell servers apart: hue and hatching. */
const looks = 4;

const phaseBadges: { readonly [phase: string]: Pick<BadgeProps, "tone" | "icon"> } = {
	starting: { tone: "quiet", icon: "wait" },
	playing: { tone: "good", icon: "play" },
	stalled: { tone: "bad", icon: "pause" },
	finished: { tone: "good", icon: "check" },
	failed: { tone: "bad", icon: "cross" },
};

export function Player({ player }: { readonly player: PlayerState }): ReactElement {
	const { name, film, phase, positionUs, lengthUs, bufferedUs, bufferMaxUs, stalls, stalledUs, server, index, pieces } = player;
	const poorer = pieces.filter(({ rendition }) => rendition > 0).length;
	const badge = phaseBadges[phase] ?? { tone: "quiet", icon: "pause" };
	const isLow = phase === "stalled" || (phase === "playing" && bufferedUs < bufferMaxUs / 3 && positionUs + bufferedUs < lengthUs);
	return (
		<>
			<Verdicts>
				<Stated by={index} className="view-link">
					<Badge {...badge} text={says.phases[phase] ?? phase} />
				</Stated>
				<span className="streaming-clock number">{says.position(positionUs, lengthUs)}</span>
				<Stated by={player.stallsAt.map((stall) => stall.index)} className="view-link">
					<Badge
						tone={stalls === 0 ? "good" : "warning"}
						icon={stalls === 0 ? "check" : "warning"}
						text={stalls === 0 ? says.neverStalled : says.stalled(stalledUs, stalls)}
					/>
				</Stated>
				{poorer > 0 && <Badge tone="warning" icon="copy" text={says.poorer(poorer)} />}
			</Verdicts>
			<Section title={says.filmOf(name, film)} aside={server !== "" && <span className="soft">{says.from(server)}</span>}>
				<div className="streaming-buffer">
					<span>{says.buffer}</span>
					<Bar label={says.buffer} ratio={bufferMaxUs === 0 ? 0 : bufferedUs / bufferMaxUs} text={says.bufferText(bufferedUs)} tone={isLow ? "bad" : "good"} />
				</div>
				<Strip player={player} />
			</Section>
			{pieces.length > 0 && <Hops player={player} />}
		</>
	);
}

interface Cell {
	readonly segment: number;
	readonly piece: Piece | undefined;
	readonly isSeen: boolean;
	readonly stall: Stall | undefined;
}

/** Pieces of the film, as many as there is room for. */
function cellsOf({ pieces, positionUs, lengthUs, stallsAt }: PlayerState): readonly Cell[] {
	const known = Math.max(1, ...pieces.map(({ segment }) => segment + 1));
	// Every piece is equally long: a second unless the lab says otherwise, and then what has come tells how many there are.
	const count = lengthUs === 0 ? known : Math.max(known, Math.round(lengthUs / 1_000_000));
	const step = Math.max(1, Math.ceil(count / cellsMax));
	const pieceUs = lengthUs / count;
	return Array.from({ length: Math.ceil(count / step) }, (_, cell) => {
		const segment = cell * step;
		const [fromUs, toUs] = [segment * pieceUs, (segment + step) * pieceUs];
		return {
			segment,
			piece: pieces.find((piece) => piece.segment >= segment && piece.segment < segment + step),
			isSeen: positionUs >= toUs,
			stall: stallsAt.find((stall) => stall.positionUs >= fromUs && stall.positionUs < toUs),
		};
	});
}

function Strip({ player }: { readonly player: PlayerState }): ReactElement {
	const { servers, pieces, positionUs, lengthUs } = player;
	const place = { "--at": lengthUs === 0 ? 0 : Math.min(1, positionUs / lengthUs) } as CSSProperties;
	return (
		<div className="streaming-film">
			<ol className="streaming-strip" aria-label={`${says.strip}: ${says.stripSummary(servers)}`} style={place}>
				{cellsOf(player).map((cell) => (
					<FilmCell key={cell.segment} cell={cell} servers={servers} />
				))}
			</ol>
			<Legend
				items={[
					...servers.map((server) => ({
						id: server,
						sign: <span className={`streaming-cell is-seen ${lookOf(servers, server)}`} />,
						text: says.servedBy(server, pieces.filter(({ from }) => from === server).length),
					})),
					{ id: "waiting", sign: <span className="streaming-cell look-0" />, text: says.waiting },
					...(pieces.some(({ rendition }) => rendition > 0)
						? [{ id: "poorer", sign: <span className="streaming-cell is-seen is-poorer look-0" />, text: says.poorerPicture }]
						: []),
					{ id: "missing", sign: <span className="streaming-cell is-missing" />, text: says.notYet },
				]}
			/>
		</div>
	);
}

const nothing: readonly number[] = [];

/** One piece, or one part of a long film; lower where its picture is poorer. */
const FilmCell = kept(function FilmCell({
	cell: { piece, isSeen, stall },
	servers,
}: {
	readonly cell: Cell;
	readonly servers: readonly string[];
}): ReactElement {
	const lit = useLit(piece === undefined ? nothing : stall === undefined ? piece.index : [piece.index, stall.index]);
	const look = piece === undefined ? "is-missing" : lookOf(servers, piece.from);
	const poorer = (piece?.rendition ?? 0) > 0 ? "is-poorer" : "";
	const text = piece === undefined ? says.notYet : says.cameFrom(piece.from, piece.kilobitsPerSecond, piece.rendition);
	return (
		<li
			className={`streaming-cell ${look} ${poorer} ${isSeen ? "is-seen" : ""} ${stall === undefined ? "" : "has-stall"} ${litClass(lit)}`}
			title={stall === undefined ? text : `${text}; ${says.stallAt(stall.us)}`}
		/>
	);
});

function lookOf(servers: readonly string[], server: string): string {
	return `look-${Math.max(0, servers.indexOf(server)) % looks}`;
}
