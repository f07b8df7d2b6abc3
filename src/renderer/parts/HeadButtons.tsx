/** What every screen has at its head: colours, and the keys. */
import { Moon, Sun } from "lucide-react";
import type { ReactElement } from "react";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { useApp } from "./context.ts";

export function HeadButtons({ isLong = false }: { readonly isLong?: boolean }): ReactElement {
	const app = useApp();
	const theme = useStore(app.store, (state) => state.theme);
	const says = strings.app.themeButton(strings.app.theme[theme]);
	return (
		<>
			<button type="button" className="button quiet icon" aria-label={says} title={says} onClick={() => app.cycleTheme()}>
				<Sun size={18} className="when-dark" aria-hidden="true" />
				<Moon size={18} className="when-light" aria-hidden="true" />
			</button>
			<button
				type="button"
				className={isLong ? "button quiet" : "button quiet icon"}
				title={strings.app.help}
				{...(isLong ? {} : { "aria-label": strings.app.help })}
				onClick={() => app.openDialog({ kind: "keys" })}
			>
				{isLong && strings.app.help} <kbd>?</kbd>
			</button>
		</>
	);
}
