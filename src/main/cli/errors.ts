/** How an error is told: what happened, what was kept, what to do. On standard error. */
import type { QuorateError } from "../../shared/errors.ts";
import type { Terminal } from "./terminal.ts";

export function tellError({ code, message, kept, advice }: QuorateError, terminal: Terminal): void {
	const lead = code === "internal" ? "quorate failed, and that is our own fault: " : "quorate: ";
	terminal.note(lead + message);
	for (const sentence of [kept, advice]) if (sentence !== "") terminal.note(`  ${sentence}`);
}
