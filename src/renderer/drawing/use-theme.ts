/** The theme that is in force, for what paints on a canvas and has to do so again when it changes. */
import { useSyncExternalStore } from "react";
import type { DrawingTheme } from "../../shared/drawing/palette.ts";
import { onTheme, themeNow } from "../state/theme.ts";

export function useThemeNow(): DrawingTheme {
	return useSyncExternalStore(onTheme, themeNow);
}
