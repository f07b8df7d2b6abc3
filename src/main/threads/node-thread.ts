/**
 * Entry of every thread that the threads executor starts; built into one small file of its own,
 * because two hundred threads read and compile it.
 */
import { registry } from "../../os/registry.ts";
import { enterThread } from "./enter-thread.ts";

enterThread(registry);
