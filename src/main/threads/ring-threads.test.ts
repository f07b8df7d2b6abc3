import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { ringFootprintBytes } from "../../core/ring.ts";
import { RingSender } from "../../core/ring-channel.ts";

test.each([
	{ dataBytes: 128, messages: 3_000, lengthMax: 40 },
	{ dataBytes: 256, messages: 20_000, lengthMax: 6 },
	{ dataBytes: 4_096, messages: 20_000, lengthMax: 400 },
	{ dataBytes: 1_048_576, messages: 100_000, lengthMax: 100 },
])(
	"$messages messages of up to $lengthMax words reach another thread in order through a ring of $dataBytes bytes",
	async ({ dataBytes, messages, lengthMax }) => {
		const memory = new SharedArrayBuffer(ringFootprintBytes(dataBytes));
		const consumer = new Worker(new URL("../../../test/support/ring-consumer.ts", import.meta.url), { workerData: { memory, dataBytes, messages } });
		const answer = once(consumer, "message");
		const sender = new RingSender({ memory, offsetBytes: 0, dataBytes });
		let hash = 0;
		for (let message = 0; message < messages; message++) {
			const count = (Math.imul(message, 2_654_435_761) >>> 8) % (lengthMax + 1);
			const start = sender.open(count);
			hash = Math.imul(hash ^ count, 16_777_619);
			for (let index = 0; index < count; index++) {
				const word = Math.imul(message + index, 40_503);
				sender.words[start + index] = word;
				hash = Math.imul(hash ^ word, 16_777_619);
			}
			sender.close();
			if (message % 16 === 15 || sender.deferred) sender.flush();
			while (sender.deferred) {
				sender.waitForRoom(message % 2 === 0 ? 0 : 100, Number.POSITIVE_INFINITY);
				sender.flush();
			}
		}
		sender.flush();
		expect(await answer).toEqual([hash]);
		await consumer.terminate();
	},
);
