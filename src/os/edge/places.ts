/**
 * Where regions are, and how far apart: what a name service decides by, and where a lab's latencies come from.
 *
 * Angles are kept as directions from the centre of the earth, worked out once and written down, because sines are not
 * the same on every machine and a run has to be. Pure.
 */

export interface Place {
	/** The region's name in labs. */
	readonly name: string;
	readonly city: string;
	/** Degrees, north and east positive. */
	readonly latitude: number;
	readonly longitude: number;
	/** Unit vector: x to (0, 0), y to (0, 90 east), z to the north pole. */
	readonly direction: readonly [x: number, y: number, z: number];
}

export const places: readonly Place[] = [
	{ name: "chicago", city: "Chicago", latitude: 41.88, longitude: -87.63, direction: [0.030788788, -0.743907749, 0.667572701] },
	{ name: "ohio", city: "Columbus", latitude: 39.96, longitude: -83.0, direction: [0.093411999, -0.760779684, 0.642252653] },
	{ name: "texas", city: "Dallas", latitude: 32.78, longitude: -96.8, direction: [-0.099548805, -0.834841355, 0.541414764] },
	{ name: "virginia", city: "Ashburn", latitude: 39.04, longitude: -77.49, direction: [0.168242383, -0.758266028, 0.629862788] },
	{ name: "new-york", city: "New York", latitude: 40.71, longitude: -74.01, direction: [0.208811592, -0.728692539, 0.652230713] },
	{ name: "oregon", city: "Portland", latitude: 45.52, longitude: -122.68, direction: [-0.378319081, -0.589745249, 0.713495069] },
	{ name: "california", city: "San Jose", latitude: 37.34, longitude: -121.89, direction: [-0.420017206, -0.67504845, 0.606543598] },
	{ name: "sao-paulo", city: "Sao Paulo", latitude: -23.55, longitude: -46.63, direction: [0.629512361, -0.666389242, -0.399549203] },
	{ name: "ireland", city: "Dublin", latitude: 53.35, longitude: -6.26, direction: [0.593365965, -0.065088948, 0.802296865] },
	{ name: "london", city: "London", latitude: 51.51, longitude: -0.13, direction: [0.622376434, -0.00141213, 0.782716794] },
	{ name: "frankfurt", city: "Frankfurt", latitude: 50.11, longitude: 8.68, direction: [0.633970498, 0.096784651, 0.767277094] },
	{ name: "mumbai", city: "Mumbai", latitude: 19.08, longitude: 72.88, direction: [0.278201943, 0.90318763, 0.32688803] },
	{ name: "singapore", city: "Singapore", latitude: 1.35, longitude: 103.82, direction: [-0.238806129, 0.970781422, 0.023559765] },
	{ name: "tokyo", city: "Tokyo", latitude: 35.68, longitude: 139.69, direction: [-0.619413995, 0.525487157, 0.583257705] },
	{ name: "sydney", city: "Sydney", latitude: -33.87, longitude: 151.21, direction: [-0.727670925, 0.399875105, -0.557310439] },
];

const earthRadiusKm = 6_371;
/** Two thirds of the speed of light, as in glass: 199,861.6 km a second. */
const usPerKm = 5.003_463;

export function placeOf(region: string): Place | undefined {
	return places.find(({ name }) => name === region);
}

/** The shortest way over the ground. */
export function distanceKm(a: Place, b: Place): number {
	const [dx, dy, dz] = [0, 1, 2].map((axis) => (a.direction[axis] as number) - (b.direction[axis] as number)) as [number, number, number];
	const halfChord = Math.min(1, Math.sqrt(dx * dx + dy * dy + dz * dz) / 2);
	return 2 * earthRadiusKm * arcSine(halfChord);
}

/** The least time that light in a straight glass fibre takes, one way. */
export function propagationUs(km: number): number {
	return Math.ceil(km * usPerKm);
}

/**
 * For 0 <= sine <= 1, by exact arithmetic: the angle is halved until its tangent is small, and then a few terms of
 * the series say what it is. Good to twelve digits.
 */
function arcSine(sine: number): number {
	const cosine = Math.sqrt(1 - sine * sine);
	// tan(x/2) = sin x / (1 + cos x)
	let tangent = sine / (1 + cosine);
	let doublings = 2;
	for (let halved = 0; halved < 4; halved++) {
		tangent = tangent / (1 + Math.sqrt(1 + tangent * tangent));
		doublings *= 2;
	}
	const square = tangent * tangent;
	return doublings * tangent * (1 - square * (1 / 3 - square * (1 / 5 - square * (1 / 7 - square / 9))));
}
