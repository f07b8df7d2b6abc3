/**
 * Records a run until somebody kills it, telling after each commit how many events are safe.
 * Arguments: the file, `thread` or `direct`, and after how many safe events it is to kill itself (none: never).
 */
import { writeSync } from "node:fs";
import { DirectRecorder } from "../../src/main/store/direct-recorder.ts";
import { RecorderClient } from "../../src/main/threads/recorder-client.ts";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../synthetic-run.ts";

const [, , path = "", kind, enough = "Infinity"] = process.argv;
const session = syntheticSession();
const target = { kind: "create", path, session } as const;
const recorder = kind === "thread" ? new RecorderClient(target) : new DirectRecorder(target);
const log = syntheticLog(session);
log.addSink(recorder);
let told = 0;
playSyntheticRun(log, {
	eventCount: 3_000_000, // should nobody come to kill it
	onCommand: (command) => {
		recorder.onCommand(command);
		log.flush();
		recorder.commit();
		if (recorder.committedEvents === told) return;
		told = recorder.committedEvents;
		writeSync(1, `${told}\n`);
		if (told >= Number(enough)) process.kill(process.pid, "SIGKILL");
	},
});
