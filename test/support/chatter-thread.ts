/** A node thread's entry for tests: nodes that chatter. */

import { enterThread } from "../../src/main/threads/enter-thread.ts";
import { chatter } from "../../src/os/chatter/chatter.ts";

enterThread(new Map([[chatter.name, chatter]]));
