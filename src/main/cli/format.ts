/** Numbers and bars as people read them on a terminal: English, without locale, of known width. Pure. */
import { usPerSecond } from "../../shared/units.ts";

/** `12,345,678` */
export function grouped(value: number): string {
	return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Seconds with as many digits as help: `6.21s`, `0.004s`. */
export function seconds(us: number, digits = 2): string {
	return `${(us / usPerSecond).toFixed(digits)}s`;
}

/** Wall time: `840 ms`, `12.3 s`, `2 min 5 s`. */
export function wallTime(ms: number): string {
	if (ms < 1_000) return `${Math.round(ms)} ms`;
	if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
	return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** `31 %` */
export function percent(ratio: number): string {
	return `${Math.round(ratio * 100)} %`;
}

/** How many times real time: `0.98x`, `16.7x`, `1,240x`. */
export function pace(ratio: number): string {
	if (!Number.isFinite(ratio)) return "";
	return ratio >= 100 ? `${grouped(ratio)}x` : `${ratio.toFixed(ratio >= 10 ? 1 : 2)}x`;
}

/** A bar of `width` characters, readable without colour. */
export function bar(ratio: number, width: number): string {
	const full = Math.round(Math.max(0, Math.min(1, ratio)) * width);
	return "█".repeat(full) + "░".repeat(width - full);
}

/** Cuts to `width` characters, or fills up to it. Texts here have no wide characters. */
export function padded(text: string, width: number, align: "left" | "right" = "left"): string {
	if (text.length > width) return width <= 1 ? text.slice(0, width) : `${text.slice(0, width - 1)}…`;
	return align === "left" ? text.padEnd(width) : text.padStart(width);
}

/** `1 node`, `2 nodes` */
export function counted(count: number, one: string, many = `${one}s`): string {
	return `${grouped(count)} ${count === 1 ? one : many}`;
}
