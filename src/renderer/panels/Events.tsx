/** The event list: virtual, searched by the grammar of the timeline, lit by the selected event. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { eventSchema } from "../../shared/event-schema.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import { completeSearch, isMistake, parseSearch } from "../../shared/search-query.ts";
import { useRun, useRunState } from "../parts/context.ts";
import { isPlaying, shownUs } from "../state/run-state.ts";
import { useStore } from "../state/store.ts";
import { strings } from "../strings.ts";
import { EventFeed, type EventRow, type FeedPlace, lastAtOrBefore, lastUpTo } from "./event-feed.ts";

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
	const isLast = useStore(feed.store, (state) => state.isLast);
	const total = useStore(feed.store, (state) => state.total);
	const selection = useRunState((state) => state.selection);
	const causality = useRunState((state) => state.causality);
	const atUs = useRunState((state) => Math.floor(shownUs(state)));
	const detail = useRunState((state) => state.run.detail);
	const box = useRef<HTMLDivElement>(null);
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => box.current,
		estimateSize: () => rowHeightPx,
		overscan: 12,
		getItemKey: (index) => rows[index]?.event.index ?? index,
	});
	const currentRow = lastAtOrBefore(rows, atUs);
	const selectedIndex = selection?.kind === "event" ? selection.index : -1;
	const leave = useFollowing({ feed, rows, box, selectedIndex, scrollToRow: (row, align) => virtual.scrollToIndex(row, { align }) });
	const selected = selectedIndex < 0 ? -1 : rows.findIndex(({ event }) => event.index === selectedIndex);
	const select = (row: number): void => {
		const target = rows[row];
		if (target === undefined) return;
		void run.select({ kind: "event", index: target.event.index });
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
				<span>
					{isLoading && rows.length === 0 ? says.loading : says.count({ listed: rows.length, total, isAll: isFirst && isLast, isSearch: !feed.isWhole })}
				</span>
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
				onWheel={leave}
				onTouchMove={leave}
				onPointerDown={(event) => event.target === box.current && leave()}
				onScroll={(event) => {
					const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
					if (scrollTop < 200 && !isFirst) void feed.earlier();
					if (scrollHeight - scrollTop - clientHeight < 60 && !isLast) void feed.later();
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

interface Following {
	readonly feed: EventFeed;
	readonly rows: readonly EventRow[];
	readonly box: { readonly current: HTMLDivElement | null };
	/** -1: no event is selected. */
	readonly selectedIndex: number;
	scrollToRow(row: number, align: "end" | "auto"): void;
}

/**
 * Has the list show what is looked at: the instant while it moves, the selected event when it was just selected. A list
 * that was scrolled by hand stays where it is while the run goes on, until the user moves the instant.
 * @returns what is to be called when the user scrolls
 */
function useFollowing({ feed, rows, box, selectedIndex, scrollToRow }: Following): () => void {
	const run = useRun();
	const playing = useRunState(isPlaying);
	const atUs = useRunState((state) => Math.floor(shownUs(state)));
	// What has come into the file since; not asked for while the run plays, for then it is followed anyway.
	const committed = useRunState((state) => (isPlaying(state) ? -1 : state.run.committedEvents));
	const goal = useRef<FeedPlace | null>(null);
	const known = useRef<readonly EventRow[]>([]);
	const scroll = useRef(scrollToRow);
	scroll.current = scrollToRow;

	const goToGoal = useCallback(() => {
		const place = goal.current;
		const { rows: now } = feed.store.get();
		if (place === null || now.length === 0) return;
		if ("index" in place) scroll.current(Math.max(0, lastUpTo(now, place.index)), "auto");
		else scroll.current(Math.max(0, lastAtOrBefore(now, place.atUs)), "end");
	}, [feed]);
	const goTo = useCallback(
		(place: FeedPlace) => {
			goal.current = place;
			goToGoal();
			void feed.show(place);
		},
		[feed, goToGoal],
	);
	useEffect(() => () => feed.end(), [feed]);

	// The instant was moved, by hand or by what a paused run was told to do; or it was told to play.
	const last = useRef({ atUs: Number.NaN, playing: false });
	useEffect(() => {
		const isByHand = !playing || !last.current.playing || !(atUs >= last.current.atUs);
		last.current = { atUs, playing };
		if (isByHand) goTo({ atUs });
	}, [atUs, playing, goTo]);

	useEffect(() => {
		if (!playing) return;
		const timer = setInterval(() => {
			if (goal.current !== null) goTo({ atUs: Math.floor(shownUs(run.state)) });
		}, followEveryMs);
		return () => clearInterval(timer);
	}, [playing, run, goTo]);

	useEffect(() => {
		if (selectedIndex >= 0) goTo({ index: selectedIndex });
	}, [selectedIndex, goTo]);

	// What comes into the file of a run that stands.
	useEffect(() => {
		if (committed < 0) return;
		const look = (): void => void (goal.current === null ? feed.later() : feed.show(goal.current));
		if (committed > 0) look();
		// A page may have been under way just then.
		const timer = setTimeout(look, commitDelayMs);
		return () => clearTimeout(timer);
	}, [committed, feed]);

	// Other rows: the goal is where it is now; without one, what was on top stays there.
	useLayoutEffect(() => {
		const before = known.current;
		known.current = rows;
		if (goal.current !== null) {
			goToGoal();
			return;
		}
		const holder = box.current;
		if (holder === null) return;
		const top = Math.floor(holder.scrollTop / rowHeightPx);
		const event = before[top]?.event.index;
		if (event === undefined) return;
		const now = lastUpTo(rows, event);
		if (now >= 0 && now !== top) holder.scrollTop += (now - top) * rowHeightPx;
	}, [rows, box, goToGoal]);

	return useCallback(() => {
		goal.current = null;
	}, []);
}
