/** The wire between the double of Electron, in the application's process, and the test that pulls its strings. */
import type { FromApp } from "./messages.ts";

/** For everything that Electron would keep for the application. */
export const folder = process.env.QUORATE_DOUBLE_FOLDER ?? "";

export function tell(message: FromApp): void {
	process.send?.(message);
}

let asks = 0;
const waiting = new Map<number, (value: unknown) => void>();

/** Asks the other end, and waits for its answer. */
export function ask<Reply>(say: (ask: number) => FromApp): Promise<Reply> {
	const number = ++asks;
	return new Promise<Reply>((resolve) => {
		waiting.set(number, (value) => resolve(value as Reply));
		tell(say(number));
	});
}

export function onAnswer(number: number, value: unknown): void {
	waiting.get(number)?.(value);
	waiting.delete(number);
}

/** An event that can be prevented. */
export function preventable(): { readonly event: { preventDefault(): void }; isPrevented(): boolean } {
	let prevented = false;
	return {
		event: {
			preventDefault: () => {
				prevented = true;
			},
		},
		isPrevented: () => prevented,
	};
}

/** How far the application has come: some of Electron must be used before it is ready, most of it after. */
export const life = { isReady: false, isSandboxed: false };

export function afterReady(what: string): void {
	if (!life.isReady) throw new Error(`${what} before the application was ready`);
}

export function beforeReady(what: string): void {
	if (life.isReady) throw new Error(`${what} after the application was ready`);
}
