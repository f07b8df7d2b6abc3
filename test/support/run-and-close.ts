/** A process that runs a little with threads, closes, and has nothing left to live for. */
import { Kernel } from "../../src/core/kernel.ts";
import { ThreadsExecutor } from "../../src/main/threads/threads-executor.ts";
import { threadsOf } from "./built-threads.ts";
import { hardRegistry } from "./hard-services.ts";
import { tinyPlan } from "./tiny-plan.ts";

const nodes = { a: { services: [{ service: "looper", config: 3 }] }, b: { services: [{ service: "ticker", config: 0 }] }, c: { services: ["twoMemories"] } };
const plan = tinyPlan({ nodes, story: [[6_000, "restart c"]] }, hardRegistry);
const kernel = new Kernel({ plan, seed: 1, executor: new ThreadsExecutor({ files: threadsOf(new URL(process.argv[2] as string)), handlerMsMax: 200 }) });
kernel.advance({ untilUs: 30_000 });
kernel.close();
process.stdout.write("closed\n");
