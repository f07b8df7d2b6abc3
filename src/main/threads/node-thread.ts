/**
 * Entry of a node's thread when the program is run from its sources: holds every service. The build
 * makes parts of it instead, so that a thread is handed those that its lab boots (scripts/node-program.ts).
 */
import { registry } from "../../os/registry.ts";
import { enterThread } from "./enter-thread.ts";

enterThread(registry);
