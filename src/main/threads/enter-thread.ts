/**
 * What a thread does with what it was given: keep node threads, or be one.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ServiceRegistry } from "../../core/node-api.ts";
import { assert } from "../../shared/errors.ts";
import { Board } from "./board.ts";
import { Keeper, type KeeperData, type KeeperOrder, type NodeThreadData } from "./keeper.ts";
import { NodeLoop } from "./node-loop.ts";
import type { RehearsalData } from "./node-program.ts";
import { ThreadMemory } from "./thread-memory.ts";

export function enterThread(registry: ServiceRegistry): void {
	const data = workerData as KeeperData | NodeThreadData | RehearsalData;
	if (data.role === "rehearsal") return;
	const board = new Board(data.boardMemory, data.slotCount);
	if (data.role === "keeper") keep(data, board);
	else liveAsNode(data, board, registry);
}

function keep(data: KeeperData, board: Board): void {
	const keeper = new Keeper(data, board);
	const port = parentPort;
	assert(port !== null, "the keeper is a thread");
	port.on("message", (order: KeeperOrder) => {
		keeper.obey(order);
		// Without its port the keeper lives as long as its threads.
		if (order.order === "close") port.close();
	});
}

function liveAsNode({ slot, memory, sizes, plan, seed }: NodeThreadData, board: Board, registry: ServiceRegistry): void {
	new NodeLoop({ plan, seed, registry, board, slot, memory: new ThreadMemory(memory, sizes) }).live();
}
