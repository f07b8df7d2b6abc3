/** Which message an event of the log is about. */
import { offsetOf } from "../../../shared/event-record.ts";
import { messageKey } from "../../../shared/projection/causal-cone.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { nodeOf } from "./place.ts";

const sentSequence = offsetOf("messageSent", "sequence");
const deliveredFrom = offsetOf("messageDelivered", "from");
const deliveredSequence = offsetOf("messageDelivered", "sequence");

export const wordOf = ({ words, start }: StoredEvent, offset: number): number => words[start + offset] as number;

/** Of a `messageSent`. */
export const sentKey = (event: StoredEvent): string => messageKey(nodeOf(event), wordOf(event, sentSequence));
/** Of a `messageDelivered`. */
export const deliveredKey = (event: StoredEvent): string => messageKey(wordOf(event, deliveredFrom), wordOf(event, deliveredSequence));
