/**
 * The part of a machine's line that repairs may use: what is to go through waits for what came before it. Pure.
 */
export class Lane {
	/** What one piece takes. */
	readonly pieceUs: number;
	#busyUntilUs = 0;

	constructor({ megabytesPerSecond, pieceGigabytes }: { readonly megabytesPerSecond: number; readonly pieceGigabytes: number }) {
		this.pieceUs = Math.ceil((pieceGigabytes * 1_000 * 1_000_000) / megabytesPerSecond);
	}

	/** @returns how long it takes from now until a piece is through */
	take(nowUs: number): number {
		return this.turn(nowUs) + this.pieceUs;
	}

	/** @returns how long it takes from now until a piece may begin */
	turn(nowUs: number): number {
		const beginsUs = Math.max(this.#busyUntilUs, nowUs);
		this.#busyUntilUs = beginsUs + this.pieceUs;
		return beginsUs - nowUs;
	}
}
