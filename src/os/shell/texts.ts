/** How sizes, times and contents look to a user. Pure. */

/** `24.0 KB`, without the locale's help. */
export function sizeText(bytes: number): string {
	if (bytes < 1_024) return `${bytes} B`;
	const unit = bytes < 1_048_576 ? 1_024 : 1_048_576;
	const tenths = Math.floor((bytes * 10) / unit);
	return `${Math.floor(tenths / 10)}.${tenths % 10} ${unit === 1_024 ? "KB" : "MB"}`;
}

export function clockText(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	const two = (value: number): string => String(Math.floor(value) % 100).padStart(2, "0");
	const sign = us < 0 ? "-" : "";
	const whole = Math.abs(seconds);
	return `${sign}${two(whole / 3_600)}:${two((whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Stands for what a user has typed into the file: the same for a name and a number, and never twice alike. */
export function contentFor(name: string, number: number, bytes: number): Uint8Array {
	const content = new Uint8Array(bytes);
	let state = 2_166_136_261 + number;
	for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619);
	for (let at = 0; at < bytes; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		content[at] = state >>> 24;
	}
	return content;
}

const sizeUnits: { readonly [unit: string]: number } = { "": 1, B: 1, KB: 1_024, MB: 1_048_576 };

/** @returns bytes, or undefined for what is no size */
export function parseSize(text: string): number | undefined {
	const match = /^(\d{1,12})(B|KB|MB)?$/i.exec(text);
	return match === null ? undefined : Number(match[1]) * (sizeUnits[(match[2] ?? "").toUpperCase()] as number);
}
