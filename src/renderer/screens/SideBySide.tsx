/**
 * Two runs beside each other, in the view that is chosen: the same instant in both, and the first event in
 * which they differ.
 */
import { ArrowRightLeft, Eye, Locate, X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { clockText } from "../maths/time-scale.ts";
import { RunContext, useApp, useRunState } from "../parts/context.ts";
import { canGoOn } from "../state/acts.ts";
import type { Beside } from "../state/beside.ts";
import { listedUs } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";

const says = strings.beside;

export function SideBySide({ beside, children }: { readonly beside: Beside; readonly children: ReactNode }): ReactElement {
	const app = useApp();
	return (
		<div className="side-by-side">
			<Verdict beside={beside} />
			<Pane beside={beside} isHere>
				{children}
			</Pane>
			<RunContext value={beside.there}>
				<Pane beside={beside} isHere={false}>
					{children}
				</Pane>
			</RunContext>
			<div className="beside-acts">
				<button type="button" className="button quiet" onClick={() => void app.swapBeside()}>
					<ArrowRightLeft size={16} aria-hidden="true" /> {says.swap}
				</button>
				<button type="button" className="button quiet" onClick={() => app.closeBeside()}>
					<X size={16} aria-hidden="true" /> {says.close}
				</button>
			</div>
		</div>
	);
}

/** Where they part, in words. */
function Verdict({ beside }: { readonly beside: Beside }): ReactElement {
	const found = useStore(beside.store, (state) => state.found);
	const isSame = found !== null && found.here === null && found.there === null;
	return (
		<p className="beside-verdict" role="status">
			<span>{found === null ? says.comparing : isSame ? strings.branches.same : strings.branches.sameUntil(found.sameEvents)}</span>
			{found !== null && !isSame && (
				<button type="button" className="button" onClick={() => beside.goToDivergence()}>
					<Locate size={16} aria-hidden="true" /> {says.goThere}
				</button>
			)}
		</p>
	);
}

/** The other does not reach the instant that is shown: it stands at one of its own, and its head says so. */
function Behind({ beside }: { readonly beside: Beside }): ReactElement {
	const hereUs = useStore(beside.here.store, (state) => Math.floor(listedUs(state)));
	const run = useRunState((state) => state.run);
	const { main } = clockText(run.virtualUs);
	const isBehind = hereUs > run.virtualUs;
	return (
		<span className="beside-behind" role="status">
			{isBehind && <span className="chip warning">{canGoOn(run) ? says.notThere(main) : says.ended(main)}</span>}
		</span>
	);
}

function Pane({ beside, isHere, children }: { readonly beside: Beside; readonly isHere: boolean; readonly children: ReactNode }): ReactElement {
	const run = useRunState((state) => state.run);
	const found = useStore(beside.store, (state) => state.found);
	const divergent = isHere ? found?.here : found?.there;
	const name = [strings.run.branch(run.branch), ...(run.variant === "" ? [] : [run.variant]), strings.start.seed(run.seed)].join(" · ");
	return (
		<section className={`beside-pane ${isHere ? "is-here" : ""}`} aria-label={`${isHere ? strings.branches.this : strings.branches.other}: ${name}`}>
			<header>
				<Eye size={15} aria-hidden="true" />
				<strong>{isHere ? strings.branches.this : strings.branches.other}</strong>
				<span className="soft beside-name">
					{name} · {run.session}
				</span>
				{!isHere && <Behind beside={beside} />}
			</header>
			<p className="beside-event">
				{divergent ? (
					<>
						<span aria-hidden="true">◆</span> {divergent.text}
					</>
				) : found !== null && (found.here !== null || found.there !== null) ? (
					<span className="soft">{strings.branches.noEvent}</span>
				) : null}
			</p>
			{children}
		</section>
	);
}
