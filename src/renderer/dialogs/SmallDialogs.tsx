/** Dialogs of one question: the instant to run to, a session's new name. */
import { type ReactElement, useState } from "react";
import { sessionId } from "../../shared/contract/schema.ts";
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
			hint={strings.start.renameHint}
			isGood={(text) => text !== session && sessionId.safeParse(text.trim()).success}
			onAnswer={(text) => {
				app.openDialog(null);
				void app.attempt(app.client.call("sessions.rename", { session, to: text.trim() })).then(() => app.refreshLibrary());
			}}
		/>
	);
}
