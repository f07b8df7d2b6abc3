/**
 * Records into a folder that may fill up, reads the file back, and tells what came of it as JSON.
 * Arguments: the folder, `thread` or `direct`, and how many events to play.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DirectRecorder } from "../../src/main/store/direct-recorder.ts";
import { openSession } from "../../src/main/store/reader.ts";
import { RecorderClient } from "../../src/main/threads/recorder-client.ts";
import { recordLengthWord } from "../../src/shared/event-record.ts";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../synthetic-run.ts";

const [, , folder = "", kind, eventCount = "0"] = process.argv;
const path = join(folder, "run.quorate");
const session = syntheticSession();
const target = { kind: "create", path, session } as const;
const recorder = kind === "thread" ? new RecorderClient(target) : new DirectRecorder(target);
const log = syntheticLog(session);
const events: string[] = [];
const textOf = (words: Int32Array, start: number) => words.subarray(start, start + (words[start + recordLengthWord] as number)).join(" ");
let promised = 0;
log.addSink(recorder);
log.observe({ onEvent: (words, start) => void events.push(textOf(words, start)) });
playSyntheticRun(log, {
	eventCount: Number(eventCount),
	onCommand: (command) => {
		recorder.onCommand(command);
		log.flush();
		recorder.commit();
		promised = Math.max(promised, recorder.committedEvents);
	},
});
recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
const failure = recorder.failure?.code ?? null;
const stored = openSession(path);
const found = [...stored.events()].map(({ words, start }) => textOf(words, start));
const isPrefix = found.every((event, index) => event === events[index]);
const { finished } = stored.head();
stored.close();
process.stdout.write(JSON.stringify({ failure, played: events.length, promised, found: found.length, isPrefix, finished, files: readdirSync(folder).sort() }));
