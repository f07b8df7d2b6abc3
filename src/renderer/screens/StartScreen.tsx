/** The first screen: labs as cards, sessions as a list, and a place to drop a file. */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { ArrowRight, Check, FolderOpen, Moon, MoreHorizontal, Sun, TriangleAlert } from "lucide-react";
import { type ReactElement, useRef, useState } from "react";
import { shortDuration } from "../maths/time-scale.ts";
import { useApp } from "../parts/context.ts";
import { Mark } from "../parts/Mark.tsx";
import type { SessionView } from "../state/contract-types.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";

const says = strings.start;

export function StartScreen(): ReactElement {
	const app = useApp();
	const labs = useStore(app.store, (state) => state.labs);
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
				<section aria-labelledby="labs-title">
					<div className="section-head">
						<h2 id="labs-title">{says.labs}</h2>
						<p>{says.labsHint}</p>
					</div>
					<ul className="cards">
						{labs.map(({ id, title, shows, durationUs }) => (
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
				</section>
				<Sessions />
			</div>
		</main>
	);
}

function Sessions(): ReactElement {
	const app = useApp();
	const sessions = useStore(app.store, (state) => state.sessions);
	const hasOpenDialog = useStore(app.store, (state) => state.hasOpenDialog);
	const [search, setSearch] = useState("");
	const picker = useRef<HTMLInputElement>(null);
	const wanted = search.trim().toLowerCase();
	const found = sessions.filter(({ session, content }) => `${session} ${content?.title ?? ""}`.toLowerCase().includes(wanted));
	const open = async (): Promise<void> => {
		if (!hasOpenDialog) picker.current?.click();
		else {
			const opened = await app.attempt(app.client.call("files.open", {}));
			if (opened?.session) await app.openSession(opened.session);
		}
	};
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
			<ul className="sessions" style={{ marginBlockStart: "0.6rem" }}>
				{found.map((session) => (
					<Session key={session.session} view={session} />
				))}
			</ul>
			{sessions.length === 0 && <p className="soft">{says.noSessions}</p>}
			<div className="drop">
				<p>{says.dropHere}</p>
				<button type="button" className="button" style={{ marginBlockStart: "0.5rem" }} onClick={() => void open()}>
					<FolderOpen size={17} aria-hidden="true" /> {says.openFile}
				</button>
				<input
					ref={picker}
					type="file"
					accept=".quorate"
					hidden
					onChange={(event) => {
						const file = event.target.files?.[0];
						if (file !== undefined) void app.takeFile(file);
						event.target.value = "";
					}}
				/>
			</div>
		</section>
	);
}

/** How the session's cluster looks from afar: as many dots as it has nodes, and red where a check failed. */
function Thumbnail({ nodes, failed }: { readonly nodes: number; readonly failed: boolean }): ReactElement {
	const shown = Math.min(nodes, 24);
	return (
		<svg className="thumb" viewBox="-50 -38 100 76" aria-hidden="true">
			{Array.from({ length: shown }, (_, i) => {
				const angle = (i / shown) * Math.PI * 2 - Math.PI / 2;
				const [x, y] = [Math.cos(angle) * 32, Math.sin(angle) * 24];
				return (
					<g key={angle}>
						<path d={`M0 0 ${x} ${y}`} stroke="var(--faint)" strokeWidth="1.5" />
						<circle cx={x} cy={y} r={shown > 12 ? 4 : 6} fill={failed && i === 2 ? "var(--bad)" : "var(--good)"} />
					</g>
				);
			})}
			<circle r="7" fill="var(--ink)" />
		</svg>
	);
}

function Session({ view }: { readonly view: SessionView }): ReactElement {
	const app = useApp();
	const { session, content, problem, isLive } = view;
	const failed = (content?.checksFailed ?? 0) > 0;
	return (
		<li className="session">
			<button type="button" className="session-open" onClick={() => void app.openSession(session)}>
				<Thumbnail nodes={content?.nodes ?? 3} failed={failed} />
				<span className="session-text">
					<span className="session-name">{session}</span>
					{content === null ? (
						<span className="session-facts tone-bad">{problem?.message}</span>
					) : (
						<span className="session-facts">
							<span>{says.events(content.events)}</span>
							<span>{shortDuration(content.untilUs)}</span>
							{content.branches > 1 && <span>{says.branches(content.branches)}</span>}
							<span className={failed ? "state tone-bad" : "state tone-good"}>
								{failed ? <TriangleAlert size={13} aria-hidden="true" /> : <Check size={13} aria-hidden="true" />}
								{says.checksFailed(content.checksFailed)}
							</span>
						</span>
					)}
				</span>
			</button>
			{isLive && <span className="chip accent">{says.running}</span>}
			{content !== null && !content.finished && !isLive && <span className="chip warning">{says.brokenOff}</span>}
			<SessionMenu session={session} canContinue={content !== null && !content.finished && !isLive} />
		</li>
	);
}

function SessionMenu({ session, canContinue }: { readonly session: string; readonly canContinue: boolean }): ReactElement {
	const app = useApp();
	const items: readonly (readonly [string, () => void])[] = [
		...(canContinue ? [[says.continue, () => void app.continueSession(session)] as const] : []),
		[says.verify, () => void app.verify(session)],
		[says.download, () => void app.attempt(app.client.call("files.session", { session })).then((file) => file && app.save(file.ticket))],
		[says.rename, () => app.openDialog({ kind: "rename", session })],
		[says.duplicate, () => void app.attempt(app.client.call("sessions.duplicate", { session })).then(() => app.refreshLibrary())],
		[says.trash, () => void app.attempt(app.client.call("sessions.trash", { session })).then(() => app.refreshLibrary())],
	];
	return (
		<Menu.Root modal={false}>
			<Menu.Trigger className="button quiet icon" aria-label={says.actions(session)}>
				<MoreHorizontal size={18} aria-hidden="true" />
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu" align="end">
					{items.map(([label, act]) => (
						<Menu.Item key={label} className="menu-item" onSelect={act}>
							{label}
						</Menu.Item>
					))}
				</Menu.Content>
			</Menu.Portal>
		</Menu.Root>
	);
}
