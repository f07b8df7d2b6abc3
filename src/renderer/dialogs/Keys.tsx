/** The list of keys, and the statement that goes with it. */
import type { ReactElement } from "react";
import { keyGroups } from "../keys.ts";
import { useApp } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { strings } from "../strings.ts";

export function Keys(): ReactElement {
	const app = useApp();
	return (
		<Dialog title={strings.keys.title} onClose={() => app.openDialog(null)}>
			<div className="keys">
				{keyGroups.map(({ id, keys }) => (
					<section key={id}>
						<h3 className="label">{strings.keys.groups[id]}</h3>
						<dl>
							{keys.map(({ shown, does }) => (
								<div key={does}>
									<dt>
										{shown.map((key) => (
											<kbd key={key}>{key}</kbd>
										))}
									</dt>
									<dd>{strings.keys.list[does]}</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
			<p className="soft">{strings.keys.statement}</p>
		</Dialog>
	);
}
