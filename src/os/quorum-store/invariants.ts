/** What a quorum store promises, and what it does not, judged by what nodes keep and clients were told. Pure folds. */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount } from "../../shared/units.ts";
import {
	type AddedFact,
	type AskedFact,
	addedFact,
	askedFact,
	type DroppedFact,
	droppedFact,
	type HintFact,
	type HoldsFact,
	hintFact,
	holdsFact,
	loadedFact,
	type SawFact,
	sawFact,
} from "./contract.ts";
import { nameOf } from "./versions.ts";

class ReadsSeeWrites implements InvariantFold {
	readonly #added = new Map<string, string[]>();
	/** How many of a key's items had been acknowledged when a read began. */
	readonly #asked = new Map<string, { readonly about: string; readonly count: number }>();

	onFact({ node, name, value }: Fact): string | null {
		if (name === addedFact) {
			const { key, to } = value as AddedFact;
			this.#added.set(to, [...(this.#added.get(to) ?? []), key]);
			return null;
		}
		const place = `${node} ${(value as AskedFact | SawFact).id}`;
		if (name === askedFact) {
			const { about } = value as AskedFact;
			this.#asked.set(place, { about, count: this.#added.get(about)?.length ?? 0 });
			return null;
		}
		const question = this.#asked.get(place);
		this.#asked.delete(place);
		if (question === undefined) return null;
		const seen = new Set((value as SawFact).items);
		const missing = this.#added
			.get(question.about)
			?.slice(0, question.count)
			.find((item) => !seen.has(item));
		return missing === undefined ? null : `${node} reads ${question.about} and does not see ${missing}, which was acknowledged before it asked`;
	}
}

class NothingLost implements InvariantFold {
	readonly #added: AddedFact[] = [];
	/** Items by node and what it keeps. */
	readonly #kept = new Map<string, { readonly of: string; readonly items: readonly string[] }>();
	readonly #dropped = new Map<string, DroppedFact>();

	onFact({ node, name, value }: Fact): null {
		if (name === addedFact) this.#added.push(value as AddedFact);
		else if (name === loadedFact) {
			for (const place of [...this.#kept.keys()]) if (place.startsWith(`${node} `)) this.#kept.delete(place);
		} else if (name === droppedFact)
			for (const item of (value as DroppedFact).items) this.#dropped.set(`${(value as DroppedFact).of} ${item}`, value as DroppedFact);
		else if (name === holdsFact) {
			const { key, versions } = value as unknown as HoldsFact;
			this.#kept.set(`${node} ${key}`, { of: key, items: versions.flatMap(({ items }) => items) });
		} else {
			const { key, of, items } = value as Partial<HintFact> & { readonly key: string };
			if (of === undefined || items === undefined) this.#kept.delete(`${node} for ${key}`);
			else this.#kept.set(`${node} for ${key}`, { of, items });
		}
		return null;
	}

	end(): string | null {
		const there = new Set([...this.#kept.values()].flatMap(({ of, items }) => items.map((item) => `${of} ${item}`)));
		const lost = this.#added.filter(({ key, to }) => !there.has(`${to} ${key}`));
		const [first] = lost;
		if (first === undefined) return null;
		const why = this.#dropped.get(`${first.to} ${first.key}`);
		const because = why === undefined ? "" : `: a write of ${why.winner}, who had not seen it, has the later time`;
		return `${lost.length} of ${formatCount(this.#added.length, "acknowledged item")} ${lost.length === 1 ? "is" : "are"} in no copy, first ${first.key} of ${first.to}${because}`;
	}
}

class Converges implements InvariantFold {
	readonly #kept = new Map<string, Map<string, string>>();

	onFact({ node, value }: Fact): null {
		const { key, versions } = value as unknown as HoldsFact;
		const byNode = this.#kept.get(key) ?? new Map<string, string>();
		this.#kept.set(key, byNode.set(node, versions.map(nameOf).join("; ")));
		return null;
	}

	end(): string | null {
		for (const [key, byNode] of this.#kept) {
			const [[firstNode, first] = ["", ""], ...others] = [...byNode];
			const other = others.find(([, kept]) => kept !== first);
			if (other !== undefined) return `in the end ${firstNode} and ${other[0]} keep different versions of ${key}`;
		}
		return null;
	}
}

export const quorumInvariants: readonly Invariant[] = [
	{
		name: "quorum.readsSeeWrites",
		shows: "A read sees every write that was acknowledged before it began (Gifford 1979, R + W > N).",
		facts: [addedFact, askedFact, sawFact],
		start: () => new ReadsSeeWrites(),
	},
	{
		name: "quorum.nothingLost",
		shows: "In the end every item whose addition was acknowledged is in some copy.",
		facts: [addedFact, holdsFact, hintFact, loadedFact, droppedFact],
		start: () => new NothingLost(),
	},
	{
		name: "quorum.converges",
		shows: "In the end all nodes that keep a key keep the same versions of it.",
		facts: [holdsFact],
		start: () => new Converges(),
	},
];
