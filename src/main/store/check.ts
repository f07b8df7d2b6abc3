/**
 * Looks a session file over before anybody reads from it, and says of what is damaged how much can
 * still be trusted. Runs on an open database and never writes.
 *
 * Order matters: nothing is asked of a table before the schema is known to be ours to the letter, and
 * every chain begins at the root (header, lab and plan), so an intact link vouches for all before it.
 */
import { blockEvents } from "../../core/log-sink.ts";
import { QuorateError } from "../../shared/errors.ts";
import { eventSchemaVersion } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { type SessionHeader, sessionLimits } from "../../shared/session.ts";
import { type Database, shownText, translateError } from "./database.ts";
import { annotationsDigest, type BlockRow, blockRow, branchCount, branchRow, commandRow, partRecords } from "./rows.ts";
import { applicationId, schemaRows, schemaVersion } from "./schema.ts";
import { type BranchRow, sameBytes, sealOfBlock, sealOfCommand, sealOfRoot, sealOfSession, sha256 } from "./seal.ts";
import { readHeader, readPlan } from "./session-json.ts";

/** `full` reads every byte of the log and checks it; `structure` all but the records, which are checked when read. */
export type CheckDepth = "full" | "structure";

/** A place in the chain of a branch's own blocks: after so many of them. */
interface BlockLink {
	readonly blocks: number;
	readonly seal: Uint8Array;
	readonly last: BlockRow | undefined;
}

/** A place in the chain of a branch's commands. */
interface CommandLink {
	readonly commands: number;
	readonly seal: Uint8Array;
	/** Its number; -1 before all. */
	readonly sequence: number;
}

/** What a branch turned out to hold. */
export interface CheckedBranch {
	readonly row: BranchRow;
	readonly firstBlock: number;
	/** Own blocks whose links hold. */
	readonly intactBlocks: number;
	readonly lastBlock: BlockRow | undefined;
	/** Commands whose links hold. */
	readonly intactCommands: number;
	/** Where the chains can be taken up again when there is more: after the last full block, and after the last command. */
	readonly wholeBlocks: BlockLink;
	readonly lastCommand: CommandLink;
	/** Seals of own blocks are needed where branches fork; undefined beyond the intact ones. */
	sealAt(block: number): Uint8Array | undefined;
}

export interface CheckedSession {
	readonly header: SessionHeader;
	readonly labText: string;
	readonly planText: string;
	readonly plan: Plan;
	readonly root: Uint8Array;
	readonly branches: ReadonlyMap<number, CheckedBranch>;
	/** Sentences; empty when the file is sound. */
	readonly reasons: readonly string[];
}

function damaged(path: string, reason: string): QuorateError {
	return new QuorateError("session-damaged", `${path} is damaged: ${reason}`, {
		kept: "The file was not changed.",
		advice: "Use a copy of it, if there is one.",
	});
}

/** @throws QuorateError `session-unsupported` for what is no session, or one of a later version */
function identify(database: Database, path: string): void {
	if (database.pragma("application_id") !== applicationId)
		throw new QuorateError("session-unsupported", `${path} is no Quorate session`, { kept: "It was not changed." });
	const version = database.pragma("user_version");
	if (version === schemaVersion) return;
	throw new QuorateError("session-unsupported", `${path} is of session format ${version}, and this program reads format ${schemaVersion}`, {
		kept: "It was not changed.",
		advice: "Open it with a newer version of Quorate.",
	});
}

function checkSchema(database: Database, path: string): void {
	const rows = database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name LIMIT 64").all();
	const sound =
		rows.length === schemaRows.length &&
		rows.every((row, i) => {
			const [type, name, table, sql] = schemaRows[i] as (typeof schemaRows)[number];
			return row.type === type && row.name === name && row.tbl_name === table && row.sql === sql;
		});
	if (!sound) throw damaged(path, "its tables are not those of a session");
}

function quickCheck(database: Database, reasons: string[]): void {
	try {
		const verdict = database.pragma("quick_check(1)");
		if (verdict !== "ok") reasons.push(`its pages do not fit together (${shownText(String(verdict))})`);
	} catch (error) {
		reasons.push(`its pages cannot be read (${shownText((error as Error).message)})`);
	}
}

function readTexts(database: Database, path: string): { header: string; lab: string; plan: string } {
	const sizes = database.prepare("SELECT octet_length(header) AS header, octet_length(lab) AS lab, octet_length(plan) AS plan FROM session WHERE id = 0").get();
	const { headerBytes, labBytes, planBytes } = sessionLimits;
	const fits = (size: unknown, max: number) => typeof size === "number" && size <= max;
	if (sizes === undefined || !fits(sizes.header, headerBytes) || !fits(sizes.lab, labBytes) || !fits(sizes.plan, planBytes))
		throw damaged(path, "its header is missing or of an impossible size");
	const row = database.prepare("SELECT header, lab, plan FROM session WHERE id = 0").get();
	if (typeof row?.header !== "string" || typeof row.lab !== "string" || typeof row.plan !== "string") throw damaged(path, "its header is no text");
	return { header: row.header, lab: row.lab, plan: row.plan };
}

