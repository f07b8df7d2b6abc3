/** A lab service with a library of its own, and windows on it that need no host. For tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostAbilities, LabService } from "../../src/main/lab-service/lab-service.ts";
import type { CallRequest } from "../../src/shared/contract/calls.ts";
import { type ByteTransport, LabClient } from "../../src/shared/contract/client.ts";
import type { Push, PushName } from "../../src/shared/contract/pushes.ts";

/** Carries frames between a client and a service in one process; a turn of the loop lies between the ends. */
class DirectTransport implements ByteTransport {
	#take: (frame: Uint8Array) => void = () => {};
	#end: (reason: string) => void = () => {};
	readonly #connection: ReturnType<LabService["connect"]>;
	readonly #service: LabService;

	constructor(service: LabService) {
		this.#service = service;
		this.#connection = service.connect({
			send: (frame) => setImmediate(() => this.#take(frame.slice())),
			backlogBytes: () => 0,
			close: (reason) => this.#end(reason),
		});
	}

	send(frame: Uint8Array): void {
		setImmediate(() => this.#connection.receive(frame.slice()));
	}

	onFrame(take: (frame: Uint8Array) => void): void {
		this.#take = take;
	}

	onClose(take: (reason: string) => void): void {
		this.#end = take;
	}

	close(): void {
		this.#service.disconnect(this.#connection);
	}
}

export interface TestLab {
	readonly service: LabService;
	readonly folder: string;
	window(): LabClient;
	close(): Promise<void>;
}

/** @param abilities of the host, besides the usual ones */
export function testLab(folder = mkdtempSync(join(tmpdir(), "quorate-lab-")), abilities: Partial<HostAbilities> = {}): TestLab {
	const service = new LabService({
		host: { name: "web", appVersion: "0.0.0", platform: "test", saveFile: async ({ ticket }) => ({ kind: "download", url: `/files/${ticket}` }), ...abilities },
		libraryFolder: folder,
		executor: "inline",
	});
	return {
		service,
		folder,
		window: () => new LabClient(new DirectTransport(service)),
		async close() {
			await service.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** A start of a lab with nothing out of the ordinary. */
export function startOf(lab: string, wishes: Partial<CallRequest<"runs.start">> = {}): CallRequest<"runs.start"> {
	return {
		lab,
		variant: null,
		seed: 7,
		parameters: {},
		untilUs: null,
		detail: "full",
		story: [],
		speed: "max",
		startPaused: false,
		exploreRaces: false,
		session: null,
		...wishes,
	};
}

/** The next push of this name that is wanted. */
export function nextPush<Name extends PushName>(client: LabClient, name: Name, isWanted: (content: Push<Name>) => boolean = () => true): Promise<Push<Name>> {
	return new Promise((resolve, reject) => {
		const stop = client.on(name, (content) => {
			if (!isWanted(content)) return;
			stop();
			resolve(content);
		});
		client.onClose(reject);
	});
}
