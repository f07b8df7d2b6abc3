/** Placeholder while the panel is written. */
import type { ReactElement } from "react";

export function Charts(): ReactElement {
	return <p />;
}
