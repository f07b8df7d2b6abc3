/** The algorithm that a lab names. Pure. */
import type { MutexAlgorithm, MutexCore, MutexOptions } from "./algorithm.ts";
import { CentralMutex } from "./central.ts";
import { MaekawaMutex } from "./maekawa.ts";
import { RicartAgrawalaMutex } from "./ricart-agrawala.ts";
import { TokenRingMutex } from "./token-ring.ts";

export function createMutex(algorithm: MutexAlgorithm, options: MutexOptions): MutexCore {
	switch (algorithm) {
		case "central":
			return new CentralMutex(options);
		case "token-ring":
			return new TokenRingMutex(options);
		case "ricart-agrawala":
			return new RicartAgrawalaMutex(options);
		case "maekawa":
			return new MaekawaMutex(options);
	}
}
