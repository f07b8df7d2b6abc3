/** What every way of noticing failures has in common. */
import type { Inspection, Message } from "../../core/node-api.ts";

export interface Detector {
	boot(): void;
	readonly on: { readonly [messageName: string]: (message: Message) => void };
	inspect(): Inspection;
}
