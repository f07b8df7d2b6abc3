/** What the papers say of detection times and of load. Exact arithmetic only. */

/**
 * Mean of the periods until somebody pings a member that has died, when each of the others pings one at random:
 * 1 / (1 - (1 - 1/(n-1))^(n-1)), which goes to e / (e - 1) = 1.582 in large groups.
 * @source SWIM (2002), section 3.1, with no messages lost
 */
export function meanDetectionPeriods(members: number): number {
	let nobody = 1;
	for (let other = 1; other < members; other++) nobody *= 1 - 1 / (members - 1);
	return 1 / (1 - nobody);
}

/** Messages a period of a whole group in which all is well: a ping and its answer for each member. @source SWIM, section 3.1 */
export function swimMessagesAPeriod(members: number): number {
	return 2 * members;
}

/** Logarithm to base 2, rounded up, of a group's size and one. */
export function logOf(members: number): number {
	return 32 - Math.clz32(members);
}

/**
 * From suspected to dead. News spreads like an infection and has reached all after about log n periods; so long a
 * suspicion takes to reach its suspect, and the suspect's word to reach all who suspect it.
 * @source SWIM, section 4.2; the scaling with log n: Dadgar, Phillips, Currey, Lifeguard (DSN 2018), its suspicion
 */
export function suspicionDurationUs({ factor, members, periodUs }: { readonly factor: number; readonly members: number; readonly periodUs: number }): number {
	return Math.round(factor * logOf(members) * periodUs);
}

/** Everybody tells everybody else. */
export function heartbeatMessagesAPeriod(members: number): number {
	return members * (members - 1);
}
