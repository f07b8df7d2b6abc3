/** What a piece of code in a guide stands for in the run that is looked at, so that it can be done or shown. Pure. */
import { type RunWishes, readRunFlags, readRunLine } from "../../../shared/lab/run-flags.ts";
import type { Plan } from "../../../shared/plan.ts";

export type Mention =
	/** Another run of the same lab. */
	{ readonly kind: "run"; readonly wishes: RunWishes } | { readonly kind: "check"; readonly check: string } | { readonly kind: "node"; readonly node: number };

export interface MentionedIn {
	readonly plan: Plan;
	/** Ids of the lab's variants. */
	readonly variants: readonly string[];
}

/** @returns null for code that is only to be read */
export function mentionOf(code: string, { plan, variants }: MentionedIn): Mention | null {
	const text = code.trim();
	const wishes = text.startsWith("--") ? readRunFlags(text) : readRunLine(text, plan.labId);
	if (wishes !== null) return { kind: "run", wishes };
	if (variants.includes(text)) return { kind: "run", wishes: { variant: text, parameters: {}, story: [] } };
	if (plan.checks.some(({ id }) => id === text)) return { kind: "check", check: text };
	const node = plan.nodes.findIndex(({ name }) => name === text);
	return node < 0 ? null : { kind: "node", node };
}
