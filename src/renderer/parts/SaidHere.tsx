/** Why what the user just wanted made no sense, said where they wanted it. Goes by itself, with Escape, or with what they do next. */
import { X } from "lucide-react";
import { type ReactElement, useEffect, useLayoutEffect, useRef } from "react";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { useApp } from "./context.ts";

const marginPx = 8;
/** Nobody has read it before. */
const readMsMin = 1_500;

export function SaidHere(): ReactElement {
	const app = useApp();
	const said = useStore(app.store, (state) => state.said);
	const box = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const element = box.current;
		if (element === null || said === null) return;
		const { width, height } = element.getBoundingClientRect();
		element.style.left = `${Math.max(marginPx, Math.min(said.at.x, window.innerWidth - width - marginPx))}px`;
		element.style.top = `${Math.max(marginPx, Math.min(said.at.y, window.innerHeight - height - marginPx))}px`;
	}, [said]);
	useEffect(() => {
		if (said === null) return;
		const saidMs = performance.now();
		// Whatever the user does next; but not what they were doing while it was said.
		const onNext = (event: Event): void => {
			const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
			if (isEscape || performance.now() - saidMs > readMsMin) app.unsay();
		};
		window.addEventListener("keydown", onNext);
		window.addEventListener("pointerdown", onNext);
		return () => {
			window.removeEventListener("keydown", onNext);
			window.removeEventListener("pointerdown", onNext);
		};
	}, [app, said]);
	return (
		<div role="status" className="said-here">
			{said !== null && (
				<div ref={box} className="notice warning">
					<p>{said.text}</p>
					<button type="button" className="button quiet icon" aria-label={strings.app.dismiss} onClick={() => app.unsay()}>
						<X size={15} aria-hidden="true" />
					</button>
				</div>
			)}
		</div>
	);
}
