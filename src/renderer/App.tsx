/**
 * The window: which screen is shown, which dialog lies over it, and what is told. Knows src/shared
 * only; runs in the renderer.
 */
import { LoaderCircle } from "lucide-react";
import { type ReactElement, useEffect } from "react";
import type { Push } from "../shared/contract/pushes.ts";
import { ExportDialog } from "./dialogs/ExportDialog.tsx";
import { Keys } from "./dialogs/Keys.tsx";
import { NewRun } from "./dialogs/NewRun.tsx";
import { Palette } from "./dialogs/Palette.tsx";
import { RenameDialog, UntilDialog } from "./dialogs/SmallDialogs.tsx";
import { onWindowKey } from "./keys.ts";
import { AppContext, RunContext, useApp } from "./parts/context.ts";
import { DropZone } from "./parts/DropZone.tsx";
import { watchFocus } from "./parts/focus.ts";
import { Mark } from "./parts/Mark.tsx";
import { SaidHere } from "./parts/SaidHere.tsx";
import { LabScreen } from "./screens/LabScreen.tsx";
import { StartScreen } from "./screens/StartScreen.tsx";
import type { AppController } from "./state/app-controller.ts";
import { useStore } from "./state/store.ts";
import { strings } from "./strings.ts";

type MenuAction = Push<"menu">["action"];

export function App({ app }: { readonly app: AppController }): ReactElement {
	const connection = useStore(app.store, (state) => state.connection);
	const current = useStore(app.store, (state) => state.current);
	const lostBecause = useStore(app.store, (state) => state.lostBecause);
	useEffect(() => {
		const onKey = (event: KeyboardEvent): void => onWindowKey(app, event);
		window.addEventListener("keydown", onKey);
		return () => window.removeEventListener("keydown", onKey);
	}, [app]);
	useEffect(() => watchFocus(), []);
	useEffect(() => app.onMenu((action) => onMenuAction(app, action)), [app]);
	if (connection !== "open") return <Splash isLost={connection === "lost"} because={lostBecause} />;
	return (
		<AppContext value={app}>
			{current === null ? <StartScreen /> : <LabScreen key={current.id} run={current} />}
			<Dialogs />
			<Opening />
			<SaidHere />
			<DropZone />
		</AppContext>
	);
}

function onMenuAction(app: AppController, action: MenuAction): void {
	switch (action) {
		case "newRun":
			app.home();
			return;
		case "open":
			void app.openFile();
			return;
		case "export":
			if (app.state.current !== null) app.openDialog({ kind: "export" });
			return;
		case "verify":
			if (app.state.current !== null) void app.verify(app.state.current.state.run.session);
			return;
		case "undo":
			void app.state.current?.acts.undo();
			return;
		case "palette":
			if (app.state.current !== null) app.openDialog({ kind: "palette", line: "" });
			return;
		case "toggleTheme":
			app.cycleTheme();
			return;
		case "shortcuts":
			app.openDialog({ kind: "keys" });
			return;
		case "about":
			void app.about();
	}
}

function Splash({ isLost, because }: { readonly isLost: boolean; readonly because: string }): ReactElement {
	return (
		<main className="splash">
			<Mark />
			<h1>{isLost ? strings.app.connectionLost : strings.app.name}</h1>
			<p role="status">{isLost ? because : strings.app.connecting}</p>
			{isLost && (
				<>
					<p>{strings.app.connectionLostAdvice}</p>
					<button type="button" className="button" onClick={() => window.location.reload()}>
						{strings.app.reload}
					</button>
				</>
			)}
		</main>
	);
}

function Dialogs(): ReactElement | null {
	const app = useApp();
	const dialog = useStore(app.store, (state) => state.dialog);
	const run = useStore(app.store, (state) => state.current);
	if (dialog === null) return null;
	if (dialog.kind === "keys") return <Keys />;
	if (dialog.kind === "newRun") return <NewRun {...dialog} />;
	if (dialog.kind === "rename") return <RenameDialog session={dialog.session} />;
	if (run === null) return null;
	return (
		<RunContext value={run}>
			{dialog.kind === "palette" && <Palette line={dialog.line} />}
			{dialog.kind === "export" && <ExportDialog />}
			{dialog.kind === "untilTime" && <UntilDialog />}
		</RunContext>
	);
}

/** Said of what takes long. */
function Opening(): ReactElement | null {
	const isOpening = useStore(useApp().store, (state) => state.isOpening);
	if (!isOpening) return null;
	return (
		<div className="opening" role="status">
			<p className="notice">
				<LoaderCircle size={18} className="turning" aria-hidden="true" /> {strings.run.opening}
			</p>
		</div>
	);
}
