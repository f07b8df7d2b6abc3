/** The library: recent sessions first, found by name, with everything that can be done to them by keyboard. */
import { FolderOpen } from "lucide-react";
import { type KeyboardEvent, type ReactElement, useRef, useState } from "react";
import { useApp } from "../../parts/context.ts";
import { useStore } from "../../state/store.ts";
import { takeFiles } from "../../state/take-files.ts";
import { strings } from "../../strings.ts";
import { Session } from "./Session.tsx";

const says = strings.start;
const shownAtFirst = 30;

/** Up and down go from session to session. */
function moveInSessions(event: KeyboardEvent): void {
	if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
	const row = (event.target as HTMLElement).closest(".session");
	const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
	const button = next?.querySelector<HTMLElement>(".session-open");
	if (!button) return;
	button.focus();
	event.preventDefault();
}

export function Sessions(): ReactElement {
	const app = useApp();
	const sessions = useStore(app.store, (state) => state.sessions);
	const hasOpenDialog = useStore(app.store, (state) => state.hasOpenDialog);
	const [search, setSearch] = useState("");
	const [shown, setShown] = useState(shownAtFirst);
	const picker = useRef<HTMLInputElement>(null);
	const wanted = search.trim().toLowerCase();
	const found = sessions.filter(({ session, content }) => `${session} ${content?.title ?? ""}`.toLowerCase().includes(wanted));
	const open = (): void => (hasOpenDialog ? void app.openFile() : picker.current?.click());
	return (
		<section aria-labelledby="sessions-title">
			<div className="section-head">
				<h2 id="sessions-title">{says.sessions}</h2>
				<p>{says.sessionsHint}</p>
			</div>
			<input
				className="input"
				type="search"
				aria-label={says.searchSessions}
				placeholder={says.searchSessions}
				value={search}
				onChange={(event) => setSearch(event.target.value)}
			/>
			<ul className="sessions" aria-label={says.sessions} onKeyDown={moveInSessions}>
				{found.slice(0, shown).map((session) => (
					<Session key={session.session} view={session} />
				))}
			</ul>
			{found.length > shown && (
				<button type="button" className="button quiet" onClick={() => setShown(shown + shownAtFirst)}>
					{says.moreSessions(found.length - shown)}
				</button>
			)}
			{found.length > 0 && <p className="soft session-keys">{says.sessionKeys}</p>}
			{sessions.length === 0 && <p className="soft">{says.noSessions}</p>}
			<div className="drop">
				<p>{says.dropHere}</p>
				<button type="button" className="button" onClick={open}>
					<FolderOpen size={17} aria-hidden="true" /> {says.openFile}
				</button>
				<input
					ref={picker}
					type="file"
					accept=".quorate"
					hidden
					onChange={(event) => {
						void takeFiles(app, [...(event.target.files ?? [])]);
						event.target.value = "";
					}}
				/>
			</div>
		</section>
	);
}
