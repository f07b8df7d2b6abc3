/** Dialogs of one question: the instant to run to, a session's new name, the format of an export. */
import { type ReactElement, useState } from "react";
import { exportFormatFacts, exportFormats } from "../../shared/export-formats.ts";
import { tryParseDurationUs } from "../../shared/units.ts";
import { useApp, useRun } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { strings } from "../strings.ts";

interface Question {
	readonly title: string;
	readonly label: string;
	readonly initial: string;
	readonly hint?: string;
	readonly isGood: (text: string) => boolean;
	readonly onAnswer: (text: string) => void;
}

function OneQuestion({ title, label, initial, hint, isGood, onAnswer }: Question): ReactElement {
	const app = useApp();
	const [text, setText] = useState(initial);
	return (
		<Dialog title={title} onClose={() => app.openDialog(null)}>
			<form
				className="field"
				onSubmit={(event) => {
					event.preventDefault();
					if (isGood(text)) onAnswer(text);
				}}
			>
				<label className="field">
					<span>{label}</span>
					<input className="input mono" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={!isGood(text)} />
				</label>
				{hint && <small className="soft">{hint}</small>}
				<div className="dialog-foot">
					<button type="submit" className="button primary" disabled={!isGood(text)}>
						{title}
					</button>
				</div>
			</form>
		</Dialog>
	);
}

export function UntilDialog(): ReactElement {
	const app = useApp();
	const run = useRun();
	return (
		<OneQuestion
			title={strings.transport.runUntil}
			label={strings.transport.untilTime}
			hint={strings.transport.untilTimeHint}
			initial="6s"
			isGood={(text) => (tryParseDurationUs(text) ?? -1) >= 0}
			onAnswer={(text) => {
				app.openDialog(null);
				void run.runUntil({ untilUs: tryParseDurationUs(text) ?? 0, waitFor: null });
			}}
		/>
	);
}

export function RenameDialog({ session }: { readonly session: string }): ReactElement {
	const app = useApp();
	return (
		<OneQuestion
			title={strings.start.rename}
			label={strings.start.renameTo}
			initial={session}
			isGood={(text) => text.trim() !== "" && text !== session}
			onAnswer={(text) => {
				app.openDialog(null);
				void app.attempt(app.client.call("sessions.rename", { session, to: text.trim() })).then(() => app.refreshLibrary());
			}}
		/>
	);
}

export function ExportDialog(): ReactElement {
	const app = useApp();
	const run = useRun();
	const [format, setFormat] = useState<(typeof exportFormats)[number]>("jsonl");
	const says = strings.export;
	return (
		<Dialog title={says.title} onClose={() => app.openDialog(null)}>
			<form
				className="field"
				onSubmit={(event) => {
					event.preventDefault();
					app.openDialog(null);
					void app.export({ run: run.id, format, fromUs: null, toUs: null, kinds: null, nodes: null, search: null, drawing: null });
				}}
			>
				<fieldset className="field" style={{ border: 0, margin: 0, padding: 0 }}>
					<legend className="label">{says.format}</legend>
					{exportFormats.map((one) => (
						<label key={one} style={{ display: "flex", gap: "0.5rem", alignItems: "center" }}>
							<input type="radio" name="format" value={one} checked={format === one} onChange={() => setFormat(one)} /> {exportFormatFacts[one].summary}
						</label>
					))}
				</fieldset>
				<div className="dialog-foot">
					<button
						type="button"
						className="button"
						onClick={() => void app.attempt(app.client.call("files.session", { session: run.state.run.session })).then((file) => file && app.save(file.ticket))}
					>
						{says.session}
					</button>
					<button type="submit" className="button primary">
						{says.start}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
