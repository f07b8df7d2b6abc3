/**
 * `quorate run`: reads the wishes, starts the run, shows it while it goes on, and reports what it came
 * to. Thread: main.
 */
import { registry } from "../../os/registry.ts";
import { QuorateError } from "../../shared/errors.ts";
import { sessionDetails } from "../../shared/session.ts";
import { formatDurationUs, parseDurationUs } from "../../shared/units.ts";
import { LabRun } from "../app/lab-run.ts";
import { newSession, plainTask, prepareLab, readSeed, readSpeed } from "../app/options.ts";
import type { RunOutcome, RunTask } from "../app/run-task.ts";
import { makeWay, requireRoom } from "../app/session-file.ts";
import { prepareFork } from "../app/session-fork.ts";
import { fromPlain } from "../store/recorder-protocol.ts";
import { type CrashContext, tellCrash } from "./crash-report.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { Interrupts } from "./interrupts.ts";
import { LiveView } from "./live-view.ts";
import { type RunIdentity, reportLines, reportObject } from "./report.ts";
import { choice, executorOptions, positiveDuration, type RunFlags, settings, wholeNumber } from "./run-flags.ts";
import { PlainView, type RunView, SilentView } from "./run-view.ts";
import { shellWords } from "./shell-words.ts";
import type { Terminal } from "./terminal.ts";

/** All that is settled before anything starts. */
interface Prepared {
	readonly task: RunTask;
	readonly title: string;
	readonly identity: RunIdentity;
	/** The file to be made, if there is one. */
	readonly creates: string | null;
}

export async function runCommand(lab: string | undefined, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
	const view = viewFor(flags, terminal);
	const { task, title, identity, creates } = prepare(lab, flags);
	if (creates !== null && flags.force === true) makeWay(creates);
	if (creates !== null) requireRoom(creates);
	view.begin(title);
	const run = new LabRun(
		{ ...task, statusEveryMs: view.statusEveryMs, tellLines: view.wantsLines },
		{
			onStatus: (status) => view.onStatus(status),
			onLines: (lines, omitted) => view.onLines(lines, omitted),
			onVerdict: (line) => view.remark(`the watchdog stopped a node (${line}); the run is repeated up to there`),
		},
	);
	const interrupts = new Interrupts(
		terminal,
		() => run.ask({ kind: "stop" }),
		(text) => view.remark(text),
	);
	try {
		const outcome = await run.outcome;
		view.end();
		if (flags.json === true) terminal.line(JSON.stringify(reportObject(identity, outcome)));
		else for (const line of reportLines(terminal, identity, outcome)) terminal.line(line);
		return exitCodeFor(outcome, interrupts.count > 0, terminal);
	} catch (error) {
		view.end();
		return tellCrash(error, crashContext(lab, flags, task, identity), terminal);
	} finally {
		interrupts.release();
	}
}

function exitCodeFor(outcome: RunOutcome, interrupted: boolean, terminal: Terminal): ExitCode {
	if (outcome.recordingFailure !== null) {
		const { message, kept, advice, code } = fromPlain(outcome.recordingFailure);
		terminal.note([`quorate: ${message}`, kept, advice].filter((part) => part !== "").join("\n  "));
		return exitCodeOf(code);
	}
	if (interrupted) return exitCodes.interrupted;
	return outcome.verdicts.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.checkFailed;
}

function crashContext(lab: string | undefined, flags: RunFlags, task: RunTask, identity: RunIdentity): CrashContext {
	return { lab: lab ?? `fork of ${flags.fork}`, variant: task.plan.variant, seed: task.seed, again: identity.again, saved: identity.saved };
}

function viewFor({ json }: RunFlags, terminal: Terminal): RunView {
	if (json === true) return new SilentView(terminal);
	return terminal.isLive ? new LiveView(terminal) : new PlainView(terminal);
}

