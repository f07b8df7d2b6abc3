/** A link looked at closely: how it is, how the lab made it, and what was changed since. */
import type { ReactElement } from "react";
import { linkStateOf } from "../../../shared/drawing/node-state.ts";
import { shortDuration } from "../../../shared/drawing/time-scale.ts";
import type { JitterModel, LinkPhysics } from "../../../shared/plan.ts";
import { indexOf } from "../../../shared/plan-index.ts";
import { formatBitsPerSecond, formatRatio } from "../../../shared/quantities.ts";
import { nameOf } from "../../parts/ActionMenu.tsx";
import { useRun, useRunState } from "../../parts/context.ts";
import { LinkStateText } from "../../parts/Icons.tsx";
import { Scroll } from "../../parts/Scroll.tsx";
import { strings } from "../../strings.ts";
import { KeyValue, type KeyValueItem } from "../../views/parts/KeyValue.tsx";
import { ActButtons } from "./ActButtons.tsx";

const says = strings.inspect;

function jitterText(jitter: JitterModel): string {
	switch (jitter.kind) {
		case "constant":
			return jitter.us === 0 ? says.noJitter : says.jitters.constant(shortDuration(jitter.us));
		case "uniform":
			return says.jitters.uniform(shortDuration(jitter.maxUs));
		case "normal":
			return says.jitters.normal(shortDuration(jitter.meanUs), shortDuration(jitter.deviationUs));
		case "lognormal":
			return says.jitters.lognormal(shortDuration(jitter.medianUs), jitter.sigma);
		case "exponential":
			return says.jitters.exponential(shortDuration(jitter.meanUs));
		case "empirical":
			return says.jitters.empirical(shortDuration(jitter.quantilesUs.at(-1) ?? 0));
	}
}

function physicsOf({ floorUs, jitter, lossRatio, duplicateRatio, corruptRatio, reorderRatio, bitsPerSecond, fifo }: LinkPhysics): readonly KeyValueItem[] {
	const ratios: readonly (readonly [key: string, ratio: number])[] = [
		[says.facts.loss, lossRatio],
		[says.facts.duplicate, duplicateRatio],
		[says.facts.corrupt, corruptRatio],
		[says.facts.reorder, reorderRatio],
	];
	return [
		{ key: says.facts.floor, value: shortDuration(floorUs) },
		{ key: says.facts.jitter, value: jitterText(jitter) },
		...ratios
			.filter(([, ratio], place) => ratio > 0 || place === 0)
			.map(([key, ratio]) => ({ key, value: ratio === 0 ? says.nothingLost : formatRatio(ratio) })),
		{ key: says.facts.bandwidth, value: bitsPerSecond === 0 ? says.unlimited : formatBitsPerSecond(bitsPerSecond) },
		{ key: says.facts.fifo, value: fifo ? says.fifo : says.noFifo },
	];
}

export function LinkInspector({ link }: { readonly link: number }): ReactElement | null {
	const run = useRun();
	const view = useRunState((state) => state.listed?.view.links[link]);
	const plan = run.plan.links[link];
	if (view === undefined || plan === undefined) return null;
	const { forward, backward } = plan;
	const names = indexOf(run.plan).vertexNames;
	const [a, b] = [names[plan.a] ?? "?", names[plan.b] ?? "?"];
	const isAlike = JSON.stringify(forward) === JSON.stringify(backward);
	return (
		<Scroll label={strings.side.inspect}>
			<div className="panel-body">
				<div className="inspect-head">
					<h2>{nameOf(run, { kind: "link", link })}</h2>
					<LinkStateText state={linkStateOf(view)} />
				</div>
				<ActButtons target={{ kind: "link", link }} />
				<KeyValue
					items={[
						{ key: says.oneWay(a, b), value: strings.linkWays[view.forward] },
						{ key: says.oneWay(b, a), value: strings.linkWays[view.backward] },
						{ key: says.facts.dropped, value: view.dropped.toLocaleString("en") },
					]}
				/>
				{view.changes.length > 0 && (
					<Block title={says.facts.changed}>
						<ul className="inspect-list">
							{view.changes.map((change) => (
								<li key={change}>
									<span className="mono">{change}</span>
								</li>
							))}
						</ul>
					</Block>
				)}
				<Block title={isAlike ? says.bothWays : says.oneWay(a, b)}>
					<KeyValue items={physicsOf(forward)} />
				</Block>
				{!isAlike && (
					<Block title={says.oneWay(b, a)}>
						<KeyValue items={physicsOf(backward)} />
					</Block>
				)}
			</div>
		</Scroll>
	);
}

function Block({ title, children }: { readonly title: string; readonly children: ReactElement }): ReactElement {
	return (
		<section className="block">
			<header>
				<h3>{title}</h3>
			</header>
			<div>{children}</div>
		</section>
	);
}
