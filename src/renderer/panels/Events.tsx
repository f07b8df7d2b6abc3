/** The event list: virtual, searched by the grammar of the timeline, lit by the selected event. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import { eventSchema } from "../../shared/event-schema.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { completeSearch, isMistake, parseSearch } from "../../shared/search-query.ts";
import { useRun, useRunState } from "../parts/context.ts";
import { isPlaying, shownUs } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { EventFeed, type EventRow } from "./event-feed.ts";

const says = strings.events;
const rowHeightPx = 27;
const searchDelayMs = 200;
const followEveryMs = 400;
const commitDelayMs = 1_000;

export function Events(): ReactElement {
	const run = useRun();
	const search = useRunState((state) => state.search);
	const [delayed, setDelayed] = useState(search);
	useEffect(() => {
		const timer = setTimeout(() => setDelayed(search), searchDelayMs);
		return () => clearTimeout(timer);
	}, [search]);
	const query = useMemo(() => parseSearch(delayed, run.plan), [delayed, run]);
	const mistake = isMistake(query) ? query.said : "";
	const feed = useMemo(() => {
		const usable = isMistake(query) ? parseSearch("", run.plan) : query;
		return isMistake(usable) ? null : new EventFeed(run, usable);
	}, [query, run]);
	const options = completeSearch(search, run.plan);
	return (
		<div className="events panel">
			<search className="search">
				<input
					id="event-search"
					className="input mono"
					type="search"
					list="event-search-options"
					aria-label={says.search}
					placeholder={says.placeholder}
					spellCheck={false}
					value={search}
					onChange={(event) => run.setSearch(event.target.value)}
				/>
				<datalist id="event-search-options">
					{options.map((option) => (
						<option key={option} value={option} />
					))}
				</datalist>
				{mistake !== "" && (
					<span className="search-said" role="status">
						{mistake}
					</span>
				)}
			</search>
			{feed !== null && <Rows key={delayed} feed={feed} />}
		</div>
	);
}

function classOf({ event }: EventRow, { shownAtUs, past, future }: { readonly shownAtUs: number; readonly past: boolean; readonly future: boolean }): string {
	const isFault = eventSchema[event.kind].class === "control" && event.kind !== "commandApplied";
	const parts = ["event-row"];
	if (isFault) parts.push("fault");
	if (event.kind === "messageDropped") parts.push("lost");
	if (past) parts.push("past");
	if (future) parts.push("future");
	if (event.atUs > shownAtUs) parts.push("later");
	return parts.join(" ");
}

function Rows({ feed }: { readonly feed: EventFeed }): ReactElement {
	const run = useRun();
	const rows = useStore(feed.store, (state) => state.rows);
	const isLoading = useStore(feed.store, (state) => state.isLoading);
	const isFirst = useStore(feed.store, (state) => state.isFirst);
	const selection = useRunState((state) => state.selection);
	const causality = useRunState((state) => state.causality);
	const playing = useRunState(isPlaying);
	const atUs = useRunState((state) => Math.floor(shownUs(state)));
	const detail = useRunState((state) => state.run.detail);
	// What has come into the file since; not asked for while the run plays, for then it is followed anyway.
	const committed = useRunState((state) => (isPlaying(state) ? -1 : state.run.committedEvents));
	const box = useRef<HTMLDivElement>(null);
	const follows = useRef(true);
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => box.current,
		estimateSize: () => rowHeightPx,
		overscan: 12,
		getItemKey: (index) => rows[index]?.event.index ?? index,
	});

	useEffect(() => {
		void feed.begin(shownUs(run.state)).then(() => virtual.scrollToIndex(feed.store.get().rows.length - 1));
		return () => feed.end();
	}, [feed, run, virtual]);

	useEffect(() => {
		if (playing) {
			const timer = setInterval(() => void feed.later(), followEveryMs);
			return () => clearInterval(timer);
		}
		if (committed > 0) void feed.later();
		// A page may have been under way just then.
		const timer = setTimeout(() => void feed.later(), commitDelayMs);
		return () => clearTimeout(timer);
	}, [playing, feed, committed]);

	// Follows what is shown while it moves; a list that was scrolled by hand stays where it is.
	const currentRow = lastAtOrBefore(rows, atUs);
	useEffect(() => {
		if (follows.current && currentRow >= 0) virtual.scrollToIndex(currentRow, { align: "end" });
	}, [currentRow, virtual]);

	const selected = selection?.kind === "event" ? rows.findIndex(({ event }) => event.index === selection.index) : -1;
	const select = (row: number): void => {
		const target = rows[row];
		if (target === undefined) return;
		follows.current = false;
		void run.select({ kind: "event", index: target.event.index });
		virtual.scrollToIndex(row);
	};
	const onKeyDown = (event: KeyboardEvent): void => {
		const moves: { readonly [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 };
		const step = moves[event.key];
		if (step !== undefined) select(Math.min(rows.length - 1, Math.max(0, (selected < 0 ? currentRow : selected) + step)));
		else if (event.key === "Enter" && selection !== null) run.inspect(selection);
		else return;
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<>
			<div className="events-bar">
				<span>{isLoading ? says.loading : says.count(rows.length)}</span>
				{detail !== "full" && <span>{says.notShown(detail)}</span>}
			</div>
			<div
				ref={box}
				className="scroll listbox"
				role="listbox"
				tabIndex={0}
				aria-label={says.label}
				aria-activedescendant={selected < 0 ? undefined : `event-${rows[selected]?.event.index}`}
				onKeyDown={onKeyDown}
				onWheel={() => {
					follows.current = false;
				}}
				onScroll={(event) => {
					const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
					if (scrollTop < 200 && !isFirst) void feed.earlier();
					if (scrollHeight - scrollTop - clientHeight < 60) {
						follows.current = true;
						void feed.later();
					}
				}}
			>
				{rows.length === 0 && !isLoading && <p className="empty">{says.empty}</p>}
				<div style={{ blockSize: virtual.getTotalSize(), position: "relative" }}>
					{virtual.getVirtualItems().map(({ index, start }) => {
						const row = rows[index];
						if (row === undefined) return null;
						const { event, text } = row;
						const lit = { past: causality?.past.has(event.index) ?? false, future: causality?.future.has(event.index) ?? false };
						return (
							// biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list
							<div
								key={event.index}
								id={`event-${event.index}`}
								role="option"
								tabIndex={-1}
								aria-selected={index === selected}
								className={classOf(row, { shownAtUs: atUs, ...lit })}
								style={{ transform: `translateY(${start}px)`, blockSize: rowHeightPx }}
								onClick={() => select(index)}
								onDoubleClick={() => run.inspect({ kind: "event", index: event.index })}
							>
								<time>{formatInstant(event.atUs)}</time>
								<span title={text}>{text}</span>
							</div>
						);
					})}
				</div>
			</div>
		</>
	);
}

function lastAtOrBefore(rows: readonly EventRow[], atUs: number): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((rows[middle] as EventRow).event.atUs <= atUs) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}
