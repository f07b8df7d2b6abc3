/** What goes out, in which format: everything or what is shown, to other programs, to paper, to be handed in. */
import { type ReactElement, useMemo, useState } from "react";
import type { ExportFormat } from "../../shared/export-formats.ts";
import { timelinePicture, topologyPicture } from "../export/pictures.ts";
import { pngOf } from "../export/png.ts";
import { everything, type Scope, shownScope } from "../export/scope.ts";
import { exportRequest } from "../export/wishes.ts";
import { shortDuration } from "../maths/time-scale.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import type { AppController } from "../state/app-controller.ts";
import type { RunController } from "../state/run-controller.ts";
import { strings } from "../strings.ts";

const says = strings.export;
const pictures = ["png-topology", "png-timeline"] as const;
const nameLettersMax = 200;
type Picture = (typeof pictures)[number];
type Choice = ExportFormat | Picture;

/** For whom each is. */
const forWhom: { readonly [choice in Choice]: "people" | "drawings" | "programs" } = {
	html: "people",
	"svg-topology": "drawings",
	"png-topology": "drawings",
	"svg-timeline": "drawings",
	"png-timeline": "drawings",
	csv: "programs",
	jsonl: "programs",
	trace: "programs",
	otlp: "programs",
	pcapng: "programs",
	shiviz: "programs",
};
const groups = ["people", "drawings", "programs"] as const;
const choices = Object.keys(forWhom) as Choice[];

function isPicture(choice: Choice): choice is Picture {
	return choice === "png-topology" || choice === "png-timeline";
}

/** The page's own drawing, as it is now. */
async function savePicture(app: AppController, run: RunController, choice: Picture): Promise<void> {
	const svg = choice === "png-topology" ? topologyPicture(run) : timelinePicture(run);
	const bytes = svg === null ? null : await pngOf(svg).catch(() => null);
	if (bytes === null) {
		app.tell("warning", svg === null ? says.notShown : says.notDrawn);
		return;
	}
	const name = `${run.state.run.session}.${choice.slice("png-".length)}.png`;
	const kept = await app.attempt(app.client.call("files.keep", { name, mediaType: "image/png", bytes }));
	if (kept !== undefined) await app.save(kept.ticket);
}

function scopeText(scope: Scope, run: RunController): string {
	const time = scope.fromUs === null || scope.toUs === null ? says.wholeTime : says.range(shortDuration(scope.fromUs), shortDuration(scope.toUs));
	const nodes = scope.nodes === null ? says.allNodes : says.someNodes(scope.nodes.length, run.plan.nodes.length);
	return [time, nodes, ...(scope.search === null ? [] : [says.found(scope.search)])].join(", ");
}

export function ExportDialog(): ReactElement {
	const app = useApp();
	const run = useRun();
	const [choice, setChoice] = useState<Choice>("html");
	const [isShown, setShown] = useState(false);
	const by = useRunState((state) => state.handedInBy);
	const shown = useMemo(() => shownScope(run), [run]);
	const option = (one: Choice): ReactElement => (
		<label key={one} className="choice">
			<input type="radio" name="format" value={one} checked={choice === one} onChange={() => setChoice(one)} />
			<span>{isPicture(one) ? says.pictures[one] : says.formats[one]}</span>
		</label>
	);
	return (
		<Dialog title={says.title} onClose={() => app.openDialog(null)} className="export-dialog">
			<form
				onSubmit={(event) => {
					event.preventDefault();
					app.openDialog(null);
					if (isPicture(choice)) void savePicture(app, run, choice);
					else void app.export(exportRequest(run, choice, { scope: isShown ? shown : everything, by }));
				}}
			>
				{groups.map((group) => (
					<fieldset key={group} className="choices">
						<legend className="label">{says.groups[group]}</legend>
						{choices.filter((one) => forWhom[one] === group).map(option)}
						{group === "people" && choice === "html" && (
							<div className="field export-name">
								<label htmlFor="export-name">{says.name}</label>
								<input
									id="export-name"
									className="input"
									// Many sit at one laptop: neither the browser nor the window keeps a name for the next one.
									autoComplete="off"
									spellCheck={false}
									maxLength={nameLettersMax}
									value={by}
									onChange={(event) => run.handInAs(event.target.value)}
									aria-describedby="export-name-hint"
								/>
								<small id="export-name-hint">{says.nameHint}</small>
							</div>
						)}
					</fieldset>
				))}
				<fieldset className="choices" disabled={isPicture(choice)}>
					<legend className="label">{says.scope}</legend>
					<label className="choice">
						<input type="radio" name="scope" value="all" checked={!isShown} onChange={() => setShown(false)} />
						<span>{says.all}</span>
					</label>
					<label className="choice">
						<input type="radio" name="scope" value="shown" checked={isShown} onChange={() => setShown(true)} />
						<span>
							{says.shown} <small>{scopeText(shown, run)}</small>
						</span>
					</label>
				</fieldset>
				<div className="dialog-foot">
					<button
						type="button"
						className="button"
						onClick={() => void app.attempt(app.client.call("files.session", { session: run.state.run.session })).then((file) => file && app.save(file.ticket))}
					>
						{says.session}
					</button>
					<button type="submit" className="button primary">
						{says.start}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
