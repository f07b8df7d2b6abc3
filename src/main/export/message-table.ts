/** How many messages of each kind were sent, arrived and were lost. */

import type { Names } from "../../shared/projection/named-fields.ts";
import type { IndexedEvent } from "./source.ts";

export interface MessageRow {
	readonly name: string;
	readonly sent: number;
	readonly delivered: number;
	readonly lost: number;
}

type Column = "sent" | "delivered" | "lost";
const columns: { readonly [kind: string]: Column } = { messageSent: "sent", messageDelivered: "delivered", messageDropped: "lost" };

export class MessageTable {
	readonly #names: Names;
	readonly #rows = new Map<number, { [column in Column]: number }>();
	readonly #reasons = new Map<string, number>();

	constructor(names: Names) {
		this.#names = names;
	}

	take({ kind, fields }: IndexedEvent): void {
		const column = columns[kind];
		if (column === undefined) return;
		const name = Number(fields.name);
		const row = this.#rows.get(name) ?? { sent: 0, delivered: 0, lost: 0 };
		row[column]++;
		this.#rows.set(name, row);
		if (column === "lost") this.#reasons.set(String(fields.reason), (this.#reasons.get(String(fields.reason)) ?? 0) + 1);
	}

	/** The most frequent first. */
	get rows(): readonly MessageRow[] {
		const rows = [...this.#rows].map(([name, row]) => ({ name: String(this.#names.field("name", name) ?? ""), ...row }));
		return rows.sort((a, b) => b.sent - a.sent || (a.name < b.name ? -1 : 1));
	}

	get reasons(): readonly { readonly reason: string; readonly count: number }[] {
		return [...this.#reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
	}
}
