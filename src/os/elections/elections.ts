/**
 * Elections: members agree on one of them, hold another election when the leader does not answer, and one
 * more when somebody comes back. The algorithms are pure and live beside this file; here are the network,
 * the alarm, the asking whether the leader lives, and the disk.
 *
 * Rounds must never be used twice, not even by a member that was dead meanwhile. So a round is on disk before
 * anything is said in it, and whoever boots asks the others how far they are.
 */
import type { Alarm, Drive, Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes, PartsOf } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { BullyElection } from "./bully.ts";
import { type ElectionConfig, readElectionConfig } from "./config.ts";
import { type ElectionCore, type ElectionMessage, type ElectionMessageKind, electionMessageKinds } from "./election.ts";
import { bullyWorstCase, ringMean, roundExpected, roundMost } from "./formulas.ts";
import { electionInvariants, type MemberFact, memberFact, type SettledFact, settledFact, wonFact } from "./invariants.ts";
import { RingElection } from "./ring.ts";

const serviceName = "elections";
const messageName = (kind: ElectionMessageKind): string => `election.${kind}`;
const aliveMessage = "election.alive";
const roundMessage = "election.round";
const checkTimer = "election.check";
const waitAlarm = "election.wait";
/** The leader's number, counted from 1, whenever a member learns of one. */
const leaderMeasure = "election.leader";
/** Messages that a member sent in the round that has just been settled. */
const sentMeasure = "election.sent";
/** Two files take turns: a crash may leave the one that is being written in pieces, and the other stands. */
const roundFiles = ["election/round-0", "election/round-1"] as const;

/** Identities that are drawn leave room for the member's number: no two are the same, and the number can be told. */
const drawnBelow = 1_048_576;
const identitiesApart = 2_048;

class ElectionMember {
	readonly #ctx: NodeContext;
	readonly #config: ElectionConfig;
	readonly #group: Group;
	readonly #core: ElectionCore;
	readonly #identity: number;
	readonly #alarm: Alarm;
	#isReady = false;
	/** Highest round on disk. */
	#savedRound = 0;
	/** The file to write next: never the one with the highest round. */
	#writesSecond = false;
	/** What is to be said once the round is on disk. */
	readonly #pending: (() => void)[] = [];
	#isPumping = false;
	#sentRound = 0;
	#sent = 0;
	/** What the member said last of what it thinks. */
	#stated = "";

