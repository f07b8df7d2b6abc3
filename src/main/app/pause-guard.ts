/**
 * Carries a run on until something happens that somebody waits for: an event, a new leader, a check that
 * begins to fail. Knows nothing of wall time but what it is told. Runs on the cluster thread.
 */
import type { CheckBoard } from "../../core/checks/create-check-folds.ts";
import type { Kernel } from "../../core/kernel.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { eventWatch, leaderWatch } from "./pause-watch.ts";
import type { PausePredicate } from "./run-task.ts";

export interface GuardLimit {
	readonly untilUs: number;
	readonly windowsMax: number;
	/** Looked at after every window while checks are watched: that takes longer. */
	isTimeUp(): boolean;
}

export class PauseGuard {
	/** What was waited for has happened. */
	isWanted = false;
	readonly #kernel: Kernel;
	readonly #checks: CheckBoard;
	#unwatch: (() => void) | null = null;
	/** Checks that hold so far, if their failure is waited for. */
	#holding: ReadonlySet<string> | null = null;

	constructor(kernel: Kernel, checks: CheckBoard) {
		this.#kernel = kernel;
		this.#checks = checks;
	}

	/** @param known what nodes stated so far of who leads @throws QuorateError `usage` for a node that does not exist */
	watch(predicate: PausePredicate | null, known: readonly BoardEntry[]): void {
		this.#unwatch?.();
		this.#unwatch = null;
		this.#holding = predicate?.kind === "checkFails" ? this.#holdingNow() : null;
		if (predicate === null || predicate.kind === "checkFails") return;
		const { plan, log } = this.#kernel;
		const stop = (): void => {
			this.isWanted = true;
			this.#kernel.requestStop();
		};
		const watch = predicate.kind === "event" ? eventWatch(plan, predicate, stop) : leaderWatch(plan, { known, afterUs: predicate.afterUs }, stop);
		this.#unwatch = log.observe(watch);
	}

	advance({ untilUs, windowsMax, isTimeUp }: GuardLimit): ReturnType<Kernel["advance"]> {
		if (this.#holding === null) return this.#kernel.advance({ untilUs, windowsMax });
		for (;;) {
			const outcome = this.#kernel.advance({ untilUs, windowsMax: 1 });
			const before: ReadonlySet<string> = this.#holding;
			const now = this.#holdingNow();
			// One that fails counts once.
			this.#holding = now;
			this.isWanted = [...before].some((id) => !now.has(id));
			if (this.isWanted || outcome !== "windows" || isTimeUp()) return outcome;
		}
	}

	#holdingNow(): ReadonlySet<string> {
		return new Set(this.#checks.verdicts(this.#kernel.nowUs).flatMap(({ id, ok }) => (ok ? [id] : [])));
	}
}
