/**
 * The store's promise, judged from outside by what clients say they asked and were told: one copy, no
 * acknowledged write lost, no read of the past (linearizability, key by key). Pure.
 */
import type { Fact, Invariant, InvariantFold, NodeContext } from "../../core/node-api.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { type Call, explain, type RegisterOperation } from "./linearizability.ts";

export const historyFacts = { called: "store.called", answered: "store.answered" } as const;

/** A client's own account; `id` is its own, unique at its node and boot. */
export type CalledFact = { readonly id: string; readonly key: string; readonly operation: RegisterOperation };
/** Left out when no answer came. A read's and a swap's outcome is in here. */
export type AnsweredFact = { readonly id: string; readonly value: string | null; readonly succeeded: boolean };

export function stateCall(ctx: NodeContext, call: CalledFact): void {
	ctx.fact(historyFacts.called, call as unknown as Parameters<NodeContext["fact"]>[1]);
}

export function stateAnswer(ctx: NodeContext, answer: AnsweredFact): void {
	ctx.fact(historyFacts.answered, answer);
}

interface Told {
	readonly fact: CalledFact;
	readonly label: string;
	readonly calledUs: number;
	answeredUs: number;
	answer: AnsweredFact | null;
}

function sentence({ node, atUs }: Fact, { key, operation }: CalledFact): string {
	const what = operation.kind === "read" ? `the read of ${key}` : `the ${operation.kind} of ${String(operation.value)} to ${key}`;
	return `${what} by ${node} at ${formatDurationUs(atUs)}`;
}

/** @returns the call as the search sees it; a read without an answer says nothing and is left out */
function callOf({ fact: { operation }, label, calledUs, answeredUs, answer }: Told): Call[] {
	if (operation.kind === "read") {
		return answer === null ? [] : [{ operation: { kind: "read", value: answer.value }, label: `${label}, which gave ${answer.value}`, calledUs, answeredUs }];
	}
	if (operation.kind === "write") return [{ operation, label, calledUs, answeredUs }];
	return [{ operation: { ...operation, succeeded: answer?.succeeded }, label, calledUs, answeredUs }];
}

function linearizable(): InvariantFold {
	const told = new Map<string, Told>();
	return {
		onFact(fact: Fact): null {
			if (fact.name === historyFacts.called) {
				const called = fact.value as unknown as CalledFact;
				const id = `${fact.node} ${called.id}`;
				told.set(id, { fact: called, label: sentence(fact, called), calledUs: fact.atUs, answeredUs: Number.POSITIVE_INFINITY, answer: null });
			} else {
				const answer = fact.value as AnsweredFact;
				const call = told.get(`${fact.node} ${answer.id}`);
				if (call !== undefined) {
					call.answeredUs = fact.atUs;
					call.answer = answer;
				}
			}
			return null;
		},
		end(): string | null {
			const byKey = new Map<string, Call[]>();
			for (const call of told.values()) byKey.set(call.fact.key, [...(byKey.get(call.fact.key) ?? []), ...callOf(call)]);
			for (const [key, calls] of byKey) {
				const explanation = explain(calls);
				if (explanation.kind === "impossible") return `no single copy of ${key} explains what its clients were told: stuck at ${explanation.stuck}`;
			}
			return null;
		},
	};
}

export const storeInvariants: readonly Invariant[] = [
	{
		name: "store.linearizable",
		shows: "The store behaves like one copy: no acknowledged write is lost, and nobody reads the past (Herlihy and Wing 1990).",
		facts: Object.values(historyFacts),
		start: linearizable,
	},
];
