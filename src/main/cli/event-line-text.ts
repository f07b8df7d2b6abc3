/** An event line as the terminal shows it: instant, mark, sentence. The mark says what colour only repeats. */
import { formatInstant } from "../../shared/projection/event-text.ts";
import type { EventLine } from "../app/run-task.ts";
import type { Terminal } from "./terminal.ts";

const marks: { readonly [tone in EventLine["tone"]]: string } = { fault: "x", warning: "!", note: "·" };

export function eventLineText(terminal: Terminal, { atUs, tone, text }: EventLine): string {
	const line = `${formatInstant(atUs).padStart(13)}  ${marks[tone]} ${text}`;
	switch (tone) {
		case "fault":
			return terminal.style(line, "red");
		case "warning":
			return terminal.style(line, "yellow");
		default:
			return line;
	}
}

export function omittedText(omitted: number): string {
	return `${" ".repeat(15)}… ${omitted} more; \`quorate replay\` shows all of a saved run`;
}
