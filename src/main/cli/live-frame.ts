/**
 * The status table of a live run, as lines of text of a given width and number. Pure: what is drawn
 * depends on the status alone; how it gets onto the screen is live-view's affair.
 */
import { drawingWords } from "../../shared/drawing/words.ts";
import type { NodeView, ProjectionSnapshot } from "../../shared/projection/snapshot.ts";
import { formatFactorMilli } from "../../shared/quantities.ts";
import { formatDurationUs } from "../../shared/units.ts";
import type { RunStatus } from "../app/run-task.ts";
import { bar, grouped, pace, padded, percent, seconds } from "./format.ts";
import type { Style } from "./terminal.ts";

export type Paint = (text: string, ...styles: readonly Style[]) => string;

export interface FrameSize {
	readonly columns: number;
	readonly rows: number;
}

const nameWidthMax = 20;
const utilisationBarWidth = 10;
/** The check column of a line that is not about nodes. */
const labelWidth = 10;

/** Nodes in trouble first, then the busiest, when not all fit; always shown in plan order. */
function shownNodes(nodes: readonly NodeView[], count: number): readonly NodeView[] {
	if (nodes.length <= count) return nodes;
	const urgency = (node: NodeView): number => (node.status === "up" ? node.utilisationRatio : 2);
	const ranked = [...nodes.keys()].sort((a, b) => urgency(nodes[b] as NodeView) - urgency(nodes[a] as NodeView) || a - b);
	const chosen = new Set(ranked.slice(0, count));
	return nodes.filter((_, index) => chosen.has(index));
}

function stateText({ status, factorMilli }: NodeView): string {
	return status === "up" && factorMilli !== 1_000 ? `${drawingWords.nodeStates.slow} ${formatFactorMilli(factorMilli)}` : drawingWords.nodeStates[status];
}

function stateStyle({ status, factorMilli }: NodeView): Style {
	if (status === "down") return "red";
	return status === "up" && factorMilli === 1_000 ? "green" : "yellow";
}

function nodeLine(node: NodeView, nameWidth: number, columns: number, paint: Paint): string {
	const busy = node.utilisationRatio;
	const load = node.status === "down" ? " ".repeat(utilisationBarWidth + 6) : `${bar(busy, utilisationBarWidth)} ${percent(busy).padStart(5)}`;
	const head = ` ${padded(node.name, nameWidth)} `;
	const wait = node.cpuWaitUs === 0 ? "" : `${(node.cpuWaitUs / 1_000).toFixed(1)} ms`;
	const numbers = ` ${wait.padStart(9)} ${grouped(node.messagesInPerSecond).padStart(8)} ${grouped(node.messagesOutPerSecond).padStart(8)} ${String(node.incarnation).padStart(5)}  `;
	const room = columns - head.length - 11 - load.length - numbers.length;
	const trouble = room > 8 && node.lastErrorUs >= 0 ? padded(`${seconds(node.lastErrorUs)} ${node.lastError}`, room).trimEnd() : "";
	return head + paint(padded(stateText(node), 11), stateStyle(node)) + (busy > 0.8 ? paint(load, "yellow") : load) + numbers + paint(trouble, "dim");
}

function headerLine(nameWidth: number): string {
	const load = padded("busy (last 1 s)", utilisationBarWidth + 6);
	return ` ${padded("node", nameWidth)} ${padded("state", 11)}${load} ${"cpu queue".padStart(9)} ${"in/s".padStart(8)} ${"out/s".padStart(8)} ${"boots".padStart(5)}  last trouble`;
}

function progressLine({ virtualUs, untilUs, paceRatio, mode, speed }: RunStatus, columns: number, paint: Paint): string {
	const asked = speed === "max" ? "" : ` of ${speed}x`;
	const tail = mode === "paused" ? "  paused" : `  ${pace(paceRatio)}${asked}`;
	const head = ` ${seconds(virtualUs)} of ${formatDurationUs(untilUs)}  `;
	const ratio = untilUs > 0 ? virtualUs / untilUs : 1;
	const width = Math.max(5, Math.min(40, columns - head.length - tail.length - 8));
	return head + paint(bar(ratio, width), "cyan") + percent(ratio).padStart(6) + tail;
}

function messagesLine({ messages, events }: ProjectionSnapshot): string {
	const lost = Object.entries(messages.dropped);
	const total = lost.reduce((sum, [, count]) => sum + count, 0);
	const reasons = lost.map(([reason, count]) => `${reason} ${grouped(count)}`).join(", ");
	return ` ${padded("messages", labelWidth)}${grouped(messages.sent)} sent, ${grouped(messages.delivered)} delivered, ${grouped(total)} lost${total > 0 ? ` (${reasons})` : ""}; ${grouped(events)} events`;
}

function linksLine({ links, partition, nodes }: ProjectionSnapshot, paint: Paint): string | undefined {
	const broken = links.filter(({ forward, backward }) => forward !== "up" || backward !== "up");
	const parts = broken.slice(0, 4).map(({ name, forward, backward }) => `${name} ${forward === backward ? forward : `${forward}/${backward}`}`);
	if (broken.length > 4) parts.push(`${broken.length - 4} more`);
	if (partition !== null) parts.push(`partition ${partition.map((group) => `{${group.map((node) => nodes[node]?.name ?? "?").join(" ")}}`).join(" ")}`);
	return parts.length === 0 ? undefined : ` ${padded("network", labelWidth)}${paint(parts.join(", "), "red")}`;
}

function checkLines({ checks }: RunStatus, paint: Paint): string[] {
	return checks.map(({ id, ok, final, observed }, index) => {
		const mark = ok ? (final ? "ok  " : "ok… ") : "FAIL";
		const label = padded(index === 0 ? "checks" : "", labelWidth);
		return ` ${label}${paint(mark, ok ? "green" : "red")} ${id}: ${observed}`;
	});
}

/** Cuts a painted line to the screen: escape sequences take no room. */
export function cutLine(line: string, columns: number): string {
	let width = 0;
	let at = 0;
	while (at < line.length) {
		const sequence = line.charCodeAt(at) === 27 ? line.indexOf("m", at) : -1;
		if (sequence >= 0) at = sequence + 1;
		else if (width === columns) break;
		else {
			width++;
			at++;
		}
	}
	return at >= line.length ? line : `${line.slice(0, at)}\x1b[0m`;
}

/** The whole table, at most `rows` lines of at most `columns` characters. */
export function frameLines(title: string, status: RunStatus, { columns, rows }: FrameSize, paint: Paint): string[] {
	const { view } = status;
	const around = [progressLine(status, columns, paint)];
	const below = [messagesLine(view), linksLine(view, paint), ...checkLines(status, paint)].filter((line) => line !== undefined);
	const room = Math.max(1, rows - 5 - below.length);
	const nodes = shownNodes(view.nodes, room);
	const nameWidth = Math.max(4, Math.min(nameWidthMax, ...[Math.max(...nodes.map(({ name }) => name.length), 4)]));
	const hidden = view.nodes.length - nodes.length;
	const lines = [
		paint(title, "bold"),
		...around,
		paint(headerLine(nameWidth), "dim"),
		...nodes.map((node) => nodeLine(node, nameWidth, columns, paint)),
		...(hidden > 0 ? [paint(` … and ${hidden} more nodes`, "dim")] : []),
		...below,
	];
	return lines.slice(0, rows).map((line) => cutLine(line, columns));
}
