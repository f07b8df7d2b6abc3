/** Sets up a run of a lab: variant, seed, parameters, speed. */
import { CircleCheckBig, Dices, Play, SlidersHorizontal } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import type { CallReply } from "../../shared/contract/calls.ts";
import type { LabDescription } from "../../shared/lab/describe.ts";
import type { RunWishes } from "../../shared/lab/run-flags.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { useApp } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { strings } from "../strings.ts";

const says = strings.newRun;
const usualSeed = 42;
const seedMax = 999_999;

interface Parameter {
	readonly type: LabDescription["parameters"][number]["type"];
	readonly default: unknown;
}

function usualText(parameter: Parameter): string {
	const value = parameter.default;
	return parameter.type === "duration" && typeof value === "number" ? formatDurationUs(value) : String(value);
}

/** What is given is what the fields hold at first. */
export function NewRun({ lab, ...given }: { readonly lab: string } & Partial<RunWishes>): ReactElement {
	const app = useApp();
	const [described, setDescribed] = useState<CallReply<"labs.describe"> | null>(null);
	const [variant, setVariant] = useState(given.variant ?? "");
	const [seed, setSeed] = useState(String(given.seed ?? usualSeed));
	const [changed, setChanged] = useState(given.parameters ?? {});
	const [story, setStory] = useState((given.story ?? []).join("\n"));
	useEffect(() => {
		void app.attempt(app.client.call("labs.describe", { lab })).then((reply) => reply && setDescribed(reply));
	}, [app, lab]);
	const start = (startPaused: boolean): void => {
		const known = Number.parseInt(seed, 10);
		void app.start({
			lab,
			variant: variant === "" ? null : variant,
			seed: Number.isSafeInteger(known) && known >= 0 ? known : "random",
			parameters: changed,
			untilUs: given.untilUs ?? null,
			detail: "full",
			story: story.split("\n").filter((line) => line.trim() !== ""),
			speed: 1,
			startPaused,
			exploreRaces: false,
			session: null,
		});
	};
	const about = described?.lab;
	return (
		<Dialog title={about?.title ?? lab} onClose={() => app.openDialog(null)}>
			<form
				className="new-run"
				onSubmit={(event) => {
					event.preventDefault();
					start(false);
				}}
			>
				<p className="wide prose">{about?.shows}</p>
				<label className="field">
					<span>{says.variant}</span>
					<select className="select" value={variant} onChange={(event) => setVariant(event.target.value)}>
						<option value="">{says.usual}</option>
						{about?.variants.map(({ id, title, breaks }) => (
							<option key={id} value={id}>
								{title} ({says.breaks(breaks)})
							</option>
						))}
					</select>
				</label>
				<div className="field">
					<label htmlFor="seed">{says.seed}</label>
					<span style={{ display: "flex", gap: "0.4rem" }}>
						<input
							id="seed"
							className="input mono"
							inputMode="numeric"
							value={seed}
							onChange={(event) => setSeed(event.target.value.replace(/\D/g, ""))}
							aria-describedby="seed-hint"
						/>
						<button type="button" className="button" onClick={() => setSeed(String(Math.floor(Math.random() * seedMax)))}>
							<Dices size={17} aria-hidden="true" /> {says.random}
						</button>
					</span>
					<small id="seed-hint" className="soft">
						{says.seedHint}
					</small>
				</div>
				{about?.parameters.map((parameter) => (
					<div className="field" key={parameter.name}>
						<label htmlFor={`parameter-${parameter.name}`}>{parameter.title}</label>
						{parameter.type === "choice" ? (
							<select
								id={`parameter-${parameter.name}`}
								className="select"
								value={changed[parameter.name] ?? usualText(parameter)}
								onChange={(event) => setChanged({ ...changed, [parameter.name]: event.target.value })}
							>
								{(parameter as { readonly choices: readonly string[] }).choices.map((choice) => (
									<option key={choice}>{choice}</option>
								))}
							</select>
						) : (
							<input
								id={`parameter-${parameter.name}`}
								className="input mono"
								value={changed[parameter.name] ?? usualText(parameter)}
								onChange={(event) => setChanged({ ...changed, [parameter.name]: event.target.value })}
							/>
						)}
					</div>
				))}
				<details className="wide" open={(given.story ?? []).length > 0}>
					<summary>{says.besides}</summary>
					<textarea
						className="input mono"
						rows={3}
						aria-label={says.besides}
						placeholder={says.besidesHint}
						value={story}
						onChange={(event) => setStory(event.target.value)}
					/>
				</details>
				{given.untilUs !== undefined && (
					<p className="wide soft">
						{says.until} {formatDurationUs(given.untilUs)}
					</p>
				)}
				{about !== undefined && about.checks.length > 0 && (
					<div className="wide">
						<p className="label">{says.checks}</p>
						<ul className="check-list">
							{about.checks.map(({ id, shows }) => (
								<li key={id}>
									<CircleCheckBig size={15} className="tone-good" aria-hidden="true" /> {shows}
								</li>
							))}
						</ul>
					</div>
				)}
				<div className="wide dialog-foot">
					<button type="button" className="button" onClick={() => start(true)}>
						<SlidersHorizontal size={17} aria-hidden="true" /> {says.setUp}
					</button>
					<button type="submit" className="button primary">
						<Play size={17} aria-hidden="true" /> {says.start}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
