/**
 * What the network tells the log: the kernel implements it and appends an event at each call.
 * Calls come in time order, at the instant the event happens. A flight belongs to the network:
 * read it during the call, keep nothing.
 */
import type { DropReason } from "../../shared/event-schema.ts";
import type { Flight } from "./flight.ts";

export interface NetworkLog {
	/** @param link index of the link it was lost on, or -1 (noRoute, partition, tooLarge, nodeDown) */
	messageDropped(atUs: number, flight: Flight, link: number, reason: DropReason): void;
	/** @param flight the new copy; its `copy` is the new number */
	messageDuplicated(atUs: number, flight: Flight, link: number): void;
	messageHeld(atUs: number, flight: Flight, link: number): void;
	/** @param vertex the switch; @param link the link it enters now */
	messageForwarded(atUs: number, flight: Flight, vertex: number, link: number): void;
}
