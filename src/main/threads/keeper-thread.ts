/** Entry of the keeper's thread, built into one small file of its own: no node begins before it. */
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../shared/errors.ts";
import { Board } from "./board.ts";
import { Keeper, type KeeperData, type KeeperOrder } from "./keeper.ts";

const data = workerData as KeeperData;
const keeper = new Keeper(data, new Board(data.boardMemory, data.slotCount));
const port = parentPort;
assert(port !== null, "the keeper is a thread");
port.on("message", (order: KeeperOrder) => {
	keeper.obey(order);
	// Without its port the keeper lives as long as its threads.
	if (order.order === "close") port.close();
});