function unwrap<Value>(value: Value | QuorateError, path: string): Value {
	if (value instanceof QuorateError) throw damaged(path, value.message);
	return value;
}

/** Whether every part of a block holds the bytes its checksum was taken of. */
function recordsAreIntact(database: Database, branch: number, row: BlockRow): boolean {
	return row.parts.every((part, index) => {
		const records = partRecords(database, branch, row.block, index);
		return records !== undefined && sameBytes(sha256(records), part.checksum);
	});
}

/** Runs a read that a damaged page may end. */
function attempt<Value>(read: () => Value): Value | string {
	try {
		return read();
	} catch (error) {
		return `a page cannot be read (${shownText((error as Error).message)})`;
	}
}

interface Chain extends BlockLink {
	/** After the last full block. */
	readonly whole: BlockLink;
	readonly problem: string | undefined;
}

/** Follows a branch's blocks from a place in the chain as long as their links hold. */
function followBlocks(database: Database, branch: number, { firstBlock, from, depth }: Follow): Chain {
	let { seal, last } = from;
	let whole = from;
	for (let { blocks } = from; ; blocks++) {
		const block = firstBlock + blocks;
		const end = (problem: string | undefined): Chain => ({ blocks, seal, last, whole, problem });
		if (block >= sessionLimits.blocks) return end("there are too many blocks");
		const row = attempt(() => blockRow(database, branch, block));
		if (row === undefined) return end(undefined);
		if (typeof row === "string") return end(row);
		if (last !== undefined && last.eventCount < blockEvents) return end(`block ${block} follows one that is not full`);
		if (!sameBytes(row.seal, sealOfBlock(seal, branch, row))) return end(`block ${block} was altered`);
		const intact = depth === "structure" || attempt(() => recordsAreIntact(database, branch, row));
		if (intact !== true) return end(typeof intact === "string" ? intact : `the records of block ${block} were altered`);
		seal = row.seal;
		last = row;
		if (row.eventCount === blockEvents) whole = { blocks: blocks + 1, seal, last };
	}
}

interface Follow {
	/** Of the branch's own. */
	readonly firstBlock: number;
	readonly from: BlockLink;
	readonly depth: CheckDepth;
}

function followCommands(database: Database, branch: number, from: CommandLink): CommandLink & { readonly problem: string | undefined } {
	let { seal, sequence } = from;
	for (let { commands } = from; ; commands++) {
		const end = (problem: string | undefined) => ({ commands, seal, sequence, problem });
		if (commands >= sessionLimits.commands) return end("there are too many commands");
		const row = attempt(() => commandRow(database, branch, sequence));
		if (row === undefined || typeof row === "string") return end(row);
		if (!sameBytes(row.seal, sealOfCommand(seal, branch, row))) return end(`command ${row.sequence} was altered`);
		seal = row.seal;
		sequence = row.sequence;
	}
}

/** A branch row to go on with when the real one cannot be read: only the trunk needs nothing from it. */
const lostTrunk: BranchRow = {
	branch: 0,
	parent: -1,
	forkIndex: 0,
	forkUs: 0,
	name: "",
	eventCount: 0,
	untilUs: 0,
	digest: new Uint8Array(32),
	finished: 0,
	verdicts: "[]",
	blockCount: -1,
	blockSeal: new Uint8Array(32),
	commandCount: -1,
	commandSeal: new Uint8Array(32),
};

interface Checking {
	readonly root: Uint8Array;
	readonly depth: CheckDepth;
	readonly reasons: string[];
	/** Branches that were found sound before, in what has only grown since. */
	readonly known: ReadonlyMap<number, CheckedBranch>;
}

