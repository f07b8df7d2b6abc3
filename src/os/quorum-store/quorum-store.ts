/**
 * A database without a leader: any node takes any request, and asks those N that keep the key. It goes on where a
 * consensus would have to stop, and pays for it: versions that nobody has put in order.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type QuorumConfig, readQuorumConfig } from "./config.ts";
import {
	compareMessage,
	droppedFact,
	fetchMessage,
	fieldsOf,
	getMessage,
	hintFact,
	holdsFact,
	isKey,
	loadedFact,
	type PutRequest,
	putMessage,
	quorumBodies,
	quorumStoreService,
	storeMessage,
} from "./contract.ts";
import { Coordinator } from "./coordinator.ts";
import { quorumInvariants } from "./invariants.ts";
import { Replica } from "./replica.ts";
import { Ring } from "./ring.ts";
import { isItems, isVector, readVersions } from "./versions.ts";

const handoffTimer = "quorum.handoff";
const antiEntropyTimer = "quorum.antiEntropy";
/** A request of a client, at the node that took it. */
const serveSpan = "quorum.serve";
/** Keys that one comparison tells of. */
const comparedMax = 1_000;

class QuorumNode {
	readonly #ctx: NodeContext;
	readonly #config: QuorumConfig;
	readonly #group: Group;
	readonly #ring: Ring;
	readonly #replica: Replica;
	readonly #coordinator: Coordinator;
	#isReady = false;
	#handedOver = 0;

