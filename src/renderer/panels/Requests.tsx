/** Placeholder while the panel is written. */
import type { ReactElement } from "react";

export function Requests(): ReactElement {
	return <p />;
}
