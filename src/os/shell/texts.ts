/** How sizes and times look to a user. Pure. */

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

const sizeUnits: { readonly [unit: string]: number } = { "": 1, B: 1, KB: 1_024, MB: 1_048_576 };

/** @returns bytes, or undefined for what is no size */
export function parseSize(text: string): number | undefined {
	const match = /^(\d{1,12})(B|KB|MB)?$/i.exec(text);
	return match === null ? undefined : Number(match[1]) * (sizeUnits[(match[2] ?? "").toUpperCase()] as number);
}
