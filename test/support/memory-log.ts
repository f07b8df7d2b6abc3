/** A run of a lab's own, held in memory and read like one that was recorded. */
import { readFileSync } from "node:fs";
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import type { OpenLog } from "../../src/main/lab-service/log/place.ts";
import type { EventQuery, Session, StoredEvent } from "../../src/main/store/reader.ts";
import { registry } from "../../src/os/registry.ts";
import { readUs, recordAtWord, recordLengthWord } from "../../src/shared/event-record.ts";
import { compileLab } from "../../src/shared/lab/compile.ts";

/** A log in memory, with a count of what was read of it. */
export class MemoryLog {
	readonly kernel: Kernel;
	readonly events: StoredEvent[] = [];
	read = 0;

	constructor(
		lab: string,
		{ variant, untilUs, story = [] }: { readonly variant?: string; readonly untilUs?: number; readonly story?: readonly string[] } = {},
	) {
		const fileName = `resources/labs/${lab}/lab.yaml`;
		const text = readFileSync(new URL(`../../${fileName}`, import.meta.url), "utf8");
		const overrides = { ...(variant === undefined ? {} : { variant }), ...(untilUs === undefined ? {} : { untilUs }), story };
		const { plan } = compileLab({ text, fileName, services: registry.values(), overrides });
		this.kernel = new Kernel({ plan, seed: 3, executor: new InlineExecutor(registry) });
		this.kernel.log.observe({
			onEvent: (words, start, index) =>
				void this.events.push({ index, words: words.slice(start, start + (words[start + recordLengthWord] as number)), start: 0 }),
		});
		this.kernel.advance({ untilUs: plan.untilUs });
	}

	get endUs(): number {
		return this.kernel.plan.untilUs;
	}

	/** As somebody sees it who has the first so many events, or those of them that are stored. */
	open(eventCount = this.events.length, isStored: (event: StoredEvent) => boolean = () => true): OpenLog {
		const events = this.events.filter((event) => event.index >= eventCount || isStored(event));
		const count = (event: StoredEvent): StoredEvent => {
			this.read++;
			return event;
		};
		const session = {
			plan: this.kernel.plan,
			header: { seed: this.kernel.seed },
			head: () => ({ untilUs: eventCount === 0 ? 0 : this.atUs(eventCount - 1) }),
			commands: () => this.kernel.plan.story.map((command) => ({ ...command, origin: "lab" })),
			*events({ fromIndex = 0, toIndex = Number.POSITIVE_INFINITY }: EventQuery) {
				for (const event of events) if (event.index >= fromIndex && event.index <= Math.min(toIndex, eventCount - 1)) yield count(event);
			},
		};
		return { session: session as unknown as Session, branch: 0, eventCount };
	}

	atUs(index: number): number {
		const event = this.events[index] as StoredEvent;
		return readUs(event.words, event.start + recordAtWord);
	}
}
