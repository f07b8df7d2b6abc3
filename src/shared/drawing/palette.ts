/**
 * The colours of everything that is drawn, in both themes: on the window's canvases and in the files that
 * leave it. The style sheet has the same ones under the same names; a test compares them. Pure.
 */

export const colourNames = [
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
export type DrawingColour = (typeof colourNames)[number];
export type DrawingPalette = { readonly [name in DrawingColour]: string };

export const drawingThemes = ["light", "dark"] as const;
export type DrawingTheme = (typeof drawingThemes)[number];

export const palettes: { readonly [theme in DrawingTheme]: DrawingPalette } = {
	light: {
		paper: "#f4f2ec",
		surface: "#fdfcf9",
		raised: "#ffffff",
		ink: "#17202c",
		soft: "#475264",
		faint: "#7b8494",
		line: "#d9d5ca",
		good: "#0b6b78",
		bad: "#b8360a",
		warning: "#855600",
		quiet: "#5a6575",
		accent: "#5637c0",
		message: "#1857c4",
		reply: "#0b6b78",
		select: "#d29200",
		past: "#5637c0",
		future: "#b3560a",
	},
	dark: {
		paper: "#10141a",
		surface: "#171c24",
		raised: "#1f2630",
		ink: "#edf1f6",
		soft: "#b3bdcb",
		faint: "#77839a",
		line: "#2c3542",
		good: "#45c6d4",
		bad: "#ff8f66",
		warning: "#f0bd4b",
		quiet: "#9aa6b6",
		accent: "#a78dff",
		message: "#7fb2ff",
		reply: "#45c6d4",
		select: "#ffcf4a",
		past: "#a78dff",
		future: "#ffae5c",
	},
};

/** For a page whose style sheet has the colours under these names: it changes with its reader's theme. */
export const pagePalette = Object.fromEntries(colourNames.map((name) => [name, `var(--${name})`])) as DrawingPalette;

/** With less of it. @param colour `#rrggbb`; @param ratio 0..1 */
export function faded(colour: string, ratio: number): string {
	if (!/^#[0-9a-f]{6}$/i.test(colour)) return colour;
	return `${colour}${Math.round(Math.min(1, Math.max(0, ratio)) * 255)
		.toString(16)
		.padStart(2, "0")}`;
}
