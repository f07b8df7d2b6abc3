/**
 * Which run this window was looking at, for a page that is loaded again: it comes back to it. Kept by the
 * browser for as long as the window is open; where it keeps nothing, the window begins with the first screen.
 */
const storageKey = "quorate.lookingAt";

export interface LeftOff {
	readonly session: string;
	readonly branch: number;
}

export function keepLeftOff(at: LeftOff | null): void {
	try {
		if (at === null) sessionStorage.removeItem(storageKey);
		else sessionStorage.setItem(storageKey, JSON.stringify([at.session, at.branch]));
	} catch {
		// Not remembered, then.
	}
}

export function leftOff(): LeftOff | null {
	try {
		const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
		if (!Array.isArray(kept)) return null;
		const [session, branch] = kept as readonly unknown[];
		return typeof session === "string" && typeof branch === "number" && Number.isSafeInteger(branch) && branch >= 0 ? { session, branch } : null;
	} catch {
		return null;
	}
}
