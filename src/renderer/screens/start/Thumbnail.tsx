/**
 * A session from afar: its cluster as a ring of signs by role with its links, and beside it how much happened
 * when, with marks for what was done to it.
 */
import type { ReactElement } from "react";
import { type NodeShape, shapeOf } from "../../../shared/drawing/node-state.ts";
import type { LabSummary, SessionView } from "../../state/contract-types.ts";
import { strings } from "../../strings.ts";

const says = strings.start;
type Content = NonNullable<SessionView["content"]>;

const ring = { x: 25, y: 23, radius: 18 };
const graph = { left: 52, width: 66, top: 12, height: 30 };
/** More links than this are a blur. */
const linksShownMax = 80;
const repairs = /^(restart|resume|heal)/;

export function Thumbnail({ content }: { readonly content: Content | null }): ReactElement {
	return (
		<svg className="thumb" viewBox="0 0 122 46" aria-hidden="true">
			{content !== null && content.thumbnail.marksOmitted > 0 && <title>{says.marksOmitted(content.thumbnail.marksOmitted)}</title>}
			{content !== null && <Cluster {...content.thumbnail} />}
			{content !== null && <Course {...content.thumbnail} />}
		</svg>
	);
}

/** A lab's cluster before anything has happened to it. */
export function ClusterPicture({ cluster }: { readonly cluster: LabSummary["cluster"] }): ReactElement {
	return (
		<svg className="cluster-picture" viewBox="2 0 46 46" aria-hidden="true">
			<Cluster {...cluster} />
		</svg>
	);
}

function Cluster({ nodes, links }: LabSummary["cluster"]): ReactElement {
	const placeOf = (node: number): { readonly x: number; readonly y: number } => {
		const angle = (node / nodes.length) * Math.PI * 2 - Math.PI / 2;
		return { x: ring.x + Math.cos(angle) * ring.radius, y: ring.y + Math.sin(angle) * ring.radius };
	};
	const sign = Math.max(1.2, Math.min(4, 40 / nodes.length));
	const path = links
		.slice(0, linksShownMax)
		.map(([a = 0, b = 0]) => `M${placeOf(a).x} ${placeOf(a).y}L${placeOf(b).x} ${placeOf(b).y}`)
		.join("");
	return (
		<>
			<path d={path} stroke="var(--faint)" strokeWidth="0.7" fill="none" />
			{nodes.map(({ role }, node) => {
				const { x, y } = placeOf(node);
				return <Sign key={`${x} ${y}`} shape={shapeOf(role)} x={x} y={y} size={sign} />;
			})}
		</>
	);
}

function Sign({ shape, x, y, size }: { readonly shape: NodeShape; readonly x: number; readonly y: number; readonly size: number }): ReactElement {
	if (shape === "circle") return <circle cx={x} cy={y} r={size} fill="var(--message)" />;
	if (shape === "diamond")
		return <path d={`M${x} ${y - size * 1.3}l${size * 1.3} ${size * 1.3} ${-size * 1.3} ${size * 1.3} ${-size * 1.3} ${-size * 1.3}z`} fill="var(--ink)" />;
	return <rect x={x - size} y={y - size} width={size * 2} height={size * 2} rx={size * 0.35} fill="var(--good)" />;
}

/** Events over time as hills; what was done as triangles, down for a fault and up for a repair. */
function Course({ counts, untilUs, marks }: Pick<Content["thumbnail"], "counts" | "untilUs" | "marks">): ReactElement {
	const most = counts.reduce((max, count) => Math.max(max, count), 1);
	const bottom = graph.top + graph.height;
	const x = (share: number): number => graph.left + share * graph.width;
	const hills = counts
		.map((count, i) => `L${x((i + 0.5) / Math.max(1, counts.length))} ${bottom - (Math.sqrt(count) / Math.sqrt(most)) * graph.height}`)
		.join("");
	return (
		<>
			<path d={`M${graph.left} ${bottom}${hills}L${graph.left + graph.width} ${bottom}Z`} fill="var(--faint)" opacity="0.55" />
			<path d={marksPath(marks, x, untilUs, false)} fill="var(--bad)" />
			<path d={marksPath(marks, x, untilUs, true)} fill="var(--good)" />
		</>
	);
}

function marksPath(marks: Content["thumbnail"]["marks"], x: (share: number) => number, untilUs: number, isRepair: boolean): string {
	return marks
		.filter(({ verb }) => repairs.test(verb) === isRepair)
		.map(({ atUs }) => {
			const at = x(atUs / Math.max(1, untilUs));
			return isRepair ? `M${at - 2.6} 9L${at} 4L${at + 2.6} 9Z` : `M${at - 2.6} 4L${at + 2.6} 4L${at} 9Z`;
		})
		.join("");
}
