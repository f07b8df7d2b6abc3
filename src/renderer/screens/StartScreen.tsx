/** The first screen: labs by topic, sessions as a list, and a place to drop a file. */
import { Moon, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { useApp } from "../parts/context.ts";
import { Mark } from "../parts/Mark.tsx";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { Labs } from "./start/Labs.tsx";
import { Sessions } from "./start/Sessions.tsx";

export function StartScreen(): ReactElement {
	const app = useApp();
	const theme = useStore(app.store, (state) => state.theme);
	return (
		<main
			className="start"
			onDragOver={(event) => event.preventDefault()}
			onDrop={(event) => {
				event.preventDefault();
				const file = event.dataTransfer.files[0];
				if (file !== undefined) void app.takeFile(file);
			}}
		>
			<header className="start-head">
				<Mark />
				<div>
					<h1>{strings.app.name}</h1>
					<p>{strings.app.tagline}</p>
				</div>
				<div className="start-tools">
					<button
						type="button"
						className="button icon quiet"
						aria-label={strings.app.themeButton(strings.app.theme[theme])}
						title={strings.app.themeButton(strings.app.theme[theme])}
						onClick={() => app.cycleTheme()}
					>
						<Sun size={18} className="when-dark" aria-hidden="true" />
						<Moon size={18} className="when-light" aria-hidden="true" />
					</button>
					<button type="button" className="button quiet" onClick={() => app.openDialog({ kind: "keys" })}>
						{strings.app.help} <kbd>?</kbd>
					</button>
				</div>
			</header>
			<div className="start-body">
				<Labs />
				<Sessions />
			</div>
		</main>
	);
}
