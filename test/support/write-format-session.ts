/**
 * Makes the session that is kept of a format, once, when the format is new: a trunk, a fork, commands,
 * a note. Argument: where to write it. What must be read from it is told in test/session-formats.test.ts.
 */
import { DirectRecorder } from "../../src/main/store/direct-recorder.ts";
import { SessionWriter } from "../../src/main/store/writer.ts";
import { logEvent, playSyntheticRun, syntheticLog, syntheticSession } from "../synthetic-run.ts";

const path = process.argv[2] ?? "";
const forkIndex = 1_500;

const session = syntheticSession({ detail: "messages" });
const trunk = new DirectRecorder({ kind: "create", path, session });
const log = syntheticLog(session);
log.addSink(trunk);
playSyntheticRun(log, { eventCount: 2_100, onCommand: (command) => trunk.onCommand(command) });
log.flush();
trunk.close({ untilUs: log.lastUs + 100, finished: true, verdicts: [{ id: "calm", ok: false, evidence: [7, 9] }] });

const past = syntheticLog(session);
playSyntheticRun(past, { eventCount: forkIndex });
const fork = new DirectRecorder({ kind: "fork", path, branch: { parent: 0, forkIndex: past.eventCount, forkUs: past.lastUs, name: "what if" } });
const again = syntheticLog(session);
again.addSink(fork);
playSyntheticRun(again, { eventCount: forkIndex, onCommand: (command) => fork.onCommand(command) });
for (let i = 0; i < 10; i++) logEvent(again, "logLine", { atUs: again.lastUs + 1, node: 1 }, { level: 1 }, `what if ${i}`);
again.flush();
fork.close({ untilUs: again.lastUs, finished: false, verdicts: [] });

const writer = SessionWriter.open(path);
writer.addNote({ branch: 1, eventIndex: again.eventCount - 1, wallMs: 1_767_225_600_000, text: "here it turns" });
writer.close();
