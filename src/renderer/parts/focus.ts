/**
 * Where the keyboard is: it returns to where it was when a menu or a dialog has gone, and goes to the panel that
 * was asked for. Knows the page, and no state.
 */

let last: HTMLElement | null = null;

/** Remembers what has the focus, unless it lies in a menu or a dialog. @returns what ends that */
export function watchFocus(): () => void {
	const onFocus = ({ target }: FocusEvent): void => {
		if (target instanceof HTMLElement && target.closest("[role=menu], [role=dialog]") === null) last = target;
	};
	window.addEventListener("focusin", onFocus);
	return () => window.removeEventListener("focusin", onFocus);
}

/** To what had it before, or to the panel beside the stage. */
export function returnFocus(): void {
	// A menu that was opened meanwhile has it, and would take its loss for a wish to be closed.
	if (document.activeElement?.closest("[role=menu]")) return;
	if (last?.isConnected) last.focus();
	else focusPanel();
}

const selected = "[aria-selected=true] .row-name";
const inPanel = [selected, ".row-name", "[role=listbox]", ".scroll[tabindex]", "input, textarea"];

/**
 * To what is selected in the panel that is shown, or to the first thing in it. Nothing is selected by that.
 * @param isLate the rows of a long table are made a frame later than the table; until then the first row there is
 * comes after it, far out of sight
 */
export function focusPanel(isLate = false): void {
	const panel = document.querySelector(".side .panel[data-state=active]");
	for (const wanted of inPanel) {
		const found = panel?.querySelector<HTMLElement>(wanted);
		if (!panel || !found) continue;
		const isFar = wanted !== selected && found.getBoundingClientRect().top > panel.getBoundingClientRect().bottom;
		if (isFar && !isLate) requestAnimationFrame(() => focusPanel(true));
		else found.focus({ preventScroll: isFar });
		return;
	}
}

/** The page has nothing that has it. */
export function isFocusLost(): boolean {
	return document.activeElement === null || document.activeElement === document.body;
}

/** To what is looked at as a whole: no button there has the keyboard, so that Space plays. */
export function focusStage(): void {
	document.querySelector<HTMLElement>("main[tabindex]")?.focus({ preventScroll: true });
}

/** Bars and drawings, where a click is over when it is done; in lists and dialogs one stays where one was. */
const passing = ".lab-head, .stage, .side-tabs, .lab > .told-rows, .transport";

/**
 * A button that was pressed by mouse gives the keyboard back to the stage: who chooses a view and then presses Space wants
 * the run to play. One that was reached by keys keeps it, and so does one that has handed it on, to a menu or a field.
 */
export function giveBackToStage({ target, detail }: { readonly target: EventTarget; readonly detail: number }): void {
	const button = target instanceof Element ? target.closest("button") : null;
	// A click by a key has no count.
	if (button === null || detail === 0 || document.activeElement !== button) return;
	if (button.closest(passing) === null || button.hasAttribute("aria-haspopup")) return;
	focusStage();
}
