/** A window of the bench: a thread that speaks the contract as the page does, and tells how long answers took. */
import { type MessagePort, parentPort } from "node:worker_threads";
import type { CallName, CallReply, CallRequest } from "../../src/shared/contract/calls.ts";
import { LabClient } from "../../src/shared/contract/client.ts";

export interface WindowTask {
	readonly port: MessagePort;
	readonly work:
		| { readonly kind: "open"; readonly session: string; readonly looks: number }
		| { readonly kind: "run"; readonly ms: number; readonly servers: number };
}

export interface WindowFigures {
	readonly [name: string]: number;
}

const parent = parentPort;
if (parent === null) throw new Error("the window is a thread");

parent.once("message", ({ port, work }: WindowTask) => {
	void play(port, work).then((figures) => {
		parent.postMessage(figures);
		port.close();
	});
});

async function play(port: MessagePort, work: WindowTask["work"]): Promise<WindowFigures> {
	const client = new LabClient({
		send: (frame) => port.postMessage(frame),
		onFrame: (take) => port.on("message", (frame: Uint8Array) => take(frame)),
		onClose: () => {},
		close: () => {},
	});
	await client.welcome;
	return work.kind === "open" ? open(client, work) : run(client, work);
}

async function open(client: LabClient, { session, looks }: { readonly session: string; readonly looks: number }): Promise<WindowFigures> {
	const figures: { [name: string]: number } = {};
	let lastMs = performance.now();
	const ask = async <Name extends CallName>(label: string, name: Name, request: CallRequest<Name>): Promise<CallReply<Name>> => {
		const reply = await client.call(name, request);
		const nowMs = performance.now();
		figures[label] = nowMs - lastMs;
		lastMs = nowMs;
		return reply;
	};
	await ask("list", "sessions.list", {});
	const { run } = await ask("open", "runs.open", { session, branch: 0, salvage: false });
	await ask("describe", "runs.describe", { run: run.run });
	await ask("view", "log.view", { run: run.run, atUs: 0 });
	const page = { fromIndex: null, toIndex: null, fromUs: null, toUs: null, kinds: null, nodes: null, text: null, limit: 200, backwards: false } as const;
	await ask("page", "log.events", { run: run.run, ...page });
	await ask("density", "log.density", { run: run.run, fromUs: 0, toUs: run.untilUs, buckets: 1_000, nodes: null });
	figures.firstAnswers = Object.values(figures).reduce((sum, ms) => sum + ms, 0);
	await ask("end", "log.view", { run: run.run, atUs: run.untilUs });
	const lookMs: number[] = [];
	for (let i = 0; i < looks; i++) {
		await ask("look", "log.view", { run: run.run, atUs: Math.floor((run.untilUs * ((i * 0.618_034) % 1)) / 1) });
		lookMs.push(figures.look as number);
	}
	lookMs.sort((a, b) => a - b);
	figures.look = lookMs[lookMs.length >> 1] as number;
	figures.slowestLook = lookMs.at(-1) as number;
	figures.events = run.events;
	return figures;
}

async function run(client: LabClient, { ms, servers }: { readonly ms: number; readonly servers: number }): Promise<WindowFigures> {
	let statuses = 0;
	client.on("status", () => statuses++);
	const { run: started } = await client.call("runs.start", {
		lab: "front-door",
		variant: null,
		seed: 7,
		parameters: { servers: String(servers), visitors: "1000000", ratePerSecond: "10000", cores: "16", meanWork: "5ms" },
		untilUs: 3_600_000_000,
		detail: "full",
		story: [],
		speed: "max",
		startPaused: false,
		exploreRaces: false,
		session: null,
	});
	await client.call("runs.watch", { run: started.run });
	const untilMs = performance.now() + ms;
	let asked = 0;
	while (performance.now() < untilMs) {
		await client.call("sessions.list", {});
		await client.call("runs.list", {});
		asked++;
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	const { run: stopped } = await client.call("runs.stop", { run: started.run });
	return { statuses, asked, events: stopped.events };
}
