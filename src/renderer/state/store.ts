/**
 * A box that holds one immutable state and tells who looks at it. React reads it through
 * `useSyncExternalStore`; drawing loops read it directly. Knows nothing of what it holds.
 */
import { useCallback, useRef, useSyncExternalStore } from "react";

export class Store<State extends object> {
	#state: State;
	readonly #listeners = new Set<() => void>();

	constructor(initial: State) {
		this.#state = initial;
	}

	get(): State {
		return this.#state;
	}

	/** Replaces some of the fields; tells only when one of them is another value. */
	set(changes: Partial<State>): void {
		const keys = Object.keys(changes) as (keyof State)[];
		if (keys.every((key) => Object.is(this.#state[key], changes[key]))) return;
		this.#state = { ...this.#state, ...changes };
		for (const listener of [...this.#listeners]) listener();
	}

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};
}

/** Renders again when what is selected is another value; selectors return parts of the state, or primitives. */
export function useStore<State extends object, Part>(store: Store<State>, select: (state: State) => Part): Part {
	const selector = useRef(select);
	selector.current = select;
	const read = useCallback(() => selector.current(store.get()), [store]);
	return useSyncExternalStore(store.subscribe, read, read);
}
