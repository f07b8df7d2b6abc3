import { expect, test } from "vitest";
import { runMarkOf } from "./run-marks.ts";

test.each(["nodeCrashed", "nodePaused", "nodeSlowed", "diskLost", "driveFailed", "linkCut", "linkClogged", "linkChanged", "networkPartitioned"])(
	"%s is marked as a fault",
	(kind) => expect(runMarkOf(kind)).toBe("fault"),
);

test.each(["nodeRestarting", "nodeResumed", "linkHealed", "networkHealed"])("%s is marked as what mends one", (kind) => expect(runMarkOf(kind)).toBe("repair"));

test.each(["commandApplied", "commandRefused", "asked", "nodeBooted", "messageDropped", "timerFired", "nonsense", "toString"])(
	"%s has no mark: it does nothing to the cluster, or is told by another",
	(kind) => expect(runMarkOf(kind)).toBeNull(),
);
