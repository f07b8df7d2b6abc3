/**
 * What the services of a plan call the parts of their messages, as they are here. A recording may be of other
 * versions of them: what is not of a shape is shown as it is. Runs in the main process.
 */
import { registry } from "../../os/registry.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import type { Plan } from "../../shared/plan.ts";

const known: MessageShapes = Object.assign({}, ...[...registry.values()].map(({ bodies }) => bodies ?? {}));

export function bodiesOf({ names }: Pick<Plan, "names">): MessageShapes {
	return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(known, name) ? [[name, known[name] ?? {}] as const] : [])));
}
