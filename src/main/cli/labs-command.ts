/** `quorate labs`: what there is to run, and what each shows. */

import type { LabDescription } from "../../shared/lab/describe.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { describeLabs } from "../app/lab-catalog.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export function labsCommand({ json }: { readonly json?: boolean }, terminal: Terminal): ExitCode {
	const labs = describeLabs();
	if (json === true) terminal.line(JSON.stringify({ labs: labs.map(forPrograms) }));
	else for (const lab of labs) tell(lab, terminal);
	return exitCodes.ok;
}

function forPrograms({ id, title, shows, topic, durationUs, parameters, checks, variants }: LabDescription): object {
	return { id, title, shows, topic, durationUs, parameters, checks, variants };
}

function tell({ id, title, shows, durationUs, parameters, variants }: LabDescription, terminal: Terminal): void {
	terminal.line(`${terminal.style(id, "bold")}  ${title} (${formatDurationUs(durationUs)})`);
	for (const line of wrapped(shows.trim(), terminal.columns - 4)) terminal.line(`    ${line}`);
	for (const parameter of parameters) {
		terminal.line(`${`    --set ${parameter.name}=${String(parameter.default)}`.padEnd(40)} ${parameter.title}${rangeOf(parameter)}`);
	}
	for (const variant of variants) terminal.line(`${`    --variant ${variant.id}`.padEnd(40)} ${variant.title}; breaks ${variant.breaks}`);
	terminal.line();
}

function rangeOf(parameter: LabDescription["parameters"][number]): string {
	if (parameter.type === "choice") return ` (${parameter.choices.join(", ")})`;
	return "min" in parameter ? ` (${parameter.min} to ${parameter.max})` : "";
}

function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(/\s+/)) {
		if (line !== "" && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return line === "" ? lines : [...lines, line];
}
