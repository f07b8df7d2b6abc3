/** Every service of the operating system, by the name that labs use. Injected by the entries. */
import type { ServiceDefinition, ServiceRegistry } from "../core/node-api.ts";
import { balancerDefinition } from "./balancer/balancer.ts";
import { broadcastDefinition } from "./broadcast/broadcast.ts";
import { cartServerDefinition } from "./carts/cart-server.ts";
import { shoppersDefinition } from "./carts/shoppers.ts";
import { chatter } from "./chatter/chatter.ts";
import { commitDefinition } from "./commit/commit.ts";
import { boxDefinition } from "./coupling/box.ts";
import { leadDefinition } from "./coupling/lead.ts";
import { workerDefinition } from "./coupling/worker.ts";
import { crowdDefinition } from "./crowd/crowd.ts";
import { deadlockDefinition } from "./deadlock/deadlock.ts";
import { coordinatorDefinition } from "./drives/coordinator.ts";
import { driveNodeDefinition } from "./drives/drive-node.ts";
import { audienceDefinition } from "./edge/audience.ts";
import { edgeDefinition } from "./edge/edge-server.ts";
import { nameServiceDefinition } from "./edge/name-service.ts";
import { originDefinition } from "./edge/origin.ts";
import { playerDefinition } from "./edge/player.ts";
import { electionsDefinition } from "./elections/elections.ts";
import { blocksDefinition } from "./files/blocks/block-server.ts";
import { stewardDefinition } from "./files/steward/steward.ts";
import { filesUserDefinition } from "./files/user.ts";
import { gossipDefinition } from "./gossip/gossip.ts";
import { jobsDefinition } from "./jobs/worker.ts";
import { logicalClocksDefinition } from "./logical-clocks/logical-clocks.ts";
import { membershipDefinition } from "./membership/membership.ts";
import { misbehaving } from "./misbehaving/misbehaving.ts";
import { mutualExclusionDefinition } from "./mutual-exclusion/mutual-exclusion.ts";
import { customerDefinition } from "./pair/customer.ts";
import { databaseDefinition } from "./pair/database.ts";
import { bmcDefinition, powerSupplyDefinition, powerSwitchDefinition } from "./pair/power.ts";
import { pairDefinition } from "./pair/server.ts";
import { witnessDefinition } from "./pair/witness.ts";
import { echoDefinition, pingDefinition } from "./ping/ping.ts";
import { quorumClientDefinition } from "./quorum-store/client.ts";
import { quorumStoreDefinition } from "./quorum-store/quorum-store.ts";
import { shellDefinition } from "./shell/shell.ts";
import { snapshotDefinition } from "./snapshot/snapshot.ts";
import { storeLoadDefinition } from "./store/load.ts";
import { storeDefinition } from "./store/store.ts";
import { timeSyncDefinition } from "./time-sync/time-sync.ts";
import { webServerDefinition } from "./web-server/web-server.ts";

const definitions: readonly ServiceDefinition[] = [
	balancerDefinition,
	broadcastDefinition,
	cartServerDefinition,
	chatter,
	commitDefinition,
	boxDefinition,
	leadDefinition,
	workerDefinition,
	crowdDefinition,
	deadlockDefinition,
	coordinatorDefinition,
	driveNodeDefinition,
	echoDefinition,
	audienceDefinition,
	edgeDefinition,
	nameServiceDefinition,
	originDefinition,
	playerDefinition,
	electionsDefinition,
	blocksDefinition,
	stewardDefinition,
	filesUserDefinition,
	gossipDefinition,
	jobsDefinition,
	logicalClocksDefinition,
	membershipDefinition,
	misbehaving,
	mutualExclusionDefinition,
	bmcDefinition,
	customerDefinition,
	databaseDefinition,
	pairDefinition,
	powerSupplyDefinition,
	powerSwitchDefinition,
	witnessDefinition,
	pingDefinition,
	quorumClientDefinition,
	quorumStoreDefinition,
	shellDefinition,
	shoppersDefinition,
	snapshotDefinition,
	storeDefinition,
	storeLoadDefinition,
	timeSyncDefinition,
	webServerDefinition,
];

export const registry: ServiceRegistry = new Map(definitions.map((definition) => [definition.name, definition]));
