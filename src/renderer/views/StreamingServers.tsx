/** Those who serve films: what the name means, the caches with what they had and had not, and the other viewers. */
import type { CSSProperties, ReactElement } from "react";
import { streamingStrings as says } from "../strings/views/streaming.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { Grid } from "./parts/Grid.tsx";
import { Legend } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { Stated } from "./parts/Stated.tsx";
import type { AudienceState, CacheState, NamedServer } from "./streaming-board.ts";

const whole = { "--share": 1 } as CSSProperties;

export function Names({ servers }: { readonly servers: readonly NamedServer[] }): ReactElement {
	return (
		<Section title={says.names}>
			<ul className="streaming-names">
				{servers.map(({ server, well, notWell, wellIndexes, notWellIndexes }) => (
					<li key={server}>
						{well.length > 0 && (
							<Stated by={wellIndexes} className="view-link">
								<Badge tone="good" icon="check" text={says.well(server)} />
							</Stated>
						)}
						{well.length > 0 && <span className="soft">{says.says(well.join(", "))}</span>}
						{notWell.length > 0 && (
							<Stated by={notWellIndexes} className="view-link">
								<Badge tone="bad" icon="cross" text={says.notWell(server)} />
							</Stated>
						)}
						{notWell.length > 0 && <span className="soft">{says.says(notWell.join(", "))}</span>}
					</li>
				))}
			</ul>
		</Section>
	);
}

export function Caches({ caches }: { readonly caches: readonly CacheState[] }): ReactElement {
	const { cacheColumns } = says;
	return (
		<Section
			title={says.caches}
			aside={
				<Legend
					items={(["hit", "joined", "miss"] as const).map((id) => ({
						id,
						sign: (
							<span className="streaming-hits-box is-key">
								<span className={`is-${id}`} style={whole} />
							</span>
						),
						text: says.cacheLegend[id],
					}))}
				/>
			}
		>
			<Grid
				label={says.caches}
				head={cacheColumns.edge}
				columns={[
					{ id: "hits", title: cacheColumns.hits, isWide: true },
					{ id: "counts", title: cacheColumns.counts, isNumber: true },
					{ id: "room", title: cacheColumns.room, isNumber: true },
				]}
				rows={caches.map((cache) => ({
					id: cache.name,
					title: cache.name,
					by: cache.index,
					...(cache.status === "up" ? {} : { look: "dim" as const }),
					cells: {
						hits: cache.status === "up" ? <Hits cache={cache} /> : <StatusBadge status={cache.status} />,
						counts: says.counts(cache),
						room: cache.status === "up" ? says.ratioText(cache.bytes / Math.max(1, cache.capacityBytes)) : "",
					},
				}))}
			/>
		</Section>
	);
}

/** What it had, what it waited for with others, what it had to fetch: one bar. */
function Hits({ cache: { hits, joined, misses, ratio } }: { readonly cache: CacheState }): ReactElement {
	const all = Math.max(1, hits + joined + misses);
	const part = (count: number): CSSProperties => ({ "--share": count / all }) as CSSProperties;
	return (
		<span className="streaming-hits">
			<span className="streaming-hits-box" aria-hidden="true">
				<span className="is-hit" style={part(hits)} />
				<span className="is-joined" style={part(joined)} />
				<span className="is-miss" style={part(misses)} />
			</span>
			<span className="number">{ratio === null ? says.unused : says.ratioText(ratio)}</span>
		</span>
	);
}

export function Audiences({ audiences }: { readonly audiences: readonly AudienceState[] }): ReactElement {
	return (
		<Section title={says.audience}>
			<ul className="streaming-names">
				{audiences.map(({ name, viewers, playing, stalled, finished, stalls, index }) => (
					<li key={name}>
						<Stated by={index} className="view-link">
							<strong>{name}</strong>
						</Stated>
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
