/** Entry of the threads that run the programs of hard-services.ts. */
import { enterThread } from "../../src/main/threads/enter-thread.ts";
import { hardRegistry } from "./hard-services.ts";

enterThread(hardRegistry);
