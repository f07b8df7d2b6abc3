/** Dialogs of one question: the instant to run to, a session's new name. */
import { type ReactElement, useState } from "react";
import { sessionId } from "../../shared/contract/schema.ts";
import { tryParseDurationUs } from "../../shared/units.ts";
import { useApp, useRun } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { strings } from "../strings.ts";

interface Question {
	readonly title: string;
	/** What its button does. */
	readonly does: string;
	readonly label: string;
	readonly initial: string;
	/** What is good. */
	readonly hint: string;
	readonly isGood: (text: string) => boolean;
	/** Good as it is, and nothing would come of it. */
	readonly isIdle?: (text: string) => boolean;
	readonly onAnswer: (text: string) => void;
}

function OneQuestion({ title, does, label, initial, hint, isGood, isIdle, onAnswer }: Question): ReactElement {
	const app = useApp();
	const [text, setText] = useState(initial);
	const canDo = isGood(text) && isIdle?.(text) !== true;
	return (
		<Dialog title={title} onClose={() => app.openDialog(null)}>
			<form
				className="question"
				onSubmit={(event) => {
					event.preventDefault();
					if (canDo) onAnswer(text);
				}}
			>
				<label className="field">
					<span>{label}</span>
					<input
						className="input mono"
						value={text}
						onChange={(event) => setText(event.target.value)}
						aria-invalid={!isGood(text)}
						aria-describedby="question-hint"
					/>
				</label>
				<small id="question-hint" className={isGood(text) ? "soft" : "tone-bad"}>
					{hint}
				</small>
				<div className="dialog-foot">
					<button type="submit" className="button primary" disabled={!canDo}>
						{does}
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
			does={strings.transport.run}
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
			title={strings.start.renameTitle}
			does={strings.start.renameTitle}
			label={strings.start.renameTo}
			initial={session}
			hint={strings.start.renameHint}
			isGood={(text) => sessionId.safeParse(text.trim()).success}
			isIdle={(text) => text.trim() === session}
			onAnswer={(text) => {
				app.openDialog(null);
				void app.attempt(app.client.call("sessions.rename", { session, to: text.trim() })).then(() => app.refreshLibrary());
			}}
		/>
	);
}
