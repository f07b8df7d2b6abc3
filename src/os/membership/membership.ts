/**
 * Who is there? Each member watches the others and holds every one of them alive, suspected or dead. Nobody can
 * tell a dead member from a slow one, so a suspicion can be taken back: by the suspect's own word.
 */
import type { NodeContext, Service, ServiceDefinition } from "../../core/node-api.ts";
import type { BodyShape, MessageShapes } from "../../shared/body-shape.ts";
import { groupOf } from "../group/group.ts";
import { type MembershipConfig, readMembershipConfig } from "./config.ts";
import type { Detector } from "./detector.ts";
import { heartbeatMessagesAPeriod, swimMessagesAPeriod } from "./formulas.ts";
import { Heartbeats, heartbeatMessage, heartbeatTimer, silenceTimer } from "./heartbeats.ts";
import { membershipInvariants, stateFact } from "./invariants.ts";
import { aliveMeasure, suspectedMeasure, suspicionTimer } from "./roster.ts";
import { ackMessage, directTimer, periodTimer, pingMessage, pingRequestMessage, refutedMeasure, Swim } from "./swim.ts";
import { updatesShape } from "./updates.ts";

const serviceName = "membership";

function createDetector(ctx: NodeContext, config: MembershipConfig): Detector {
	const group = groupOf(ctx, serviceName);
	return config.detector === "swim" ? new Swim(ctx, config, group) : new Heartbeats(ctx, config, group);
}

const updates = { name: "updates", ...updatesShape } satisfies BodyShape;
const bodies: MessageShapes = {
	[heartbeatMessage]: { body: { parts: ["life", "number"] } },
	[pingMessage]: { body: { parts: ["sequence", updates] } },
	[ackMessage]: { body: { parts: ["sequence", updates] } },
	[pingRequestMessage]: { body: { parts: ["sequence", updates, "target"] } },
};

export const membershipDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Who is alive, suspected or dead: by heartbeats with a fixed timeout, by phi-accrual, or by SWIM.",
	names: [
		heartbeatMessage,
		pingMessage,
		ackMessage,
		pingRequestMessage,
		heartbeatTimer,
		silenceTimer,
		periodTimer,
		directTimer,
		suspicionTimer,
		aliveMeasure,
		suspectedMeasure,
		refutedMeasure,
		stateFact,
		...membershipInvariants.map(({ name }) => name),
	],
	invariants: membershipInvariants,
	bodies,
	configure: readMembershipConfig,
	start(ctx, config: MembershipConfig): Service {
		const detector = createDetector(ctx, config);
		const members = ctx.nodes.filter(({ services }) => services.includes(serviceName)).length;
		const isSwim = config.detector === "swim";
		return {
			boot: () => detector.boot(),
			on: detector.on,
			inspect: () => ({
				detector: config.detector,
				...detector.inspect(),
				messagesInTheBook: isSwim ? `2 N = ${swimMessagesAPeriod(members)} a period` : `N (N-1) = ${heartbeatMessagesAPeriod(members)} a period`,
			}),
		};
	},
};
