/**
 * Whether a history of one key can be explained by a single copy on which every operation took effect
 * at one instant between its call and its answer. A bounded search: it says so when it gave up. Pure.
 *
 * @source Herlihy and Wing, Linearizability (1990); Wing and Gong, Testing and Verifying Concurrent
 * Objects (1993); Lowe, Testing for Linearizability (2016), for the cache of what was tried
 */

/** Values are texts (their canonical encoding); null: the key is absent. */
export type RegisterOperation =
	| { readonly kind: "read"; readonly value: string | null }
	| { readonly kind: "write"; readonly value: string | null }
	/** `succeeded` undefined: its answer never came. */
	| { readonly kind: "swap"; readonly expected: string | null; readonly value: string; readonly succeeded: boolean | undefined };

export interface Call {
	readonly operation: RegisterOperation;
	readonly calledUs: number;
	/** Infinity: no answer came; it may have taken effect at any time since, or never. */
	readonly answeredUs: number;
	readonly label: string;
}

export type Explanation =
	| { readonly kind: "explained" }
	/** `stuck`: the answer that no order of operations explains, where the search came furthest. */
	| { readonly kind: "impossible"; readonly stuck: string }
	| { readonly kind: "undecided" };

/** Steps that a search may take: a good many more than one for each call. */
function stepsFor(calls: number): number {
	return 200_000 + 50 * calls;
}

/** One end of a call, in a list from which calls are lifted once they have their place. */
interface Edge {
	readonly call: Call;
	readonly index: number;
	readonly isCall: boolean;
	answer: Edge | null;
	previous: Edge | null;
	next: Edge | null;
}

/** @returns the state after it, or undefined when it cannot have had this answer */
function step(state: string | null, operation: RegisterOperation): string | null | undefined {
	switch (operation.kind) {
		case "read":
			return operation.value === state ? state : undefined;
		case "write":
			return operation.value;
		case "swap": {
			const fits = operation.expected === state;
			if (operation.succeeded !== undefined && operation.succeeded !== fits) return undefined;
			return fits ? operation.value : state;
		}
	}
}

/** Both ends of every call in order of time; intervals are closed, so at one instant calls come first. */
function edgesOf(calls: readonly Call[]): Edge {
	const edges = calls.flatMap((call, index): Edge[] => {
		const answer: Edge = { call, index, isCall: false, answer: null, previous: null, next: null };
		return [{ call, index, isCall: true, answer, previous: null, next: null }, answer];
	});
	const atUs = (edge: Edge): number => (edge.isCall ? edge.call.calledUs : edge.call.answeredUs);
	edges.sort((a, b) => {
		const [x, y] = [atUs(a), atUs(b)];
		if (x !== y) return x < y ? -1 : 1;
		return a.isCall === b.isCall ? a.index - b.index : a.isCall ? -1 : 1;
	});
	const head: Edge = { call: calls[0] as Call, index: -1, isCall: true, answer: null, previous: null, next: null };
	let last = head;
	for (const edge of edges) {
		edge.previous = last;
		last.next = edge;
		last = edge;
	}
	return head;
}

function unlink(edge: Edge): void {
	if (edge.previous !== null) edge.previous.next = edge.next;
	if (edge.next !== null) edge.next.previous = edge.previous;
}

function relink(edge: Edge): void {
	if (edge.previous !== null) edge.previous.next = edge;
	if (edge.next !== null) edge.next.previous = edge;
}

/**
 * Which calls have their place, as a text. All but a few of the answered ones before a point have, so
 * only what lies between the first that has not and the last that has needs to be told.
 */
function placedText(placed: Uint32Array, answeredWords: number): string {
	let low = 0;
	while (low < answeredWords && placed[low] === 0xffff_ffff) low++;
	let high = answeredWords;
	while (high > low && placed[high - 1] === 0) high--;
	return `${low}:${placed.subarray(low, high).join()}:${placed.subarray(answeredWords).join()}`;
}

export function explain(calls: readonly Call[], stepsMax = stepsFor(calls.length)): Explanation {
	if (calls.length === 0) return { kind: "explained" };
	const answered = calls.filter(({ answeredUs }) => answeredUs < Number.POSITIVE_INFINITY);
	const unanswered = calls.filter(({ answeredUs }) => answeredUs === Number.POSITIVE_INFINITY);
	const head = edgesOf([...answered, ...unanswered]);
	const answeredWords = answered.length >>> 5;
	const placed = new Uint32Array((calls.length + 31) >>> 5);
	const tried = new Set<string>();
	const stack: { readonly edge: Edge; readonly state: string | null }[] = [];
	let state: string | null = null;
	let edge = head.next;
	let furthest = { depth: -1, stuck: "" };
	for (let steps = 0; head.next !== null; steps++) {
		if (steps > stepsMax) return { kind: "undecided" };
		if (edge === null || !edge.isCall) {
			if (stack.length > furthest.depth) furthest = { depth: stack.length, stuck: edge?.call.label ?? "" };
			const back = stack.pop();
			if (back === undefined) return { kind: "impossible", stuck: furthest.stuck };
			state = back.state;
			placed[back.edge.index >>> 5] = (placed[back.edge.index >>> 5] as number) & ~(1 << (back.edge.index & 31));
			relink(back.edge.answer as Edge);
			relink(back.edge);
			edge = back.edge.next;
			continue;
		}
		const after = step(state, edge.call.operation);
		if (after !== undefined) {
			const word = edge.index >>> 5;
			const before = placed[word] as number;
			placed[word] = before | (1 << (edge.index & 31));
			const key = `${after} ${placedText(placed, answeredWords)}`;
			if (!tried.has(key)) {
				tried.add(key);
				stack.push({ edge, state });
				state = after;
				unlink(edge);
				unlink(edge.answer as Edge);
				edge = head.next;
				continue;
			}
			placed[word] = before;
		}
		edge = edge.next;
	}
	return { kind: "explained" };
}
