/** The product's mark: five servers around a balancer, the third of them dark. */
import type { ReactElement } from "react";

export function Mark(): ReactElement {
	return (
		<svg className="mark" viewBox="0 0 120 120" aria-hidden="true">
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
