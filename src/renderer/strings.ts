/**
 * Every English word of the window, in one place: a file a part of it under strings/, those of services'
 * views under strings/views/. Sentences of events come from src/shared, as the command line's do.
 */
import { actingStrings } from "./strings/acting.ts";
import { filesStrings } from "./strings/files.ts";
import { labStrings } from "./strings/lab.ts";
import { lookingStrings } from "./strings/looking.ts";
import { startStrings } from "./strings/start.ts";

export const strings = { ...startStrings, ...labStrings, ...actingStrings, ...lookingStrings, ...filesStrings } as const;
