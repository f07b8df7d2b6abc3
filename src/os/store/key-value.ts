/**
 * The state that is replicated: keys in order, values with versions, transactions. A function of the
 * commands applied to it and of nothing else. Pure.
 */
import { encode, type PlainValue } from "../../shared/codec.ts";
import type { StateMachine } from "../raft/sessions.ts";
import type { Condition, Operation, OperationResult, ReadOperation, Transaction, TransactionResult, Versioned } from "./contract.ts";

interface Held {
	readonly value: PlainValue;
	readonly version: number;
	readonly bytes: number;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export class KeyValue implements StateMachine {
	readonly #capacityBytes: number;
	#held = new Map<string, Held>();
	/** Sorted by code unit. */
	#keys: string[] = [];
	#version = 0;
	#bytes = 0;

	constructor(capacityBytes: number) {
		this.#capacityBytes = capacityBytes;
	}

	get size(): number {
		return this.#keys.length;
	}

	get bytes(): number {
		return this.#bytes;
	}

	get version(): number {
		return this.#version;
	}

	apply(command: PlainValue): PlainValue {
		return this.transact(command as Transaction);
	}

	transact({ when, run, otherwise }: Transaction): TransactionResult {
		const held = when.every((condition) => this.#holds(condition));
		const operations = held ? run : otherwise;
		const isChange = operations.some((operation) => operation.do === "put" || operation.do === "delete");
		if (isChange && this.#growth(operations) + this.#bytes > this.#capacityBytes) return { kind: "full" };
		if (isChange) this.#version++;
		return { kind: "ran", held, version: this.#version, results: operations.map((operation) => this.#run(operation)) };
	}

	read(operation: ReadOperation): OperationResult {
		if (operation.do === "get") return this.#found(operation.key);
		const found: Versioned[] = [];
		for (let at = this.#placeOf(operation.from); at < this.#keys.length && found.length < operation.limit; at++) {
			const key = this.#keys[at] as string;
			if (key >= operation.to) break;
			found.push(...this.#found(key));
		}
		return found;
	}

	save(): PlainValue {
		return { version: this.#version, entries: this.#keys.map((key) => [key, this.#held.get(key)?.value ?? null, this.#held.get(key)?.version ?? 0]) };
	}

	restore(data: PlainValue): void {
		const { version, entries } = data as { version: number; entries: readonly [string, PlainValue, number][] };
		this.#version = version;
		this.#held = new Map();
		this.#keys = [];
		this.#bytes = 0;
		for (const [key, value, keyVersion] of entries) {
			const bytes = key.length + encode(value).length;
			this.#keys.push(key);
			this.#held.set(key, { value, version: keyVersion, bytes });
			this.#bytes += bytes;
		}
	}

	#run(operation: Operation): OperationResult {
		if (operation.do === "get" || operation.do === "range") return this.read(operation);
		const before = this.#found(operation.key);
		if (operation.do === "put") this.#put(operation.key, operation.value);
		else this.#remove(operation.key);
		return before;
	}

	#found(key: string): OperationResult {
		const held = this.#held.get(key);
		return held === undefined ? [] : [{ key, value: held.value, version: held.version }];
	}

	#holds(condition: Condition): boolean {
		const held = this.#held.get(condition.key);
		switch (condition.is) {
			case "absent":
				return held === undefined;
			case "version":
				return held?.version === condition.version;
			case "value":
				return held !== undefined && sameBytes(encode(held.value), encode(condition.value));
		}
	}

	/** Bytes that these operations would add; a bound when a key comes twice. */
	#growth(operations: readonly Operation[]): number {
		let bytes = 0;
		for (const operation of operations) {
			if (operation.do === "put") bytes += operation.key.length + encode(operation.value).length - (this.#held.get(operation.key)?.bytes ?? 0);
			else if (operation.do === "delete") bytes -= this.#held.get(operation.key)?.bytes ?? 0;
		}
		return bytes;
	}

	#put(key: string, value: PlainValue): void {
		const known = this.#held.get(key);
		const bytes = key.length + encode(value).length;
		if (known === undefined) this.#keys.splice(this.#placeOf(key), 0, key);
		this.#bytes += bytes - (known?.bytes ?? 0);
		this.#held.set(key, { value, version: this.#version, bytes });
	}

	#remove(key: string): void {
		const known = this.#held.get(key);
		if (known === undefined) return;
		this.#bytes -= known.bytes;
		this.#held.delete(key);
		this.#keys.splice(this.#placeOf(key), 1);
	}

	/** Where a key is, or would be. */
	#placeOf(key: string): number {
		let low = 0;
		let high = this.#keys.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#keys[middle] as string) < key) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
