/** The first screen: labs by topic, what is running, and the library of sessions. */
import type { ReactElement } from "react";
import { HeadButtons } from "../parts/HeadButtons.tsx";
import { Mark } from "../parts/Mark.tsx";
import { NoteLine, ToldRows } from "../parts/Notices.tsx";
import { strings } from "../strings.ts";
import { Labs } from "./start/Labs.tsx";
import { Running } from "./start/Running.tsx";
import { Sessions } from "./start/Sessions.tsx";

export function StartScreen(): ReactElement {
	return (
		<main className="start" tabIndex={-1}>
			<header className="start-head">
				<Mark />
				<div>
					<h1>{strings.app.name}</h1>
					<p>{strings.app.tagline}</p>
				</div>
				<NoteLine />
				<div className="start-tools">
					<HeadButtons isLong />
				</div>
			</header>
			<ToldRows />
			<div className="start-body">
				<Labs />
				<div className="sessions-column">
					<Running />
					<Sessions />
				</div>
			</div>
		</main>
	);
}
