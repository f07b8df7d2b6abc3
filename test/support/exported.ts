/** What tests of exports begin with: a run with faults of every sort, as a file and as text of a format. */
import { type ExportFormat, type ExportSource, type ExportWishes, exportSession } from "../../src/main/export/export.ts";
import { openSession, type Session } from "../../src/main/store/reader.ts";
import { SessionWriter } from "../../src/main/store/writer.ts";
import { eventSchema } from "../../src/shared/event-schema.ts";
import { type Folder, quorate } from "./command-line.ts";

/** Times and faults that every format has to tell. */
const troubles = [
	"400ms crash web-3",
	"500ms partition {crowd balancer web-1 web-2} {web-4 web-5}",
	"600ms heal all",
	"650ms cut balancer -> web-1",
	"700ms heal all",
	"720ms pause web-2",
	"760ms resume web-2",
	"800ms restart web-3",
	"850ms clog balancer web-5",
	"880ms clock web-4 +20ms",
];

/** Records the front door with trouble in its first second, and pins a note to one event. */
export async function recordTrouble(folder: Folder, name = "trouble.quorate"): Promise<string> {
	const path = folder.file(name);
	const story = troubles.flatMap((line) => ["--at", line]);
	const run = await quorate(["run", "front-door", "--executor", "inline", "--until", "1s", "--save", path, "--set", "ratePerSecond=120", ...story]);
	if (run.code !== 0 && run.code !== 1) throw new Error(run.err);
	const writer = SessionWriter.open(path);
	try {
		writer.addNote({ branch: 0, eventIndex: firstCrash(path), wallMs: 0, text: "Here it <breaks> & nobody notices." });
		writer.addNote({ branch: 0, eventIndex: -1, wallMs: 0, text: "A remark about nothing in particular." });
	} finally {
		writer.close();
	}
	return path;
}

function firstCrash(path: string): number {
	const session = openSession(path);
	try {
		for (const { index, words, start } of session.events()) if (words[start] === eventSchema.nodeCrashed.id) return index;
		throw new Error("nothing crashed");
	} finally {
		session.close();
	}
}

export async function bytesOf(source: ExportSource, format: ExportFormat, wishes: ExportWishes = {}): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	await exportSession(source, format, { write: (bytes) => void chunks.push(bytes) }, wishes);
	return Buffer.concat(chunks);
}

export async function textOf(source: ExportSource, format: ExportFormat, wishes: ExportWishes = {}): Promise<string> {
	return (await bytesOf(source, format, wishes)).toString("utf8");
}

export async function withSession<Result>(path: string, use: (session: Session) => Promise<Result>): Promise<Result> {
	const session = openSession(path);
	try {
		return await use(session);
	} finally {
		session.close();
	}
}

export interface Line {
	readonly index: number;
	readonly atUs: number;
	readonly node: string | null;
	readonly kind: string;
	readonly lamport: number;
	readonly fields: { readonly [field: string]: string | number | null };
	readonly body?: unknown;
}

/** Every event, without the line that says what they are of, by the export that loses nothing: what the others are compared with. */
export async function linesOf(source: ExportSource, wishes: ExportWishes = {}): Promise<readonly Line[]> {
	const [, ...lines] = (await textOf(source, "jsonl", wishes)).trimEnd().split("\n");
	return lines.map((line) => JSON.parse(line) as Line);
}
