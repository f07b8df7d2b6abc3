/** A delivered message as its program sees it; keeps what a reply needs. */
import { decodeRange, type PlainValue } from "../../shared/codec.ts";
import type { PeerPlan, ProgramPlan } from "../../shared/plan.ts";
import type { Delivery } from "../executor.ts";
import type { Message } from "../node-api.ts";

export class ReceivedMessage implements Message {
	readonly from: string;
	readonly name: string;
	readonly body: PlainValue;
	readonly sequence: number;
	readonly expectsReply: boolean;
	readonly copy: number;
	/** Index of the sender among the plan's nodes. */
	readonly fromIndex: number;
	/** Index into the plan's names. */
	readonly nameIndex: number;

	constructor(delivery: Delivery, plan: ProgramPlan) {
		this.from = (plan.nodes[delivery.from] as PeerPlan).name;
		this.name = plan.names[delivery.name] as string;
		this.body = decodeRange(delivery.body);
		this.sequence = delivery.sequence;
		this.expectsReply = delivery.expectsReply;
		this.copy = delivery.copy;
		this.fromIndex = delivery.from;
		this.nameIndex = delivery.name;
	}
}
