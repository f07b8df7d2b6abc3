/**
 * The one database that both servers write: records on a drive, reached over a network of its own. It does as it is
 * told, like a disk: who writes is none of its business, unless tokens are checked. Then whoever opens it
 * gets a higher token than anybody before, and a write with an older one is refused.
 *
 * @source Gray and Cheriton, Leases (SOSP 1989); Burrows, The Chubby Lock Service (OSDI 2006), section 2.4,
 * sequencers: the resource itself checks, because nobody else can know what is still under way to it
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { Journal } from "../journal/journal.ts";
import {
	type Content,
	databaseService,
	type FencedFact,
	fencedFact,
	isCountBody,
	type OpenAnswer,
	openMessage,
	type RecordFact,
	readWrite,
	recordFact,
	recordName,
	type WriteAnswer,
	writeMessage,
} from "./contract.ts";
import { pairInvariants } from "./invariants.ts";

interface DatabaseConfig {
	readonly tokens: "checked" | "ignored";
}

function configure(config: PlainValue): DatabaseConfig {
	const read = new ConfigReader(databaseService, config);
	const database: DatabaseConfig = { tokens: read.oneOf("tokens", ["checked", "ignored"], "checked") };
	read.end();
	return database;
}

class Database {
	readonly #ctx: NodeContext;
	readonly #config: DatabaseConfig;
	readonly #journal: Journal;
	/** As the drive has them or is about to. */
	readonly #records = new Map<number, Content>();
	#newestToken = 0;
	#isReady = false;
	#refused = 0;

	constructor(ctx: NodeContext, config: DatabaseConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#journal = new Journal(ctx, "pair/database");
	}

	*boot(): Task {
		for (const stored of yield* this.#journal.load()) {
			const [token, number, order, by] = stored as unknown as readonly [number, number | undefined, string, string];
			this.#newestToken = Math.max(this.#newestToken, token);
			if (number !== undefined) this.#records.set(number, { order, by, token });
		}
		this.#isReady = true;
	}

	*open(message: Message): Task {
		if (!this.#isReady || message.copy > 0 || !isCountBody(message.body)) return;
		// Servers that elect bring their term; all others take the next number.
		const token = message.body > 0 ? message.body : this.#newestToken + 1;
		if (this.#isStale(token)) return this.#refuse(message, token);
		this.#newestToken = Math.max(this.#newestToken, token);
		const next = 1 + [...this.#records.keys()].reduce((last, number) => Math.max(last, number), 0);
		// Nothing is answered that is not on the drive; a full one answers nothing any more.
		if (!(yield* this.#journal.write([token]))) return;
		const answer: OpenAnswer = { kind: "opened", token, next };
		this.#ctx.reply(message, answer);
	}

	*write(message: Message): Task {
		const request = readWrite(message.body);
		if (!this.#isReady || message.copy > 0 || request === null) return;
		const { token, number, order } = request;
		if (this.#isStale(token)) return this.#refuse(message, token);
		this.#newestToken = Math.max(this.#newestToken, token);
		const before = this.#records.get(number);
		const content: Content = { order, by: message.from, token };
		this.#records.set(number, content);
		if (!(yield* this.#journal.write([token, number, order, message.from]))) return;
		const stated: RecordFact = { key: recordName(number), ...content, was: before === undefined || before.order === order ? null : before };
		this.#ctx.fact(recordFact, stated);
		const answer: WriteAnswer = { kind: "written" };
		this.#ctx.reply(message, answer);
	}

	#isStale(token: number): boolean {
		return this.#config.tokens === "checked" && token < this.#newestToken;
	}

	#refuse(message: Message, token: number): void {
		this.#refused++;
		const stated: FencedFact = { by: message.from, token, newest: this.#newestToken };
		this.#ctx.fact(fencedFact, stated);
		this.#ctx.reply(message, { kind: "fenced" });
	}

	inspect(): Inspection {
		return { tokens: this.#config.tokens, newestToken: this.#newestToken, records: this.#records.size, refused: this.#refused };
	}
}

export const databaseDefinition: ServiceDefinition = {
	name: databaseService,
	summary: "One database for two servers; it checks fencing tokens, or not.",
	names: [openMessage, writeMessage, recordFact, fencedFact, ...pairInvariants.map(({ name }) => name)],
	invariants: pairInvariants,
	configure,
	start(ctx, config: DatabaseConfig): Service {
		const database = new Database(ctx, config);
		return {
			boot: () => database.boot(),
			on: { [openMessage]: (message: Message) => database.open(message), [writeMessage]: (message: Message) => database.write(message) },
			inspect: () => database.inspect(),
		};
	},
};
