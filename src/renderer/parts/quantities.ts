/** Finds numbers with their units in what people read. Pure. */

const units = ["µs", "ms", "s", "min", "h", "d", "%", "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];
const quantity = new RegExp(`([-−+]?\\d[\\d.,]* ?(?:${units.join("|")}))(?![\\p{L}/])`, "u");

/** @returns parts in their order; every second one is a number with its unit */
export function quantitiesIn(text: string): readonly string[] {
	return text.split(quantity);
}
