/** `quorate verify`: does the file hold what its lab, seed and commands give? */
import { registry } from "../../os/registry.ts";
import { branchWord } from "../../shared/house-words.ts";
import { heapMbDefault, watchdogMsDefault } from "../app/options.ts";
import { type BranchVerdict, requireServices, verifyBranch } from "../app/verify-session.ts";
import type { Session } from "../store/reader.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { counted, grouped } from "./format.ts";
import { choice } from "./run-flags.ts";
import { withSession } from "./sessions.ts";
import type { Terminal } from "./terminal.ts";

export interface VerifyFlags {
	readonly executor: string;
	readonly json?: boolean;
}

export async function verifyCommand(path: string, flags: VerifyFlags, terminal: Terminal): Promise<ExitCode> {
	const name = choice("executor", flags.executor, ["threads", "inline"] as const);
	const executor = { name, watchdogMs: watchdogMsDefault, heapMb: heapMbDefault[name] };
	return withSession(path, {}, terminal, async (session) => {
		requireServices(session, registry);
		const verdicts: BranchVerdict[] = [];
		for (const { branch } of session.branches) verdicts.push(await verifyBranch(session, branch, { executor }));
		if (flags.json === true) terminal.line(JSON.stringify(forPrograms(session, verdicts)));
		else for (const verdict of verdicts) tell(session, verdict, terminal);
		return verdicts.every(({ kind }) => kind === "same") ? exitCodes.ok : exitCodes.verifyDiffers;
	});
}

function forPrograms({ path, header }: Session, branches: readonly BranchVerdict[]): object {
	return { file: path, lab: header.labId, seed: header.seed, same: branches.every(({ kind }) => kind === "same"), branches };
}

function tell(session: Session, verdict: BranchVerdict, terminal: Terminal): void {
	const branch = session.branches.length > 1 ? `${branchWord(verdict.branch)}: ` : "";
	switch (verdict.kind) {
		case "same": {
			const { finished } = session.head(verdict.branch);
			const how = finished ? "" : " (the recording was broken off there)";
			terminal.line(
				`${branch}${terminal.style("the same", "green")}: ${counted(verdict.events, "event")} repeated to the byte${how}; digest ${verdict.digest}`,
			);
			return;
		}
		case "verdicts":
			terminal.line(
				`${branch}${terminal.style("DIFFERS", "red")}: every event is the same, but the file's verdicts are not what the checks give: ${verdict.ids.join(", ")}`,
			);
			return;
		case "differs": {
			const { index, exact, fromIndex, recorded, repeated } = verdict.difference;
			const which = exact
				? `the first event that differs is ${grouped(index)}`
				: `the first event that differs is one of ${grouped(fromIndex)} to ${grouped(index)}; the file holds the detail ${session.header.detail}, so it cannot be told which`;
			terminal.line(`${branch}${terminal.style("DIFFERS", "red")}: ${which}`);
			terminal.line(`  recorded  ${recorded ?? "nothing"}`);
			terminal.line(`  repeated  ${repeated ?? "nothing"}`);
		}
	}
}
