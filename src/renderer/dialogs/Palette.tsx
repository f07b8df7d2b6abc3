/** The command palette: one line of the command grammar, completed and explained as it is typed. */
import { type KeyboardEvent, type ReactElement, useState } from "react";
import { completeCommand } from "../../shared/command-completion.ts";
import { commandUsage, parseCommand } from "../../shared/command-grammar.ts";
import { QuorateError } from "../../shared/errors.ts";
import type { NodeView } from "../../shared/projection/snapshot.ts";
import { whyNot } from "../acting/why-not.ts";
import { useApp, useRun, useRunState } from "../parts/context.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { sentence } from "../strings/words.ts";
import { strings } from "../strings.ts";

const says = strings.palette;
const shownMax = 40;
const noNodes: readonly NodeView[] = [];

export function Palette({ line: initial }: { readonly line: string }): ReactElement {
	const app = useApp();
	const run = useRun();
	const isPast = useRunState((state) => state.cursorUs !== null);
	const [line, setLine] = useState(initial);
	const [chosen, setChosen] = useState(0);
	const [said, setSaid] = useState("");
	const nodes = useRunState((state) => state.listed?.view.nodes ?? noNodes);
	/** Why a line that is whole makes no sense as things are. */
	const reasonAgainst = (text: string): string => {
		try {
			return whyNot(parseCommand(text.trim(), run.plan), { plan: run.plan, nodes }) ?? "";
		} catch {
			return "";
		}
	};
	const against = reasonAgainst(line);
	const options = completeCommand(line.trimStart(), run.plan).slice(0, shownMax);
	const take = (option: string | undefined): void => {
		if (option === undefined) return;
		setLine(/[#/]$/.test(option) ? option : `${option} `);
		setChosen(0);
		setSaid("");
	};
	const give = async (): Promise<void> => {
		try {
			parseCommand(line.trim(), run.plan);
		} catch (error) {
			setSaid(error instanceof QuorateError ? error.message : strings.errors.unknown);
			return;
		}
		const { refusal } = await run.acts.give(line.trim());
		// Said here, unless another future is shown by now.
		if (refusal !== "" && app.state.current === run) {
			setSaid(refusal);
			return;
		}
		if (app.state.current === run) app.openDialog(null);
		if (refusal !== "") app.refuse(refusal);
	};
	const isComplete = (): boolean => {
		try {
			parseCommand(line.trim(), run.plan);
			return true;
		} catch {
			return false;
		}
	};
	const onKeyDown = (event: KeyboardEvent): void => {
		if (event.key === "ArrowDown") setChosen(Math.min(options.length - 1, chosen + 1));
		else if (event.key === "ArrowUp") setChosen(Math.max(0, chosen - 1));
		else if (event.key === "Tab" && !event.shiftKey && options.length > 0) take(options[chosen]);
		else if (event.key === "Enter") {
			// After a whole word Enter gives the command, or says what is wrong with it; it adds no word of its own.
			const isChoosing = chosen > 0 || /\S$/.test(line);
			if (isComplete() || options.length === 0 || !isChoosing) void give();
			else take(options[chosen]);
		} else return;
		event.preventDefault();
		// The dialog keeps the focus within, and would take Tab for a way out of its last field.
		event.stopPropagation();
	};
	return (
		<Dialog title={says.title} onClose={() => app.openDialog(null)} className="palette">
			<input
				className="input"
				role="combobox"
				aria-expanded="true"
				aria-controls="palette-list"
				aria-activedescendant={options.length > 0 ? `palette-${chosen}` : undefined}
				aria-label={says.title}
				placeholder={says.placeholder}
				spellCheck={false}
				autoComplete="off"
				value={line}
				onChange={(event) => {
					setLine(event.target.value);
					setChosen(0);
					setSaid("");
				}}
				onKeyDown={onKeyDown}
			/>
			<p className={said === "" ? "palette-note" : "palette-note bad"} role="status">
				{said !== "" ? said : against !== "" ? sentence(against) : isPast ? says.hintPast : says.hint}
			</p>
			<div className="palette-list" id="palette-list" role="listbox" aria-label={says.title}>
				{options.map((option, index) => (
					// biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input above
					<div
						key={option}
						id={`palette-${index}`}
						role="option"
						tabIndex={-1}
						aria-selected={index === chosen}
						className="palette-option"
						onClick={() => take(option)}
					>
						{option}
						<small>{line.trim() === "" || !line.includes(" ") ? commandUsage(option) : reasonAgainst(option)}</small>
					</div>
				))}
			</div>
		</Dialog>
	);
}
