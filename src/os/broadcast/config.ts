/** What a lab may say about `broadcast`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type DeliveryOrder, deliveryOrders } from "./delivery.ts";

export interface BroadcastConfig {
	readonly order: DeliveryOrder;
	/** Questions that the member posts by itself. */
	readonly posts: number;
	/** Mean time between them, exponential. */
	readonly periodUs: number;
	/** Chance that the member answers a question it is given. */
	readonly answerRatio: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readBroadcastConfig(config: PlainValue): BroadcastConfig {
	const read = new ConfigReader("broadcast", config);
	const broadcast: BroadcastConfig = {
		order: read.oneOf("order", deliveryOrders, "causal"),
		posts: read.integer("posts", { from: 0, to: 100_000 }, 20),
		periodUs: read.durationUs("period", { from: "1us", to: "1h" }, "200ms"),
		answerRatio: read.number("answerRatio", { from: 0, to: 1 }, 0.5),
	};
	read.end();
	return broadcast;
}
