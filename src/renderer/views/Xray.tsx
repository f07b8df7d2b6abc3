/** Which machines served a request, what each did for it, and when. Asked of the log. */
import { type CSSProperties, type ReactElement, useEffect, useState } from "react";
import type { CallReply } from "../../shared/contract/calls.ts";
import { shortDuration } from "../../shared/drawing/time-scale.ts";
import type { Plan } from "../../shared/plan.ts";
import { useRun } from "../parts/context.ts";
import { shellStrings as says } from "../strings/views/shell.ts";
import { Grid } from "./parts/Grid.tsx";
import type { TypedLine } from "./shell-board.ts";

type XrayReply = CallReply<"log.xray">;

export interface XrayProps {
	readonly plan: Plan;
	/** The laptop: a request is named by the machine it began at. */
	readonly traceNode: number;
	readonly line: TypedLine;
	/** The instant shown, true time. */
	readonly atUs: number;
}

/** A request that is under way is looked into again so often, in the run's time. */
const lookEveryUs = 500_000;
/** A request may begin so long before its latest statement. */
const lookBackUs = 600_000_000;

export function Xray({ plan, traceNode, line, atUs }: XrayProps): ReactElement {
	const run = useRun();
	const [found, setFound] = useState<XrayReply | null>(null);
	const { span, answer } = line;
	const toUs = answer === null ? Math.floor(atUs / lookEveryUs) * lookEveryUs : Math.min(line.atUs, Math.ceil(atUs));
	const fromUs = Math.max(0, line.atUs - lookBackUs);
	useEffect(() => {
		let isOver = false;
		void run
			.look("log.xray", { traceNode, traceSequence: span, fromUs, toUs: Math.max(fromUs, toUs) })
			.then((reply) => !isOver && reply !== undefined && setFound(reply));
		return () => {
			isOver = true;
		};
	}, [run, traceNode, span, fromUs, toUs]);
	if (found === null) return <p className="soft">{says.looking}</p>;
	if (found.machines.length === 0) return <p className="soft">{says.noXray}</p>;
	const firstUs = Math.min(...found.machines.map((machine) => machine.firstUs));
	const spanUs = Math.max(1, ...found.machines.map((machine) => machine.lastUs - firstUs));
	const sum = (field: "sent" | "diskWrites"): number => found.machines.reduce((total, machine) => total + machine[field], 0);
	return (
		<>
			<p role="status" className="xray-sum">
				<strong>{says.summary(found.machines.length, sum("sent"), sum("diskWrites"))}</strong> <span className="soft number">{shortDuration(spanUs)}</span>
			</p>
			<Grid
				label={says.xray}
				head={says.machine}
				columns={[
					{ id: "share", title: says.share, isWide: true },
					{ id: "messages", title: says.messages, isNumber: true },
					{ id: "cpu", title: says.cpu, isNumber: true },
					{ id: "disk", title: says.disk, isNumber: true },
				]}
				rows={found.machines.map((machine) => ({
					id: String(machine.node),
					title: plan.nodes[machine.node]?.name ?? "",
					...(machine.node === traceNode ? { look: "lit" as const } : {}),
					cells: {
						share: <When fromRatio={(machine.firstUs - firstUs) / spanUs} toRatio={(machine.lastUs - firstUs) / spanUs} />,
						messages: says.inOut(machine.received, machine.sent),
						cpu: machine.computeUs === 0 ? "" : shortDuration(machine.computeUs),
						disk: says.diskOf(machine),
					},
				}))}
			/>
			{found.truncated && <p className="soft">{says.truncated}</p>}
		</>
	);
}

function When({ fromRatio, toRatio }: { readonly fromRatio: number; readonly toRatio: number }): ReactElement {
	return (
		<span className="xray-when" aria-hidden="true">
			<span style={{ "--from": fromRatio, "--to": toRatio } as CSSProperties} />
		</span>
	);
}
