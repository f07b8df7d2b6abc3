/**
 * Light, dark, or as the system says; remembered on this computer. Also hands the colours that are in force
 * to the canvases, which style sheets do not reach.
 */
import { type DrawingColour, type DrawingPalette, type DrawingTheme, palettes } from "../../shared/drawing/palette.ts";

export { faded } from "../../shared/drawing/palette.ts";
export type ColourName = DrawingColour;
export type Palette = DrawingPalette;

const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "quorate.theme";

export function keptTheme(): Theme {
	try {
		const kept = localStorage.getItem(storageKey);
		return themes.find((theme) => theme === kept) ?? "system";
	} catch {
		return "system"; // storage is switched off: the system's wish is as good
	}
}

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const wantsStillness = matchMedia("(prefers-reduced-motion: reduce)");

/** What the page looks like now. */
export function themeNow(): DrawingTheme {
	const chosen = document.documentElement.dataset.theme;
	if (chosen === "light" || chosen === "dark") return chosen;
	return systemIsDark.matches ? "dark" : "light";
}

export function nextTheme(theme: Theme): Theme {
	const isDark = theme === "system" ? systemIsDark.matches : theme === "dark";
	return isDark ? "light" : "dark";
}

export function applyTheme(theme: Theme): void {
	document.documentElement.dataset.theme = theme;
	try {
		localStorage.setItem(storageKey, theme);
	} catch {
		// Not remembered, then.
	}
	tellAll();
}

/** The colours that are in force: the same object as long as they are. */
export const readPalette = (): Palette => palettes[themeNow()];

const listeners = new Set<() => void>();
const tellAll = (): void => {
	for (const listener of [...listeners]) listener();
};
systemIsDark.addEventListener("change", tellAll);

/** Told when other colours are in force, whoever chose them: the user, or the system. @returns no longer told */
export function onTheme(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

export const reducesMotion = (): boolean => wantsStillness.matches;
