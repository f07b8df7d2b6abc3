/**
 * The speed slider: logarithmic from 0.01x to 100x, and "as fast as it can" at its right end. Pure.
 */

/** Virtual seconds a wall second, or as fast as it can. */
export type Speed = number | "max";

const speedMin = 0.01;
const speedMax = 100;

/** Slider positions are whole numbers, as a range input wants them; the last one is "max". */
export const positionMax = 100;
const numericMax = 96;
const decades = Math.log10(speedMax / speedMin);

export function speedAt(position: number): Speed {
	if (position > numericMax) return "max";
	return rounded(speedMin * 10 ** ((Math.max(0, position) / numericMax) * decades));
}

export function positionOf(speed: Speed): number {
	if (speed === "max") return positionMax;
	const bounded = Math.min(Math.max(speed, speedMin), speedMax);
	return Math.round((Math.log10(bounded / speedMin) / decades) * numericMax);
}

/** Two significant digits: nobody means 0.9772x. */
function rounded(speed: number): number {
	return Number(speed.toPrecision(2));
}

const stops: readonly Speed[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, "max"];

/** The next stop in a direction, for keys. */
export function nextSpeed(speed: Speed, direction: 1 | -1): Speed {
	const value = speed === "max" ? Number.POSITIVE_INFINITY : speed;
	const ordered = direction === 1 ? stops : [...stops].reverse();
	const found = ordered.find((stop) => {
		const other = stop === "max" ? Number.POSITIVE_INFINITY : stop;
		return direction === 1 ? other > value * 1.001 : other < value * 0.999;
	});
	return found ?? speed;
}

export function speedText(speed: Speed): string {
	return speed === "max" ? "max" : `${speed}×`;
}
