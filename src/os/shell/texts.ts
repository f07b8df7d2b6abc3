/** How times look to a user. Pure. */

/** `00:01:05` */
export function clockText(us: number): string {
	const seconds = Math.floor(us / 1_000_000);
	const two = (value: number): string => String(Math.floor(value) % 100).padStart(2, "0");
	const sign = us < 0 ? "-" : "";
	const whole = Math.abs(seconds);
	return `${sign}${two(whole / 3_600)}:${two((whole / 60) % 60)}:${two(whole % 60)}`;
}
