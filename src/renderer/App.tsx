/**
 * The whole window, so far: a name and a sentence. Knows src/shared only; runs in the renderer.
 */
import type { ReactElement } from "react";

/** Five servers around a balancer, the third of them dark: the lab that the sentence speaks of. */
function Mark(): ReactElement {
	return (
		<svg className="mark" viewBox="0 0 120 120" role="img" aria-label="Five servers, one of them down">
			<g className="mark-links">
				<path d="M60 60 60 16M60 60 101.8 46.4M60 60 34.1 95.6M60 60 18.2 46.4" />
				<path className="mark-link-down" d="M60 60 85.9 95.6" />
			</g>
			<g className="mark-servers">
				<circle cx="60" cy="16" r="9" />
				<circle cx="101.8" cy="46.4" r="9" />
				<circle className="mark-server-down" cx="85.9" cy="95.6" r="9" />
				<circle cx="34.1" cy="95.6" r="9" />
				<circle cx="18.2" cy="46.4" r="9" />
			</g>
			<circle className="mark-balancer" cx="60" cy="60" r="13" />
		</svg>
	);
}

export function App(): ReactElement {
	return (
		<main className="welcome">
			<Mark />
			<h1>Quorate</h1>
			<p>A small distributed operating system that a class can run, break, rewind and mark.</p>
		</main>
	);
}
