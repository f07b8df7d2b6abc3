/** `quorate replay`: the stored events as a timeline that people read. */
import { decodeRecord, offsetOf, recordKindWord, recordNodeWord } from "../../shared/event-record.ts";
import { eventKindById, eventSchema } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText, formatInstant } from "../../shared/projection/event-text.ts";
import type { Session, StoredEvent } from "../store/reader.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { counted, padded } from "./format.ts";
import { branchOf, type EventPick, type PickFlags, type ReadFlags, readPick, withSession } from "./sessions.ts";
import type { Terminal } from "./terminal.ts";

const instantWidth = 14;
const kindWidth = 18;
const chunkChars = 65_536;

/** The other end of a message, by kind: an event belongs to both nodes. */
const otherNodeWords: readonly (number | undefined)[] = (() => {
	const words: number[] = [];
	words[eventSchema.messageSent.id] = offsetOf("messageSent", "to");
	words[eventSchema.messageDelivered.id] = offsetOf("messageDelivered", "from");
	words[eventSchema.messageDropped.id] = offsetOf("messageDropped", "to");
	return words;
})();

function isPicked({ words, start }: StoredEvent, { nodes, kinds }: EventPick): boolean {
	const kind = words[start + recordKindWord] as number;
	const kindName = eventKindById[kind];
	if (kinds !== undefined && (kindName === undefined || !kinds.has(kindName))) return false;
	if (nodes === undefined || nodes.has(words[start + recordNodeWord] as number)) return true;
	const other = otherNodeWords[kind];
	return other !== undefined && nodes.has(words[start + other] as number);
}

function lineOf({ words, start }: StoredEvent, plan: Plan, nodeWidth: number): string {
	const event = decodeRecord(words, start);
	if (typeof event === "string") return event;
	const node = plan.nodes[event.node]?.name ?? "";
	return `${formatInstant(event.atUs).padStart(instantWidth)}  ${padded(node, nodeWidth)}  ${padded(event.kind, kindWidth)}  ${eventText(event, plan)}`;
}

async function tell(session: Session, branch: number, pick: EventPick, terminal: Terminal): Promise<number> {
	const { plan } = session;
	const nodeWidth = Math.min(24, Math.max(4, ...plan.nodes.map(({ name }) => name.length)));
	const bounds = { ...(pick.fromUs === undefined ? {} : { fromUs: pick.fromUs }), ...(pick.toUs === undefined ? {} : { toUs: pick.toUs }) };
	let shown = 0;
	let chunk = "";
	for (const event of session.events({ branch, ...bounds })) {
		if (!isPicked(event, pick)) continue;
		shown++;
		chunk += `${lineOf(event, plan, nodeWidth)}\n`;
		if (chunk.length < chunkChars) continue;
		terminal.write(chunk);
		chunk = "";
		await terminal.drained();
		if (terminal.readerGone) return shown;
	}
	terminal.write(chunk);
	return shown;
}

export async function replayCommand(path: string, flags: PickFlags & ReadFlags, terminal: Terminal): Promise<ExitCode> {
	return withSession(path, flags, terminal, async (session) => {
		const branch = branchOf(session, flags.branch);
		const shown = await tell(session, branch, readPick(flags, session.plan), terminal);
		const { detail } = session.header;
		const held = detail === "full" ? "" : `; the file holds the detail ${detail}, not every event`;
		terminal.note(`${counted(shown, "event")} of ${session.head(branch).eventCount}${held}`);
		return exitCodes.ok;
	});
}
