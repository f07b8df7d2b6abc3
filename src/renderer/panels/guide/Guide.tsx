/**
 * The lab's guide beside the run: what to look for, what to try, what to ask. What it names can be had with a
 * click: another run is set up, a check or a node is shown.
 */
import { Play } from "lucide-react";
import { type ReactElement, type ReactNode, useEffect, useState } from "react";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { useApp, useRun } from "../../parts/context.ts";
import { Markdown } from "../../parts/Markdown.tsx";
import { Scroll } from "../../parts/Scroll.tsx";
import { strings } from "../../strings.ts";
import { type Mention, mentionOf } from "./mention.ts";
import "./guide.css";

const says = strings.guide;

export function Guide(): ReactElement | null {
	const app = useApp();
	const { plan } = useRun();
	/** `none`: a recording of a lab that this program does not have. */
	const [described, setDescribed] = useState<CallReply<"labs.describe"> | "none" | null>(null);
	useEffect(() => {
		app.client.call("labs.describe", { lab: plan.labId }).then(setDescribed, () => setDescribed("none"));
	}, [app, plan]);
	if (described === null) return null;
	if (described === "none" || described.guide === "") return <p className="panel-body soft">{says.none}</p>;
	const variants = described.lab.variants.map(({ id }) => id);
	const code = (text: string, isBlock: boolean): ReactNode => <Code text={text} isBlock={isBlock} mention={mentionOf(text, { plan, variants })} />;
	return (
		<Scroll label={says.label}>
			<div className="panel-body guide">
				<Markdown text={described.guide} code={code} headingLevel={2} />
			</div>
		</Scroll>
	);
}

interface CodeProps {
	readonly text: string;
	readonly isBlock: boolean;
	readonly mention: Mention | null;
}

function Code({ text, isBlock, mention }: CodeProps): ReactElement {
	const app = useApp();
	const run = useRun();
	const plain = <code>{text}</code>;
	if (mention === null) return isBlock ? <pre>{plain}</pre> : plain;
	const act = (): void => {
		if (mention.kind === "run") app.openDialog({ kind: "newRun", lab: run.plan.labId, ...mention.wishes });
		else if (mention.kind === "check") run.setSide("checks");
		else run.inspect({ kind: "node", node: mention.node });
	};
	const what = says.does[mention.kind];
	return isBlock ? (
		<button type="button" className="button guide-run" title={text} onClick={act}>
			<Play size={16} aria-hidden="true" /> {says.setUp}
		</button>
	) : (
		<button type="button" className={`mention does-${mention.kind}`} aria-label={`${text}: ${what}`} title={what} onClick={act}>
			<code>{text}</code>
		</button>
	);
}
