/** One session of the library: its picture, what became of it, and what can be done to it by menu and by key. */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Check, CirclePause, CirclePlay, MoreHorizontal, TriangleAlert } from "lucide-react";
import type { KeyboardEvent, ReactElement } from "react";
import { shortDuration } from "../../../shared/drawing/time-scale.ts";
import { useApp } from "../../parts/context.ts";
import { canGoOn } from "../../state/acts.ts";
import type { AppController } from "../../state/app-controller.ts";
import type { SessionView } from "../../state/contract-types.ts";
import { useStore } from "../../state/store.ts";
import { strings } from "../../strings.ts";
import { Thumbnail } from "./Thumbnail.tsx";

const says = strings.start;

interface Act {
	readonly label: string;
	readonly key?: string;
	readonly act: () => void;
}

function actsOf(app: AppController, { session, content }: SessionView): readonly Act[] {
	const run = app.state.runs.find((one) => one.session === session && canGoOn(one));
	const canContinue = content !== null && !content.finished && run === undefined;
	const then = (done: Promise<unknown>): void => void app.attempt(done).then(() => app.refreshLibrary());
	return [
		...(canContinue ? [{ label: says.continue, act: () => void app.continueSession(session) }] : []),
		...(run === undefined ? [] : [{ label: says.endIt, act: () => void app.endRun(run).then(() => app.refreshRuns()) }]),
		{ label: says.verify, act: () => void app.verify(session) },
		{ label: says.download, act: () => void app.attempt(app.client.call("files.session", { session })).then((file) => file && app.save(file.ticket)) },
		{ label: says.rename, key: "F2", act: () => app.openDialog({ kind: "rename", session }) },
		{ label: says.duplicate, key: "Ctrl D", act: () => then(app.client.call("sessions.duplicate", { session })) },
		{ label: says.trash, key: "Delete", act: () => then(app.client.call("sessions.trash", { session }).then(() => app.tell("note", says.trashed(session)))) },
	];
}

/** Wall time, as people here write it. */
function dateText(ms: number): string {
	return new Date(ms).toLocaleString("en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
}

export function Session({ view }: { readonly view: SessionView }): ReactElement {
	const app = useApp();
	const { session, content, problem } = view;
	const mode = useStore(app.store, ({ runs }) => runs.find((run) => run.session === session && canGoOn(run))?.mode);
	const acts = actsOf(app, view);
	const onKey = (event: KeyboardEvent): void => {
		const key = event.ctrlKey ? `Ctrl ${event.key.toUpperCase()}` : event.key;
		const act = acts.find((one) => one.key === key);
		if (act === undefined) return;
		event.preventDefault();
		event.stopPropagation();
		act.act();
	};
	const failed = (content?.checksFailed ?? 0) > 0;
	return (
		<li className="session">
			<button type="button" className="session-open" onClick={() => void app.openSession(session)} onKeyDown={onKey} aria-keyshortcuts="F2 Delete Control+D">
				<Thumbnail content={content} />
				<span className="session-text">
					<span className="session-name">{session}</span>
					{content === null ? (
						<span className="session-facts tone-bad">{problem?.message}</span>
					) : (
						<span className="session-facts">
							{mode !== undefined && <LiveChip isPaused={mode === "paused"} />}
							{!content.finished && mode === undefined && <span className="chip warning">{says.brokenOff}</span>}
							<span>{dateText(view.changedMs)}</span>
							<span>{says.events(content.events)}</span>
							<span>{shortDuration(content.untilUs)}</span>
							{content.branches > 1 && <span>{says.branches(content.branches)}</span>}
							{(failed || content.finished) && (
								<span className={failed ? "state tone-bad" : "state tone-good"}>
									{failed ? <TriangleAlert size={13} aria-hidden="true" /> : <Check size={13} aria-hidden="true" />}
									{says.checksFailed(content.checksFailed)}
								</span>
							)}
						</span>
					)}
				</span>
			</button>
			<SessionMenu session={session} acts={acts} />
		</li>
	);
}

/** Its run, in the words of the list of runs. */
function LiveChip({ isPaused }: { readonly isPaused: boolean }): ReactElement {
	const Icon = isPaused ? CirclePause : CirclePlay;
	return (
		<span className="chip accent">
			<Icon size={13} aria-hidden="true" /> {isPaused ? says.standsStill : says.goesOn}
		</span>
	);
}

function SessionMenu({ session, acts }: { readonly session: string; readonly acts: readonly Act[] }): ReactElement {
	return (
		<Menu.Root modal={false}>
			<Menu.Trigger className="button quiet icon" aria-label={says.actions(session)}>
				<MoreHorizontal size={18} aria-hidden="true" />
			</Menu.Trigger>
			<Menu.Portal>
				<Menu.Content className="menu" align="end">
					{acts.map(({ label, key, act }) => (
						<Menu.Item key={label} className="menu-item" onSelect={act}>
							{label}
							{key !== undefined && <kbd>{key}</kbd>}
						</Menu.Item>
					))}
				</Menu.Content>
			</Menu.Portal>
		</Menu.Root>
	);
}
