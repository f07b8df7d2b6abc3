/** What a node's thread does with what it was given: it lives as a node until it is dismissed. */
import { workerData } from "node:worker_threads";
import type { ServiceSource } from "../../core/node-api.ts";
import { Board } from "./board.ts";
import type { NodeThreadData } from "./keeper.ts";
import { NodeLoop } from "./node-loop.ts";
import { ThreadMemory } from "./thread-memory.ts";

export function enterThread(services: ServiceSource): void {
	const { boardMemory, slotCount, slot, memory, sizes, plan, seed } = workerData as NodeThreadData;
	new NodeLoop({ plan, seed, services, board: new Board(boardMemory, slotCount), slot, memory: new ThreadMemory(memory, sizes) }).live();
}
