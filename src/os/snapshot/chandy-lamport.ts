/**
 * A picture of the whole while it moves: each member records its own state, and then what arrives on each
 * channel until that channel's marker comes. On channels that keep their order, the pictures fit together.
 * Pure: markers and messages in, markers and a finished part out.
 *
 * @source Chandy and Lamport, Distributed Snapshots: Determining Global States of Distributed Systems
 * (TOCS 1985), section 3: marker-sending and marker-receiving rules
 */

/** One member's part of a snapshot. */
export interface SnapshotPart<State, Item> {
	readonly snapshot: number;
	readonly state: State;
	/** What was under way to this member, in order of arrival. */
	readonly inChannels: readonly Item[];
}

export interface SnapshotPort<State, Item> {
	/** The member's state at this moment. */
	state(): State;
	/** Sends a marker on every channel out, before any later message. */
	sendMarkers(snapshot: number): void;
	finished(part: SnapshotPart<State, Item>): void;
}

interface Recording<State, Item> {
	readonly snapshot: number;
	readonly state: State;
	readonly inChannels: Item[];
	/** Members whose marker has not come. */
	readonly open: Set<number>;
}

export class ChandyLamport<State, Item> {
	readonly #others: readonly number[];
	readonly #port: SnapshotPort<State, Item>;
	#recording: Recording<State, Item> | null = null;
	/** The latest snapshot taken part in; they are taken one after the other. */
	#latest = 0;

	constructor(others: readonly number[], port: SnapshotPort<State, Item>) {
		this.#others = others;
		this.#port = port;
	}

	get isRecording(): boolean {
		return this.#recording !== null;
	}

	/** Begins a snapshot; numbers rise. Ignored while one is under way. */
	begin(snapshot: number): void {
		if (this.#recording !== null || snapshot <= this.#latest) return;
		this.#record(snapshot);
		this.#finishIfClosed();
	}

	/** A marker has come: the channel from `from` is closed, and the first of them starts the recording. */
	marker(from: number, snapshot: number): void {
		if (snapshot > this.#latest && this.#recording === null) this.#record(snapshot);
		if (this.#recording?.snapshot !== snapshot) return;
		this.#recording.open.delete(from);
		this.#finishIfClosed();
	}

	/** A message of the program has come on the channel from `from`. Call before it changes the state. */
	message(from: number, item: Item): void {
		if (this.#recording?.open.has(from)) this.#recording.inChannels.push(item);
	}

	#record(snapshot: number): void {
		this.#latest = snapshot;
		this.#recording = { snapshot, state: this.#port.state(), inChannels: [], open: new Set(this.#others) };
		this.#port.sendMarkers(snapshot);
	}

	#finishIfClosed(): void {
		const done = this.#recording;
		if (done === null || done.open.size > 0) return;
		this.#recording = null;
		this.#port.finished({ snapshot: done.snapshot, state: done.state, inChannels: done.inChannels });
	}
}

/** A marker on each channel, where every member has one to every other. */
export function markersPerSnapshot(members: number): number {
	return members * (members - 1);
}
