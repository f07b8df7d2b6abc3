/**
 * Light, dark, or as the system says; remembered on this computer. Also reads the page's colours for
 * the canvases, which style sheets do not reach.
 */
export const themes = ["system", "light", "dark"] as const;
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

export function nextTheme(theme: Theme): Theme {
	const isDark = theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
	return isDark ? "light" : "dark";
}

export function applyTheme(theme: Theme): void {
	document.documentElement.dataset.theme = theme;
	palette = undefined;
	try {
		localStorage.setItem(storageKey, theme);
	} catch {
		// Not remembered, then.
	}
}

const names = [
	"paper",
	"surface",
	"raised",
	"ink",
	"soft",
	"faint",
	"line",
	"good",
	"bad",
	"warning",
	"quiet",
	"accent",
	"message",
	"reply",
	"select",
	"past",
	"future",
] as const;
export type ColourName = (typeof names)[number];
export type Palette = { readonly [name in ColourName]: string };

let palette: Palette | undefined;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
	palette = undefined;
});

/** The colours that the style sheet has now. */
export function readPalette(): Palette {
	if (palette === undefined) {
		const style = getComputedStyle(document.documentElement);
		palette = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Palette;
	}
	return palette;
}

/** A colour with less of it, for canvases. @param ratio 0..1 */
export function faded(colour: string, ratio: number): string {
	return colour.startsWith("rgb(") ? `${colour.slice(0, -1).replace("rgb(", "rgba(")}, ${ratio})` : colour;
}

export const reducesMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
