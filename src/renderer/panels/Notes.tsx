/** Notes of people, pinned to events. */
import { Pin, StickyNote } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { useRun, useRunState } from "../parts/context.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { strings } from "../strings.ts";

const says = strings.notes;

export function Notes(): ReactElement {
	const run = useRun();
	const notes = useRunState((state) => state.notes);
	const selection = useRunState((state) => state.selection);
	const [text, setText] = useState("");
	const pinned = selection?.kind === "event" ? selection.index : -1;
	useEffect(() => {
		void run.refreshNotes();
	}, [run]);
	return (
		<Scroll label={says.label}>
			<div className="panel-body">
				<form
					className="field"
					onSubmit={(event) => {
						event.preventDefault();
						if (text.trim() !== "") void run.addNote(pinned, text.trim()).then((isAdded) => isAdded && setText(""));
					}}
				>
					<textarea className="input" aria-label={says.add} placeholder={says.placeholder} value={text} onChange={(event) => setText(event.target.value)} />
					<button type="submit" className="button" disabled={text.trim() === ""}>
						<StickyNote size={16} aria-hidden="true" /> {says.add} · {pinned < 0 ? says.general : says.pinnedTo(pinned)}
					</button>
				</form>
				{notes.length === 0 && <p className="soft">{says.none}</p>}
				{notes.map(({ id, eventIndex, text: said }) => (
					<article key={id} className="pinned-note">
						<p>{said}</p>
						{eventIndex < 0 ? (
							<small>{says.general}</small>
						) : (
							<button type="button" className="neighbour" onClick={() => run.inspect({ kind: "event", index: eventIndex })}>
								<small>
									<Pin size={13} aria-hidden="true" /> {says.pinnedTo(eventIndex)}
								</small>
							</button>
						)}
					</article>
				))}
			</div>
		</Scroll>
	);
}
