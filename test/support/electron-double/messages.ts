/**
 * What the double of Electron and the test that pulls its strings say to each other: plain data, over
 * the channel between two processes.
 */

/** A page's frame, as the application is told of it. */
export interface FrameWords {
	readonly url: string;
	readonly isMain: boolean;
}

export interface WindowPreferences {
	readonly preload?: string;
	readonly [preference: string]: unknown;
}

/** From the application to the test. A number under `ask` wants an answer by that number. */
export type FromApp =
	| { readonly kind: "window"; readonly window: number; readonly preferences: WindowPreferences }
	| { readonly kind: "load"; readonly window: number; readonly url: string; readonly ask: number }
	| { readonly kind: "reload"; readonly window: number }
	| { readonly kind: "close"; readonly window: number }
	| { readonly kind: "focused"; readonly window: number }
	| { readonly kind: "send"; readonly window: number; readonly channel: string; readonly values: readonly unknown[] }
	| { readonly kind: "dialog"; readonly ask: number; readonly dialog: "open" | "save"; readonly options: unknown }
	| { readonly kind: "secondInstance"; readonly words: readonly string[]; readonly folder: string }
	| { readonly kind: "answer"; readonly ask: number; readonly value?: unknown; readonly error?: string };

/** Things that happen to a window. */
export type WindowEvent = "navigating" | "shown" | "minimized" | "gone" | "crashed";

/** What the test asks of the application's side. */
export interface Questions {
	/** A request under a scheme the application serves, exactly as it is written. */
	readonly request: { readonly asked: { readonly url: string; readonly method: string }; readonly reply: Served };
	/** Something is about to happen in a page. @returns whether the application has prevented it */
	readonly mayNot: { readonly asked: { readonly window: number; readonly event: string; readonly url: string }; readonly reply: boolean };
	/** @returns whether a window may be opened from a page */
	readonly mayOpen: { readonly asked: { readonly window: number; readonly url: string }; readonly reply: boolean };
	readonly permission: { readonly asked: { readonly window: number; readonly name: string; readonly url: string }; readonly reply: PermissionWords };
	/** Labels from the bar down. @returns whether there is such an item */
	readonly clickMenu: { readonly asked: { readonly labels: readonly string[] }; readonly reply: boolean };
	readonly state: { readonly asked: Record<string, never>; readonly reply: AppWords };
}

export interface Served {
	readonly status: number;
	readonly headers: { readonly [name: string]: string };
	readonly body: Uint8Array;
}

export interface PermissionWords {
	readonly requested: boolean;
	readonly checked: boolean;
	readonly device: boolean;
}

/** What was asked of Electron so far. */
export interface AppWords {
	readonly isSandboxed: boolean;
	readonly schemes: readonly unknown[];
	readonly recent: readonly string[];
	/** `File > Open…`, with the accelerator or role behind it where there is one. */
	readonly menu: readonly string[];
}

/** From the test to the application. */
export type ToApp =
	| { readonly kind: "ready" }
	| { readonly kind: "window"; readonly window: number; readonly event: WindowEvent; readonly url: string }
	| { readonly kind: "message"; readonly window: number; readonly channel: string; readonly values: readonly unknown[]; readonly frame: FrameWords | null }
	| { readonly kind: "secondInstance"; readonly words: readonly string[]; readonly folder: string }
	| { readonly kind: "openFile"; readonly path: string }
	| { readonly kind: "activate" }
	| { readonly kind: "quit" }
	| { readonly kind: "answer"; readonly ask: number; readonly value: unknown }
	| {
			[Name in keyof Questions]: { readonly kind: "ask"; readonly ask: number; readonly what: Name; readonly asked: Questions[Name]["asked"] };
	  }[keyof Questions];

/** Electron carries more than this; what the application sends is this, and anything else would be lost on the way. */
function demandPlain(value: unknown): void {
	const isPlain =
		value === null ||
		["string", "boolean", "number"].includes(typeof value) ||
		(typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value))) ||
		Array.isArray(value);
	if (!isPlain) throw new TypeError(`the double carries plain data and bytes, and this is ${Object.prototype.toString.call(value)}`);
}

/** Values as one line of text, bytes included: what crosses between a page's world and this side. */
export function encode(content: unknown): string {
	return JSON.stringify(content, (_, value: unknown) => {
		if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
		demandPlain(value);
		return value;
	});
}

export function decode(text: string): unknown {
	return JSON.parse(text, (_, value: unknown) => {
		if (typeof value !== "object" || value === null || !("$bytes" in value)) return value;
		return new Uint8Array(Buffer.from(String(value.$bytes), "base64"));
	});
}
