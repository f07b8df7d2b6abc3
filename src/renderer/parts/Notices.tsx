/**
 * What is told to the user, where it covers nothing: the latest brief note in the free end of a bar, with those before it
 * at hand; what is to be read in rows that make room for themselves; and what came of a dialog in that dialog.
 */
import { X } from "lucide-react";
import { type KeyboardEvent, type ReactElement, useRef } from "react";
import { isBrief, type Notice, withoutDialog } from "../state/notices.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { useApp } from "./context.ts";
import { focusStage, isFocusLost } from "./focus.ts";
import { Jobs } from "./Jobs.tsx";

/** In the free end of a bar: what was done last. */
export function NoteLine(): ReactElement {
	const app = useApp();
	const notices = useStore(app.store, (state) => state.notices);
	const isOpen = useStore(app.store, (state) => state.areNotesOpen);
	const notes = notices.filter(isBrief);
	const last = notes.at(-1);
	const says = strings.app.earlierNotes(notes.length - 1);
	return (
		<div className="note-line">
			{notes.length > 1 && (
				<button type="button" className="button quiet note-more" aria-expanded={isOpen} aria-label={says} title={says} onClick={() => app.openNotes(!isOpen)}>
					+{notes.length - 1}
				</button>
			)}
			<div className="notices" role="status">
				{last !== undefined && <Row key={last.id} notice={last} />}
			</div>
		</div>
	);
}

/** Under a bar: what stays until it was read, and work that takes long. As high as what it says, and nothing when there is none. */
export function ToldRows(): ReactElement {
	const app = useApp();
	const notices = useStore(app.store, (state) => state.notices);
	const isOpen = useStore(app.store, (state) => state.areNotesOpen);
	const last = notices.findLast(isBrief);
	return (
		<div className="told-rows">
			<div className="notices" role="status">
				{withoutDialog(notices).map((notice) => (isBrief(notice) && (!isOpen || notice === last) ? null : <Row key={notice.id} notice={notice} />))}
			</div>
			<Jobs />
		</div>
	);
}

/** In a dialog: whatever was told since it was opened. The page behind it is out of reach. */
export function ToldInDialog(): ReactElement {
	const notices = useStore(useApp().store, (state) => state.notices);
	const before = useRef(notices.at(-1)?.id ?? 0);
	const since = notices.filter(({ id }) => id > before.current);
	return (
		<div className={since.length === 0 ? "hidden-visually" : "told-rows in-dialog notices"} role="status">
			{since.map((notice) => (
				<Row key={notice.id} notice={notice} />
			))}
		</div>
	);
}

function Row({ notice: { id, tone, text, kept, advice } }: { readonly notice: Notice }): ReactElement {
	const app = useApp();
	const dismiss = (): void => {
		app.dismiss(id);
		// The button that had the focus is gone; a dialog looks after its own.
		requestAnimationFrame(() => isFocusLost() && focusStage());
	};
	const onKeyDown = (event: KeyboardEvent): void => {
		if (event.key !== "Escape" || (event.target as HTMLElement).closest("[role=dialog]") !== null) return;
		event.preventDefault();
		event.stopPropagation();
		dismiss();
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: its button does the same
		<div className={`notice ${tone}`} onKeyDown={onKeyDown}>
			<div>
				<p>{text}</p>
				{(kept !== "" || advice !== "") && <p>{[kept, advice].filter((part) => part !== "").join(" ")}</p>}
			</div>
			<button type="button" className="button quiet icon" aria-label={strings.app.dismiss} onClick={dismiss}>
				<X size={15} aria-hidden="true" />
			</button>
		</div>
	);
}
