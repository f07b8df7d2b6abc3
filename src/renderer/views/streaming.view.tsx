/**
 * A film on its way: the player with its buffer and the film piece by piece, the way of the latest piece hop by hop;
 * the caches; what the name means; the other viewers.
 */
import type { ReactElement } from "react";
import { streamingStrings as says } from "../strings/views/streaming.ts";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Player } from "./StreamingPlayer.tsx";
import { Audiences, Caches, Names } from "./StreamingServers.tsx";
import "./streaming.css";
import { audiencesOf, cachesOf, namedServersOf, playersOf, streamingFacts } from "./streaming-board.ts";
import type { ServiceView, ViewProps } from "./view.ts";

function StreamingView(props: ViewProps): ReactElement {
	const players = playersOf(props);
	const caches = cachesOf(props);
	const servers = namedServersOf(props);
	const audiences = audiencesOf(props);
	if (players.length + caches.length + servers.length + audiences.length === 0) return <EmptyView />;
	return (
		<div className="view streaming">
			{players.length === 0 && <EmptyView title={says.noPlayer} hint={says.noPlayerHint} />}
			{players.map((player) => (
				<Player key={player.node} player={player} />
			))}
			{caches.length > 0 && <Caches caches={caches} />}
			<div className="streaming-others">
				{servers.length > 0 && <Names servers={servers} />}
				{audiences.length > 0 && <Audiences audiences={audiences} />}
			</div>
		</div>
	);
}

export const view: ServiceView = {
	services: ["player", "audience", "edge", "name-service"],
	title: says.title,
	explains: says.explains,
	facts: streamingFacts,
	Component: StreamingView,
};
