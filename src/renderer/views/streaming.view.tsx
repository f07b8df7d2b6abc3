/**
 * A film on its way: the player with its buffer and the film piece by piece, each by the server that it came from;
 * where the latest pieces spent their time; the caches; what the name means; the other viewers.
 */
import type { CSSProperties, ReactElement } from "react";
import { streamingStrings as says } from "../strings/views/streaming.ts";
import { Badge, type BadgeProps, StatusBadge } from "./parts/Badge.tsx";
import { Bar } from "./parts/Bar.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Legend } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import "./streaming.css";
import {
	type AudienceState,
	audiencesOf,
	type CacheState,
	cachesOf,
	type NamedServer,
	namedServersOf,
	type Piece,
	type PlayerState,
	playersOf,
	type Stall,
	streamingFacts,
} from "./streaming-board.ts";
import type { ServiceView, ViewProps } from "./view.ts";

/** Pieces that are drawn one by one; a longer film is drawn in as many parts. */
const cellsMax = 80;
const latestMax = 5;
/** Looks that tell servers apart: hue and hatching. */
const looks = 4;

function StreamingView(props: ViewProps): ReactElement {
	const players = playersOf(props);
	const caches = cachesOf(props);
	const servers = namedServersOf(props);
	const audiences = audiencesOf(props);
	if (players.length + caches.length + servers.length + audiences.length === 0) return <EmptyView />;
	return (
		<div className="view streaming">
			{players.map((player) => (
				<Player key={player.node} player={player} onShow={props.showEvent} />
			))}
			{servers.length > 0 && <Names servers={servers} />}
			{caches.length > 0 && <Caches caches={caches} onShow={props.showEvent} />}
			{audiences.length > 0 && <Audiences audiences={audiences} />}
		</div>
	);
}

const phaseBadges: { readonly [phase: string]: Pick<BadgeProps, "tone" | "icon"> } = {
	starting: { tone: "quiet", icon: "wait" },
	playing: { tone: "good", icon: "play" },
	stalled: { tone: "bad", icon: "pause" },
	finished: { tone: "good", icon: "check" },
	failed: { tone: "bad", icon: "cross" },
};