function prepare(lab: string | undefined, flags: RunFlags): Prepared {
	if (flags.fork !== undefined) {
		if (lab !== undefined) throw new QuorateError("usage", "a fork goes on with the lab of its session; leave the lab's name out");
		return prepareForked(flags, flags.fork);
	}
	if (lab === undefined) throw new QuorateError("usage", "which lab? `quorate labs` lists them", { advice: "For example: quorate run front-door" });
	if (flags.from !== undefined || flags.branch !== undefined) throw new QuorateError("usage", "--from and --branch belong to --fork FILE");
	return prepareFresh(lab, flags);
}

function prepareFresh(name: string, flags: RunFlags): Prepared {
	const seed = readSeed(flags.seed);
	const executor = executorOptions(flags);
	const detail = choice("detail", flags.detail ?? "full", sessionDetails);
	const untilUs = flags.until === undefined ? undefined : positiveDuration("--until", flags.until);
	const { lab, plan } = prepareLab(
		{ lab: name, variant: flags.variant, parameters: settings(flags.set), untilUs, story: flags.at, exploreRaces: flags.exploreRaces },
		registry,
	);
	const saved = flags.save ?? null;
	const session = () => newSession({ plan, seed, labText: lab.text, detail, executor: executor.name, createdMs: Date.now() });
	const task: RunTask = {
		...plainTask({ plan, seed, executor, speed: readSpeed(flags.speed) }),
		recording: saved === null ? null : { kind: "at-once", target: { kind: "create", path: saved, session: session() } },
	};
	const { variant } = plan;
	const title = `${plan.title}${variant === "" ? "" : ` (${variant})`}: seed ${seed}, ${executor.name}, ${formatDurationUs(plan.untilUs)}${saved === null ? "" : `, saved to ${saved}`}`;
	const again = shellWords(["npm", "run", "-s", "quorate", "--", "run", name, ...againWords(flags, seed)]);
	return { task, title, identity: { lab: plan.labId, variant, seed, executor: executor.name, saved, again }, creates: saved };
}

/** The words that decide what happens, and none of those that decide how it is looked at. */
function againWords(flags: RunFlags, seed: number): string[] {
	return [
		"--seed",
		String(seed),
		...(flags.variant === undefined ? [] : ["--variant", flags.variant]),
		...(flags.until === undefined ? [] : ["--until", flags.until]),
		...flags.set.flatMap((setting) => ["--set", setting]),
		...flags.at.flatMap((line) => ["--at", line]),
		...(flags.exploreRaces === true ? ["--explore-races"] : []),
	];
}

function prepareForked(flags: RunFlags, path: string): Prepared {
	for (const [name, value] of [
		["--seed", flags.seed],
		["--variant", flags.variant],
		["--explore-races", flags.exploreRaces],
		["--detail", flags.save === undefined ? flags.detail : undefined],
	] as const)
		if (value !== undefined) throw new QuorateError("usage", `${name} is settled by the session that is forked`);
	if (flags.set.length > 0) throw new QuorateError("usage", "--set is settled by the session that is forked");
	if (flags.from === undefined) throw new QuorateError("usage", "from when on does the fork go its own way? Say so with --from 6s");
	const executor = executorOptions(flags);
	const saved = flags.save ?? path;
	const fork = prepareFork({
		path,
		branch: flags.branch === undefined ? 0 : wholeNumber("--branch", flags.branch, { min: 0 }),
		atUs: parseDurationUs(flags.from),
		untilUs: flags.until === undefined ? undefined : positiveDuration("--until", flags.until),
		story: flags.at,
		save: flags.save === undefined ? null : { path: flags.save, detail: choice("detail", flags.detail ?? "full", sessionDetails), createdMs: Date.now() },
		executor,
		speed: readSpeed(flags.speed),
	});
	const { plan, seed } = fork;
	const title = `${plan.title}: fork of ${path} at ${flags.from}, seed ${seed}, ${executor.name}, ${formatDurationUs(fork.untilUs)}, saved to ${saved}`;
	const again = shellWords(["npm", "run", "-s", "quorate", "--", "run", "--fork", path, "--from", flags.from, ...flags.at.flatMap((line) => ["--at", line])]);
	const identity = { lab: plan.labId, variant: plan.variant, seed, executor: executor.name, saved, again };
	return { task: fork, title, identity, creates: flags.save ?? null };
}
