/**
 * Every view of a service, found by its file's name: a new one adds a file and nothing else. Says which of
 * them a lab shows.
 */
import type { Plan } from "../../shared/plan.ts";
import type { ServiceView } from "./view.ts";

const modules = import.meta.glob<{ readonly view: ServiceView }>("./*.view.tsx", { eager: true });

/** In the order of their files' names. */
const allViews: readonly ServiceView[] = Object.keys(modules)
	.sort()
	.flatMap((path) => modules[path]?.view ?? []);

/** Views of services that a node of the lab boots. */
export function viewsOf(plan: Plan, views: readonly ServiceView[] = allViews): readonly ServiceView[] {
	const booted = new Set(plan.nodes.flatMap(({ services }) => services.map(({ service }) => service)));
	return views.filter(({ services }) => services.some((service) => booted.has(service)));
}
