/** Every service of the operating system, by the name that labs use. Injected by the entries. */
import type { ServiceDefinition, ServiceRegistry } from "../core/node-api.ts";
import { balancerDefinition } from "./balancer/balancer.ts";
import { chatter } from "./chatter/chatter.ts";
import { crowdDefinition } from "./crowd/crowd.ts";
import { electionsDefinition } from "./elections/elections.ts";
import { logicalClocksDefinition } from "./logical-clocks/logical-clocks.ts";
import { misbehaving } from "./misbehaving/misbehaving.ts";
import { mutualExclusionDefinition } from "./mutual-exclusion/mutual-exclusion.ts";
import { echoDefinition, pingDefinition } from "./ping/ping.ts";
import { shellDefinition } from "./shell/shell.ts";
import { storeLoadDefinition } from "./store/load.ts";
import { storeDefinition } from "./store/store.ts";
import { webServerDefinition } from "./web-server/web-server.ts";

const definitions: readonly ServiceDefinition[] = [
	balancerDefinition,
	chatter,
	crowdDefinition,
	echoDefinition,
	electionsDefinition,
	logicalClocksDefinition,
	misbehaving,
	mutualExclusionDefinition,
	pingDefinition,
	shellDefinition,
	storeDefinition,
	storeLoadDefinition,
	webServerDefinition,
];

export const registry: ServiceRegistry = new Map(definitions.map((definition) => [definition.name, definition]));