	constructor(ctx: NodeContext, config: QuorumConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, quorumStoreService);
		this.#ring = new Ring(this.#group.names, config.places);
		this.#replica = new Replica(ctx, config);
		this.#coordinator = new Coordinator(ctx, config, this.#ring);
	}

	*live(): Task {
		yield* this.#replica.load();
		this.#isReady = true;
		const { handoffUs, antiEntropyUs } = this.#config;
		if (handoffUs > 0) this.#ctx.every(handoffUs, handoffTimer, () => this.#handOver());
		if (antiEntropyUs > 0) this.#ctx.every(antiEntropyUs, antiEntropyTimer, () => this.#compare());
	}

	/** Handlers answer nothing before the drive has been read, nor a second copy of a question. */
	receive(message: Message): Task | undefined {
		if (!this.#isReady || message.copy > 0) return undefined;
		switch (message.name) {
			case getMessage:
				return this.#get(message);
			case putMessage:
				return this.#put(message);
			case fetchMessage:
				if (isKey(message.body)) this.#ctx.reply(message, this.#replica.allOf(message.body));
				return undefined;
			case storeMessage:
				return this.#store(message);
			default:
				this.#answerComparison(message);
				return undefined;
		}
	}

	*#get(message: Message): Task {
		if (!isKey(message.body)) return;
		const span = this.#ctx.startSpan(serveSpan);
		const answer = yield* this.#coordinator.get(message.body);
		span.finish(answer.isEnough ? "ok" : "error");
		this.#ctx.reply(message, answer);
	}

	*#put(message: Message): Task {
		const { key, items, vector, by } = fieldsOf(message.body);
		if (!isKey(key) || !isItems(items) || !isVector(vector) || typeof by !== "string") return;
		const request: PutRequest = { key, items, vector, by };
		const span = this.#ctx.startSpan(serveSpan);
		const isWritten = yield* this.#coordinator.put(request);
		span.finish(isWritten ? "ok" : "error");
		this.#ctx.reply(message, isWritten);
	}

	*#store(message: Message): Task {
		if (!Array.isArray(message.body)) return;
		const [key, versions, standsFor] = message.body as readonly PlainValue[];
		const read = readVersions(versions);
		if (!isKey(key) || read === null || typeof standsFor !== "string") return;
		if (standsFor !== "" && this.#group.indexOf(standsFor) < 0) return;
		const isKept = standsFor === "" ? yield* this.#replica.store(key, read) : yield* this.#replica.keepFor(standsFor, key, read);
		if (isKept) this.#ctx.reply(message, true);
	}

	/** @source Dynamo, section 4.6: what was kept for another is delivered once it answers again */
	*#handOver(): Task {
		for (const hint of this.#replica.hints) {
			const { owner, key, versions } = hint;
			const answer = yield* this.#ctx.call(owner, storeMessage, [key, versions, ""], { timeoutUs: this.#config.timeoutUs });
			if (!answer.ok) continue;
			this.#handedOver++;
			yield* this.#replica.forget(hint);
		}
	}

	/**
	 * With one node at a time, what both keep. Trees of hashes are compared in Dynamo, section 4.7; here a list of them
	 * is short enough.
	 */
	*#compare(): Task {
		const others = this.#group.names.filter((name) => name !== this.#ctx.self.name);
		if (others.length === 0) return;
		const other = this.#ctx.random.pick(others);
		const shared = this.#replica.keys.filter((key) => this.#ring.preference(key).slice(0, this.#config.replicas).includes(other));
		const chosen = shared.length <= comparedMax ? shared : this.#ctx.random.shuffle(shared).slice(0, comparedMax);
		if (chosen.length === 0) return;
		const list = chosen.map((key) => [key, this.#replica.fingerprint(key)]);
		const answer = yield* this.#ctx.call(other, compareMessage, list, { timeoutUs: this.#config.timeoutUs });
		if (!answer.ok || !Array.isArray(answer.body)) return;
		for (const item of answer.body as readonly PlainValue[]) {
			if (!Array.isArray(item)) continue;
			const [key, versions] = item as readonly PlainValue[];
			const read = readVersions(versions);
			if (!isKey(key) || read === null || !chosen.includes(key)) continue;
			yield* this.#replica.store(key, read);
			this.#ctx.send(other, storeMessage, [key, this.#replica.of(key), ""]);
		}
	}

	#answerComparison(message: Message): void {
		if (!Array.isArray(message.body)) return;
		const different = (message.body as readonly PlainValue[]).slice(0, comparedMax).flatMap((item): PlainValue[] => {
			if (!Array.isArray(item)) return [];
			const [key, fingerprint] = item as readonly PlainValue[];
			return isKey(key) && this.#replica.fingerprint(key) !== fingerprint ? [[key, this.#replica.of(key)]] : [];
		});
		this.#ctx.reply(message, different);
	}

	inspect(): Inspection {
		const { replicas, read, write, sloppy, versions } = this.#config;
		return {
			quorum: `N ${replicas}, R ${read}, W ${write}${sloppy ? ", sloppy" : ""}${read + write > replicas ? "" : ": reads and writes need not meet"}`,
			versions,
			keys: Object.fromEntries(this.#replica.keys.map((key) => [key, this.#replica.of(key).length])),
			keptForOthers: this.#replica.hints.map(({ owner, key }) => `${key} for ${owner}`),
			handedOver: this.#handedOver,
			...this.#coordinator.tally,
		};
	}
}

const messageNames = [getMessage, putMessage, fetchMessage, storeMessage, compareMessage] as const;

export const quorumStoreDefinition: ServiceDefinition = {
	name: quorumStoreService,
	summary: "A database without a leader: N copies, R answers to read, W to write, versions reconciled by vectors or by the clock.",
	names: [
		...messageNames,
		handoffTimer,
		antiEntropyTimer,
		serveSpan,
		holdsFact,
		hintFact,
		loadedFact,
		droppedFact,
		...quorumInvariants.map(({ name }) => name),
	],
	invariants: quorumInvariants,
	bodies: quorumBodies,
	configure: readQuorumConfig,
	start(ctx, config: QuorumConfig): Service {
		const node = new QuorumNode(ctx, config);
		return {
			boot: () => node.live(),
			on: Object.fromEntries(messageNames.map((name) => [name, (message: Message) => node.receive(message)])),
			inspect: () => node.inspect(),
		};
	},
};
