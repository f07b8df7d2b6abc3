/**
 * What somebody has put before their eyes of the drawing of a session, while it is not on the stage: another part of the
 * window was looked at, or a fork of the run. Kept as long as the window is there, and of the latest sessions only.
 */
import type { KeptView } from "./graph.ts";

const sessionsMax = 32;
const views = new Map<string, KeptView>();

/** Undefined where nobody has touched what was fitted. */
export function keptView(session: string): KeptView | undefined {
	return views.get(session);
}

/** @param view null: as it was fitted */
export function keepView(session: string, view: KeptView | null): void {
	views.delete(session);
	if (view !== null) views.set(session, view);
	const [oldest] = views.keys();
	if (views.size > sessionsMax && oldest !== undefined) views.delete(oldest);
}
