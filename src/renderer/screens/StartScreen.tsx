/** The first screen: labs as cards, sessions as a list, and a place to drop a file. */
import { ArrowRight, Moon, Sun } from "lucide-react";
import { type ReactElement, useState } from "react";
import { shortDuration } from "../maths/time-scale.ts";
import { useApp } from "../parts/context.ts";
import { Mark } from "../parts/Mark.tsx";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { Sessions } from "./start/Sessions.tsx";

const says = strings.start;

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

function Labs(): ReactElement {
	const app = useApp();
	const labs = useStore(app.store, (state) => state.labs);
	const [search, setSearch] = useState("");
	const wanted = search.trim().toLowerCase();
	const found = labs.filter(({ id, title, shows }) => `${id} ${title} ${shows}`.toLowerCase().includes(wanted));
	return (
		<section aria-labelledby="labs-title">
			<div className="section-head">
				<h2 id="labs-title">{says.labs}</h2>
				<p>{says.labsHint}</p>
				<input
					className="input labs-search"
					type="search"
					aria-label={says.searchLabs}
					placeholder={says.searchLabs}
					value={search}
					onChange={(event) => setSearch(event.target.value)}
				/>
			</div>
			<ul className="cards">
				{found.map(({ id, title, shows, durationUs }) => (
					<li key={id}>
						<button type="button" className="card" onClick={() => app.openDialog({ kind: "newRun", lab: id })}>
							<h3>{title}</h3>
							<p>{shows}</p>
							<span className="card-foot">
								<span className="mono">
									{id} · {shortDuration(durationUs)}
								</span>
								<span className="card-go">
									{says.open} <ArrowRight size={16} aria-hidden="true" />
								</span>
							</span>
						</button>
					</li>
				))}
			</ul>
			{labs.length > 0 && found.length === 0 && <p className="soft">{says.noLab}</p>}
		</section>
	);
}