	constructor(ctx: NodeContext, config: ElectionConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#identity = this.#chooseIdentity();
		this.#alarm = ctx.alarm(waitAlarm, () => {
			this.#core.timeout();
			this.#stateMember();
		});
		const { me, names } = this.#group;
		const Core = config.algorithm === "bully" ? BullyElection : RingElection;
		this.#core = new Core({
			me,
			members: names.length,
			identity: this.#identity,
			mistake: config.mistake,
			port: {
				send: (to, message) => this.#whenSaved(() => this.#send(to, message)),
				await: (what) => this.#alarm.set(what === "answer" ? config.answerTimeoutUs : config.coordinatorTimeoutUs),
				stopWaiting: () => this.#alarm.stop(),
				won: () => {
					const { round } = this.#core;
					this.#whenSaved(() => ctx.fact(wonFact, round));
				},
				settled: () => this.#settled(),
			},
		});
	}

	#chooseIdentity(): number {
		const { me, names } = this.#group;
		const { algorithm, identities, mistake } = this.#config;
		if (mistake === "same-identity") return Math.min(me, names.length - 2) + 1;
		return algorithm === "bully" || identities === "order" ? me + 1 : this.#ctx.random.below(drawnBelow) * identitiesApart + me + 1;
	}

	/** Reads the disk, asks the others, and holds an election. */
	*live(): Task {
		const ctx = this.#ctx;
		for (const path of roundFiles.filter((file) => ctx.drives[0]?.list(file).includes(file))) {
			const stored = yield* (ctx.drives[0] as Drive).get(path);
			if (!stored.ok || typeof stored.value !== "number" || stored.value <= this.#savedRound) continue;
			this.#savedRound = stored.value;
			this.#writesSecond = path === roundFiles[0];
		}
		this.#core.catchUp(this.#savedRound);
		this.#isReady = true;
		const asked = this.#others().map((name) => ctx.call<number>(name, roundMessage, null, { timeoutUs: this.#config.answerTimeoutUs }));
		for (const call of asked) {
			const answer = yield* call;
			if (answer.ok && Number.isSafeInteger(answer.body)) this.#core.catchUp(answer.body);
		}
		if (!this.#core.isElecting) this.#core.start();
		this.#stateMember();
		ctx.every(this.#config.checkPeriodUs, checkTimer, () => this.#checkLeader());
	}

	#others(): readonly string[] {
		return this.#group.names.filter((_, index) => index !== this.#group.me);
	}

	*#checkLeader(): Task {
		const { leader, round, isElecting } = this.#core;
		if (isElecting || leader === null || leader === this.#identity) return;
		const name = this.#group.nameOf(this.#leaderIndex());
		const answer = yield* this.#ctx.call(name, aliveMessage, null, { timeoutUs: this.#config.answerTimeoutUs });
		// Somebody else may have begun meanwhile.
		if (!answer.ok && !this.#core.isElecting && this.#core.round === round) this.#core.start();
		this.#stateMember();
	}

	answerAlive(message: Message): void {
		this.#ctx.reply(message, null);
	}

	answerRound(message: Message): void {
		if (this.#isReady) this.#ctx.reply(message, this.#core.round);
	}

	receive(kind: ElectionMessageKind, message: Message): void {
		this.#ctx.reply(message, null);
		const from = this.#group.indexOf(message.from);
		const { body } = message;
		if (!this.#isReady || from < 0 || !isElectionBody(body)) return;
		const [round, identity, hops] = body;
		this.#core.receive(from, { kind, round, identity, hops });
		this.#stateMember();
	}

	#settled(): void {
		const { round } = this.#core;
		const leader = this.#leaderIndex();
		this.#whenSaved(() => {
			const sent = this.#sentRound === round ? this.#sent : 0;
			const { algorithm } = this.#config;
			const members = this.#group.names.length;
			const settled: SettledFact = {
				key: String(round),
				algorithm,
				members,
				round,
				sent,
				leader: this.#leaderName(),
				expected: roundExpected(algorithm, members),
				most: roundMost(algorithm, members),
			};
			this.#ctx.fact(settledFact, settled);
			this.#ctx.measure(leaderMeasure, leader + 1);
			this.#ctx.measure(sentMeasure, sent);
		});
	}

	#leaderName(): string {
		return this.#core.leader === null ? "" : this.#group.nameOf(this.#leaderIndex());
	}

	/** For the record, and only when it is news. */
	#stateMember(): void {
		const { round, isElecting } = this.#core;
		const member: MemberFact = { round, isElecting, leader: this.#leaderName() };
		const stated = `${round} ${isElecting} ${member.leader}`;
		if (stated === this.#stated) return;
		this.#stated = stated;
		this.#ctx.fact(memberFact, member);
	}

	/** -1: nobody. */
	#leaderIndex(): number {
		const { leader } = this.#core;
		return leader === null ? -1 : (leader % identitiesApart) - 1;
	}

	// --- what is said waits for the disk

	#whenSaved(act: () => void): void {
		this.#pending.push(act);
		if (this.#isPumping) return;
		this.#isPumping = true;
		this.#ctx.spawn(this.#pump());
	}

	*#pump(): Task {
		for (let act = this.#pending.shift(); act !== undefined; act = this.#pending.shift()) {
			const { round } = this.#core;
			const drive = this.#ctx.drives[0];
			if (round > this.#savedRound && drive !== undefined) {
				yield* drive.put(this.#writesSecond ? roundFiles[1] : roundFiles[0], round);
				this.#writesSecond = !this.#writesSecond;
				yield* drive.sync();
				this.#savedRound = round;
			}
			act();
		}
		this.#isPumping = false;
	}

	#send(to: number | null, message: ElectionMessage): void {
		if (to === null) this.#ctx.spawn(this.#sendRound(message));
		else {
			this.#count(message);
			this.#ctx.send(this.#group.nameOf(to), messageName(message.kind), bodyOf(message));
		}
	}

	/** To the next member of the ring that answers; members that do not are passed by. */
	*#sendRound(message: ElectionMessage): Task {
		const { me, names } = this.#group;
		const body = bodyOf(message);
		for (let step = 1; step < names.length; step++) {
			this.#count(message);
			const next = this.#group.nameOf((me + step) % names.length);
			const passed = yield* this.#ctx.call(next, messageName(message.kind), body, { timeoutUs: this.#config.answerTimeoutUs });
			if (passed.ok) return;
		}
		this.#core.receive(me, message);
		this.#stateMember();
	}

	#count({ round }: ElectionMessage): void {
		if (round > this.#sentRound) {
			this.#sentRound = round;
			this.#sent = 0;
		}
		if (round === this.#sentRound) this.#sent++;
	}

	inspect(): Inspection {
		const { algorithm } = this.#config;
		const members = this.#group.names.length;
		return {
			algorithm,
			round: this.#core.round,
			leader: this.#core.leader === null ? "none" : this.#group.nameOf(this.#leaderIndex()),
			electing: this.#core.isElecting,
			sentInRound: this.#sent,
			messagesInTheBook: algorithm === "bully" ? `worst case ${bullyWorstCase(members)}` : `n H(n) = ${Math.round(10 * ringMean(members)) / 10} and n to tell`,
			disk: { round: this.#savedRound },
		};
	}
}

type ElectionBody = readonly [round: number, identity: number, hops: number];

function bodyOf({ round, identity, hops }: ElectionMessage): ElectionBody {
	return [round, identity, hops];
}

function isElectionBody(body: PlainValue): body is ElectionBody & PlainValue {
	return Array.isArray(body) && body.length === 3 && body.every((value) => Number.isSafeInteger(value) && value >= 0);
}

const electionParts: PartsOf<ElectionBody> = ["round", "identity", "hops"];
export const electionBodies: MessageShapes = {
	...Object.fromEntries(electionMessageKinds.map((kind) => [messageName(kind), { body: { parts: electionParts } }])),
	[roundMessage]: { answer: "round" },
};

export const electionsDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Members elect one of them: the bully, or Chang and Roberts on a ring.",
	names: [
		...electionMessageKinds.map(messageName),
		aliveMessage,
		roundMessage,
		checkTimer,
		waitAlarm,
		leaderMeasure,
		sentMeasure,
		wonFact,
		settledFact,
		memberFact,
		...electionInvariants.map(({ name }) => name),
	],
	invariants: electionInvariants,
	bodies: electionBodies,
	configure: readElectionConfig,
	start(ctx, config: ElectionConfig): Service {
		const member = new ElectionMember(ctx, config);
		return {
			boot: () => member.live(),
			on: {
				[aliveMessage]: (message: Message) => member.answerAlive(message),
				[roundMessage]: (message: Message) => member.answerRound(message),
				...Object.fromEntries(electionMessageKinds.map((kind) => [messageName(kind), (message: Message) => member.receive(kind, message)])),
			},
			inspect: () => member.inspect(),
		};
	},
};