function Player({ player, onShow }: { readonly player: PlayerState; readonly onShow: (index: number) => void }): ReactElement {
	const { name, film, phase, positionUs, lengthUs, bufferedUs, bufferMaxUs, stalls, stalledUs, server, index, pieces } = player;
	const badge = phaseBadges[phase] ?? { tone: "quiet", icon: "pause" };
	const isLow = phase === "stalled" || (phase === "playing" && bufferedUs < bufferMaxUs / 3 && positionUs + bufferedUs < lengthUs);
	return (
		<Section
			title={`${name} ${says.film(film)}`}
			aside={
				<Badge
					tone={stalls === 0 ? "good" : "warning"}
					icon={stalls === 0 ? "check" : "warning"}
					text={stalls === 0 ? says.neverStalled : says.stalled(stalledUs, stalls)}
				/>
			}
		>
			<p className="streaming-head" role="status">
				<button type="button" className="view-link" onClick={() => onShow(index)}>
					<Badge {...badge} text={says.phases[phase] ?? phase} />
				</button>
				<span className="streaming-clock number">{says.position(positionUs, lengthUs)}</span>
				{server !== "" && <span className="soft">{says.from(server)}</span>}
			</p>
			<div className="streaming-buffer">
				<span>{says.buffer}</span>
				<Bar label={says.buffer} ratio={bufferMaxUs === 0 ? 0 : bufferedUs / bufferMaxUs} text={says.bufferText(bufferedUs)} tone={isLow ? "bad" : "good"} />
			</div>
			<Strip player={player} />
			{pieces.length > 0 && <Hops pieces={pieces} servers={player.servers} onShow={onShow} />}
		</Section>
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
				{cellsOf(player).map(({ segment, piece, isSeen, stall }) => (
					<li
						key={segment}
						className={`streaming-cell ${piece === undefined ? "is-missing" : lookOf(servers, piece.from)} ${isSeen ? "is-seen" : ""} ${stall === undefined ? "" : "has-stall"}`}
						title={stall === undefined ? (piece?.from ?? says.notYet) : says.stallAt(stall.us)}
					/>
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
					{ id: "missing", sign: <span className="streaming-cell is-missing" />, text: says.notYet },
				]}
			/>
		</div>
	);
}

function lookOf(servers: readonly string[], server: string): string {
	return `look-${Math.max(0, servers.indexOf(server)) % looks}`;
}

function Hops({
	pieces,
	servers,
	onShow,
}: {
	readonly pieces: readonly Piece[];
	readonly servers: readonly string[];
	readonly onShow: (index: number) => void;
}): ReactElement {
	const { hopColumns } = says;
	const latest = [...pieces].sort((a, b) => b.index - a.index).slice(0, latestMax);
	const longestUs = Math.max(1, ...latest.map(({ tryUs }) => tryUs));
	return (
		<div className="streaming-film">
			<Grid
				label={says.hops}
				head={hopColumns.piece}
				columns={[
					{ id: "edge", title: hopColumns.edge },
					{ id: "did", title: hopColumns.did },
					{ id: "way", title: hopColumns.way, isWide: true },
					{ id: "total", title: hopColumns.total, isNumber: true },
				]}
				rows={latest.map((piece) => ({
					id: String(piece.segment),
					title: String(piece.segment + 1),
					onShow: () => onShow(piece.index),
					cells: {
						edge: (
							<span className="streaming-door" title={piece.from}>
								<span className={`streaming-cell is-seen ${lookOf(servers, piece.from)}`} aria-hidden="true" />
								{piece.edge === "" ? piece.from : piece.edge}
							</span>
						),
						did: `${says.did[piece.did] ?? piece.did}${piece.tries > 1 ? `, ${says.tries(piece.tries)}` : ""}`,
						way: <Way piece={piece} longestUs={longestUs} />,
						total: says.millis(piece.tryUs),
					},
				}))}
			/>
			<Legend
				items={(["road", "here", "origin"] as const).map((id) => ({
					id,
					sign: <span className={`streaming-part is-${id} is-key`} />,
					text: says.wayParts[id],
				}))}
			/>
		</div>
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

function Names({ servers }: { readonly servers: readonly NamedServer[] }): ReactElement {
	return (
		<Section title={says.names}>
			<ul className="streaming-names">
				{servers.map(({ server, well, notWell }) => (
					<li key={server}>
						{well.length > 0 && <Badge tone="good" icon="check" text={says.well(server)} />}
						{well.length > 0 && <span className="soft">{says.says(well.join(", "))}</span>}
						{notWell.length > 0 && <Badge tone="bad" icon="cross" text={says.notWell(server)} />}
						{notWell.length > 0 && <span className="soft">{says.says(notWell.join(", "))}</span>}
					</li>
				))}
			</ul>
		</Section>
	);
}

function Caches({ caches, onShow }: { readonly caches: readonly CacheState[]; readonly onShow: (index: number) => void }): ReactElement {
	const { cacheColumns } = says;
	return (
		<Section title={says.caches} aside={<span className="soft">{says.keepsBy([...new Set(caches.map(({ policy }) => policy))])}</span>}>
			<Grid
				label={says.caches}
				head={says.hopColumns.edge}
				columns={[
					{ id: "state", title: cacheColumns.state },
					{ id: "room", title: cacheColumns.room, isWide: true },
					{ id: "counts", title: cacheColumns.counts, isNumber: true },
					{ id: "ratio", title: cacheColumns.ratio, isNumber: true },
				]}
				rows={caches.map((cache) => ({
					id: cache.name,
					title: cache.name,
					onShow: () => onShow(cache.index),
					...(cache.status === "up" ? {} : { look: "dim" as const }),
					cells: {
						state: <StatusBadge status={cache.status} />,
						room: <Bar label={cacheColumns.room} ratio={cache.status === "up" ? cache.bytes / Math.max(1, cache.capacityBytes) : 0} />,
						counts: says.counts(cache),
						ratio: cache.ratio === null ? "" : says.ratioText(cache.ratio),
					},
				}))}
			/>
		</Section>
	);
}

function Audiences({ audiences }: { readonly audiences: readonly AudienceState[] }): ReactElement {
	return (
		<Section title={says.audience}>
			<ul className="streaming-names">
				{audiences.map(({ name, viewers, playing, stalled, finished, stalls }) => (
					<li key={name}>
						<strong>{name}</strong>
						<span>{says.watching(playing, viewers)}</span>
						{stalled > 0 && <Badge tone="bad" icon="pause" text={says.standing(stalled)} />}
						{finished > 0 && <Badge tone="good" icon="check" text={says.finished(finished)} />}
						<span className="soft">{says.stallsOf(stalls)}</span>
					</li>
				))}
			</ul>
		</Section>
	);
}

export const view: ServiceView = {
	services: ["player", "audience", "edge", "name-service"],
	title: says.title,
	explains: says.explains,
	facts: streamingFacts,
	Component: StreamingView,
};