function checkBranch(
	database: Database,
	branch: number,
	checked: ReadonlyMap<number, CheckedBranch>,
	{ root, depth, reasons, known }: Checking,
): CheckedBranch | undefined {
	const found = attempt(() => branchRow(database, branch));
	const complain = (reason: string) => reasons.push(branch === 0 ? reason : `in branch ${branch}, ${reason}`);
	if (typeof found === "string" || found === undefined) {
		complain(found ?? "its head is missing");
		if (branch > 0) return undefined;
	}
	const row = typeof found === "string" || found === undefined ? lostTrunk : found;
	const firstBlock = Math.floor(row.forkIndex / blockEvents);
	const start = firstBlock === 0 ? root : checked.get(row.parent)?.sealAt(firstBlock - 1);
	if (start === undefined) {
		complain("the branch it forked from is not intact");
		return undefined;
	}
	const before = known.get(branch);
	const chain = followBlocks(database, branch, { firstBlock, from: before?.wholeBlocks ?? { blocks: 0, seal: start, last: undefined }, depth });
	const commands = followCommands(database, branch, before?.lastCommand ?? { commands: 0, seal: root, sequence: -1 });
	if (chain.problem !== undefined) complain(chain.problem);
	else if (chain.blocks !== row.blockCount || !sameBytes(chain.seal, row.blockSeal)) complain("the blocks are not those its head tells of");
	else if (chain.last !== undefined && (row.eventCount !== chain.last.block * blockEvents + chain.last.eventCount || !sameBytes(row.digest, chain.last.digest)))
		complain("its head does not belong to its last block");
	if (commands.problem !== undefined) complain(commands.problem);
	else if (commands.commands !== row.commandCount || !sameBytes(commands.seal, row.commandSeal)) complain("the commands are not those its head tells of");
	const sealAt = (block: number): Uint8Array | undefined => {
		if (block < firstBlock) return checked.get(row.parent)?.sealAt(block);
		const sealed = block < firstBlock + chain.blocks ? blockRow(database, branch, block) : undefined;
		return typeof sealed === "object" ? sealed.seal : undefined;
	};
	const { blocks: intactBlocks, last: lastBlock, whole: wholeBlocks } = chain;
	return { row, firstBlock, intactBlocks, lastBlock, intactCommands: commands.commands, wholeBlocks, lastCommand: commands, sealAt };
}

/**
 * @returns what the file holds, and what is wrong with it
 * @throws QuorateError `session-unsupported`, or `session-damaged` when not even the header can be trusted
 */
export function checkSession(database: Database, path: string, depth: CheckDepth): CheckedSession {
	try {
		identify(database, path);
		checkSchema(database, path);
		const reasons: string[] = [];
		quickCheck(database, reasons);
		const texts = readTexts(database, path);
		const header = unwrap(readHeader(texts.header), path);
		if (header.formatVersion !== schemaVersion) throw damaged(path, "its header is of another format than the file");
		if (header.eventSchemaVersion > eventSchemaVersion)
			throw new QuorateError(
				"session-unsupported",
				`${path} holds events of version ${header.eventSchemaVersion}, and this program knows version ${eventSchemaVersion}`,
				{
					kept: "It was not changed.",
					advice: "Open it with a newer version of Quorate.",
				},
			);
		const plan = unwrap(readPlan(texts.plan), path);
		const root = sealOfRoot(texts);
		const branches = checkBranches(database, { root, depth, reasons, known: new Map() });
		return { header, labText: texts.lab, planText: texts.plan, plan, root, branches, reasons };
	} catch (error) {
		throw translateError(error, path);
	}
}

/**
 * The same of a session that was sound a moment ago and that its one writer has gone on with: the chains are taken up where
 * they ended then, so that what is new is looked at and nothing else.
 * @returns undefined when it is not what it was with more of it, and has to be looked over as a whole
 */
export function checkGrown(database: Database, known: CheckedSession): CheckedSession | undefined {
	const reasons: string[] = [];
	const { root } = known;
	try {
		const branches = checkBranches(database, { root, depth: "structure", reasons, known: known.branches });
		const isLess = [...known.branches].some(([branch, { row }]) => {
			const now = branches.get(branch)?.row;
			return now === undefined || now.forkIndex !== row.forkIndex || now.parent !== row.parent || now.eventCount < row.eventCount;
		});
		return reasons.length > 0 || isLess ? undefined : { ...known, branches };
	} catch {
		return undefined; // whatever it is, a look at the whole file tells it
	}
}

function checkBranches(database: Database, checking: Checking): ReadonlyMap<number, CheckedBranch> {
	const { root, reasons } = checking;
	const counted = attempt(() => branchCount(database));
	if (typeof counted === "string") reasons.push(counted);
	const branches = new Map<number, CheckedBranch>();
	for (let branch = 0; branch < (typeof counted === "number" ? counted : 1); branch++) {
		const checked = checkBranch(database, branch, branches, checking);
		if (checked !== undefined) branches.set(branch, checked);
	}
	if (reasons.length > 0) return branches;
	const rows = [...branches.values()].map(({ row }) => row);
	const sealed = attempt(() => {
		const value = database.prepare("SELECT value FROM seal WHERE id = 0").get()?.value;
		return value instanceof Uint8Array && sameBytes(value, sealOfSession(root, rows, annotationsDigest(database)));
	});
	if (sealed !== true) reasons.push("its seal does not fit: a head, a verdict or a note was altered");
	return branches;
}
