/** How users write sizes, and read them. Pure. */

const units: { readonly [unit: string]: number } = { "": 1, B: 1, KB: 1_024, MB: 1_048_576 };

/** `24.0 KB`, without the locale's help. */
export function sizeText(bytes: number): string {
	if (bytes < 1_024) return `${bytes} B`;
	const unit = bytes < 1_048_576 ? 1_024 : 1_048_576;
	const tenths = Math.floor((bytes * 10) / unit);
	return `${Math.floor(tenths / 10)}.${tenths % 10} ${unit === 1_024 ? "KB" : "MB"}`;
}

/** @returns bytes, or undefined for what is no size */
export function parseSize(text: string): number | undefined {
	const match = /^(\d{1,12})(B|KB|MB)?$/i.exec(text);
	return match === null ? undefined : Number(match[1]) * (units[(match[2] ?? "").toUpperCase()] as number);
}

export const notASize = "a size is a number and B, KB or MB, such as 40KB";
