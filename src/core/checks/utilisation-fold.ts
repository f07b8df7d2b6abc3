/**
 * Checks of how busy CPUs are: "maxUtilisation of web-* <= 0.8 over 1s". Looks at every window that
 * lies within the check's time; work that a crash cut short never finished and is not counted.
 */
import { type Check, compare, type Subject } from "../../shared/check/check.ts";
import { kindId, offsetOf, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import type { CheckPlan, Plan } from "../../shared/plan.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { BusyWindow, type WindowSink, windowSteps } from "./busy-window.ts";
import { type CheckFold, type CheckVerdict, type Evidence, evidenceMax, isUpperBound } from "./check-fold.ts";
import { percentText } from "./evidence-text.ts";
import { NodeMask } from "./node-mask.ts";
import { WhenTracker } from "./when-tracker.ts";

type UtilisationSubject = Extract<Subject, { kind: "utilisation" }>;

const computeFinished = kindId("computeFinished");
const startedOffset = offsetOf("computeFinished", "startedUs");

/** What the windows so far amount to. */
class Peak {
	ratio = 0;
	node = -1;
	toUs = 0;
	evidence: Evidence[] = [];

	copy(): Peak {
		const copy = new Peak();
		copy.ratio = this.ratio;
		copy.node = this.node;
		copy.toUs = this.toUs;
		copy.evidence = [...this.evidence];
		return copy;
	}
}

/** One node's windows. */
class NodeWatch implements WindowSink {
	readonly #fold: UtilisationFold;
	readonly #node: number;
	readonly #cores: number;
	readonly #stepUs: number;
	busy: BusyWindow;
	peak: Peak;
	/** Windows that begin before this overlap one that is evidence already. */
	#quietUntilUs = 0;

	constructor(fold: UtilisationFold, options: { readonly node: number; readonly cores: number; readonly stepUs: number }, peak: Peak) {
		this.#fold = fold;
		this.#node = options.node;
		this.#cores = options.cores;
		this.#stepUs = options.stepUs;
		this.busy = new BusyWindow(options.stepUs, options.cores);
		this.peak = peak;
	}

	cloneFor(fold: UtilisationFold, peak: Peak): NodeWatch {
		const twin = new NodeWatch(fold, { node: this.#node, cores: this.#cores, stepUs: this.#stepUs }, peak);
		twin.busy = this.busy.clone();
		twin.#quietUntilUs = this.#quietUntilUs;
		return twin;
	}

	onWindow(lastStep: number, busyUs: number): void {
		const toUs = (lastStep + 1) * this.#stepUs;
		const ratio = busyUs / (this.#fold.overUs * this.#cores);
		const isProof = toUs - this.#fold.overUs >= this.#quietUntilUs && this.#fold.breaks(ratio);
		if (!isProof && ratio <= this.peak.ratio) return;
		if (!this.#fold.counts(toUs)) return;
		if (ratio > this.peak.ratio) {
			this.peak.ratio = ratio;
			this.peak.node = this.#node;
			this.peak.toUs = toUs;
		}
		if (!isProof || this.peak.evidence.length >= evidenceMax) return;
		this.#quietUntilUs = toUs;
		this.peak.evidence.push({ index: this.busy.lastIndexIn(lastStep), atUs: toUs, text: this.#fold.describe(this.#node, ratio, toUs) });
	}

	/** Looks at what is not settled, into a peak of its own. */
	peek(endUs: number, peak: Peak): void {
		const [known, quietUntilUs] = [this.peak, this.#quietUntilUs];
		this.peak = peak;
		this.busy.peek(endUs, this);
		this.peak = known;
		this.#quietUntilUs = quietUntilUs;
	}
}

export class UtilisationFold implements CheckFold {
	readonly id: string;
	readonly kindIds: ReadonlySet<number>;
	readonly overUs: number;
	readonly #expression: string;
	readonly #plan: Plan;
	readonly #check: Check & { readonly subject: UtilisationSubject };
	readonly #nodes: NodeMask;
	#when: WhenTracker;
	#peak = new Peak();
	#watches: (NodeWatch | undefined)[];

	constructor({ id, expression }: CheckPlan, check: Check & { readonly subject: UtilisationSubject }, plan: Plan) {
		this.id = id;
		this.#expression = expression;
		this.#plan = plan;
		this.#check = check;
		this.overUs = check.subject.overUs;
		this.#nodes = new NodeMask(check.subject.nodes, plan.nodes.length);
		this.#when = new WhenTracker(check.when, plan);
		this.#watches = plan.nodes.map(() => undefined);
		this.kindIds = new Set([computeFinished, ...this.#when.kindIds]);
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		if (this.#when.watches(words[start] as number)) this.#when.note(words, start);
		if (words[start] !== computeFinished) return;
		const node = words[start + recordNodeWord] as number;
		if (!this.#nodes.has(node)) return;
		const watch = this.#watches[node] ?? this.#watch(node);
		watch.busy.add(readUs(words, start + startedOffset), readUs(words, start + recordAtWord), index, watch);
	}

	#watch(node: number): NodeWatch {
		const cores = this.#plan.nodes[node]?.cores ?? 1;
		const watch = new NodeWatch(this, { node, cores, stepUs: this.overUs / windowSteps }, this.#peak);
		this.#watches[node] = watch;
		return watch;
	}

	clone(): UtilisationFold {
		const twin = new UtilisationFold({ id: this.id, expression: this.#expression, shows: "" }, this.#check, this.#plan);
		const peak = this.#peak.copy();
		twin.#when = this.#when.clone();
		twin.#peak = peak;
		twin.#watches = this.#watches.map((watch) => watch?.cloneFor(twin, peak));
		return twin;
	}

	/** Whether a window this busy breaks the check by itself. */
	breaks(ratio: number): boolean {
		return isUpperBound(this.#check.operator) && ratio > 0 && !compare(ratio, this.#check.operator, this.#check.value) && ratio >= this.#check.value;
	}

	/** Whether a window that ends here lies within the check's time. */
	counts(toUs: number): boolean {
		return this.#when.covers(toUs - this.overUs, toUs);
	}

	describe(node: number, ratio: number, toUs: number): string {
		const span = `from ${formatDurationUs(toUs - this.overUs)} to ${formatDurationUs(toUs)}`;
		return `${this.#plan.nodes[node]?.name ?? "a node"} was busy ${percentText(ratio)} of the time ${span}`;
	}

	verdict(endUs: number): CheckVerdict {
		const peak = this.#peak.copy();
		for (const watch of this.#watches) watch?.peek(endUs, peak);
		const ok = compare(peak.ratio, this.#check.operator, this.#check.value);
		const gap = this.#when.gap(endUs);
		const seen = peak.node < 0 ? `no work in any ${formatDurationUs(this.overUs)}` : this.describe(peak.node, peak.ratio, peak.toUs);
		return {
			id: this.id,
			ok,
			final: (isUpperBound(this.#check.operator) && !ok && peak.ratio >= this.#check.value) || this.#when.isOver(endUs),
			expression: this.#expression,
			observed: gap === "" ? seen : `${seen} (${gap})`,
			evidence: ok ? [] : peak.evidence.sort((a, b) => a.atUs - b.atUs || a.index - b.index),
		};
	}
}
