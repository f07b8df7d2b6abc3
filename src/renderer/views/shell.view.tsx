/**
 * A terminal for each laptop and the x-ray beside it: on the left what the user sees, one system and no
 * machine; on the right, for the line that is chosen, which machines really served it.
 */
import { type FormEvent, type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { clockText } from "../../shared/drawing/time-scale.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { shellStrings as says } from "../strings/views/shell.ts";
import { Badge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { linesThatFit, type ShellWord, sharedBeginning, shellOf, type TypedLine } from "./shell-board.ts";
import "./shell.css";
import { kept } from "./parts/kept.ts";
import type { ServiceView, ViewProps } from "./view.ts";
import { Xray } from "./Xray.tsx";

const facts = { line: "shell.line", words: "shell.words" } as const;

function ShellView(props: ViewProps): ReactElement {
	const laptops = shellOf(props);
	const [chosen, setChosen] = useState("");
	const laptop = laptops.find(({ name }) => name === chosen) ?? laptops[0];
	const [picked, setPicked] = useState<string | null>(null);
	if (laptop === undefined) return <EmptyView />;
	// Until a line is chosen the newest is looked through.
	const line = laptop.lines.find(({ key }) => key === picked) ?? laptop.lines.at(-1);
	return (
		<div className="view shell">
			{laptops.length > 1 && (
				<fieldset className="segmented" aria-label={says.laptops}>
					{laptops.map(({ name }) => (
						<button key={name} type="button" aria-pressed={name === laptop.name} onClick={() => setChosen(name)}>
							{name}
						</button>
					))}
				</fieldset>
			)}
			<Section
				title={says.terminal(laptop.name)}
				aside={
					<Stated by={laptop.wordsIndex} className="view-link soft">
						{says.knows(laptop.words.length)}
					</Stated>
				}
			>
				<Lines lines={laptop.lines} picked={line?.key ?? null} onPick={setPicked} />
				<Prompt
					laptop={laptop.name}
					words={laptop.words}
					past={laptop.lines.map((typed) => typed.line)}
					onLine={(typed) => {
						setPicked(null);
						props.command(`ask ${laptop.name} ${JSON.stringify(typed)}`);
					}}
				/>
			</Section>
			<Section title={says.xray}>
				{line === undefined || line.span === 0 ? (
					<p className="soft">{says.pick}</p>
				) : (
					<Xray traceNode={laptop.node} line={line} atUs={props.atUs} plan={props.plan} />
				)}
			</Section>
		</div>
	);
}

function Lines({ lines, picked, onPick }: { readonly lines: readonly TypedLine[]; readonly picked: string | null; onPick(key: string): void }): ReactElement {
	const end = useRef<HTMLLIElement>(null);
	const newest = lines.at(-1);
	const tail = `${newest?.key} ${newest?.answer?.length}`;
	useEffect(() => {
		if (tail !== "") end.current?.scrollIntoView({ block: "nearest" });
	}, [tail]);
	return (
		<Scroll className="shell-lines scroll" label={says.title} isLive>
			<ol>
				{lines.length === 0 && <li className="soft">{says.nothingTyped}</li>}
				{lines.map((typed) => (
					<Line key={typed.key} typed={typed} isPicked={typed.key === picked} onPick={onPick} />
				))}
				<li ref={end} aria-hidden="true" />
			</ol>
		</Scroll>
	);
}

/** What was typed, and its answer; pressing it looks through it, and selects the event that stated the latest of it. */
const Line = kept(function Line({
	typed: { key, line, answer, ok, atUs, index },
	isPicked,
	onPick,
}: {
	readonly typed: TypedLine;
	readonly isPicked: boolean;
	onPick(key: string): void;
}): ReactElement {
	return (
		<li className={`${isPicked ? "is-picked" : ""} ${litClass(useLit(index))}`.trim()}>
			<Stated by={index} className="shell-line of-box" isPressed={isPicked} title={clockText(atUs).main} onPress={() => onPick(key)}>
				<span className="shell-prompt" aria-hidden="true">
					{says.prompt}
				</span>{" "}
				{line}
			</Stated>
			{answer === null ? <Badge tone="quiet" icon="wait" text={says.waiting} /> : <pre className={ok ? "" : "is-refused"}>{answer}</pre>}
		</li>
	);
});

interface PromptProps {
	readonly laptop: string;
	readonly words: readonly ShellWord[];
	/** What was typed here, oldest first: the arrow keys go through it. */
	readonly past: readonly string[];
	onLine(line: string): void;
}

function Prompt({ laptop, words, past, onLine }: PromptProps): ReactElement {
	const list = useId();
	const [text, setText] = useState("");
	const [back, setBack] = useState(0);
	const fitting = linesThatFit({ words, past }, text);
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		if (text.trim() === "") return;
		onLine(text);
		setText("");
		setBack(0);
	};
	const onKey = (event: KeyboardEvent): void => {
		if (event.key === "ArrowUp" || event.key === "ArrowDown") {
			const next = Math.max(0, Math.min(past.length, back + (event.key === "ArrowUp" ? 1 : -1)));
			setBack(next);
			setText(next === 0 ? "" : (past[past.length - next] ?? ""));
			event.preventDefault();
		} else if (event.key === "Tab" && !event.shiftKey && text !== "") {
			const known = sharedBeginning(fitting);
			if (known.length <= text.length && !(fitting.length === 1 && known === text)) return;
			setText(fitting.length === 1 ? `${known} ` : known);
			event.preventDefault();
		}
		event.stopPropagation();
	};
	return (
		<form className="shell-form" onSubmit={submit}>
			<span className="shell-prompt" aria-hidden="true">
				{says.prompt}
			</span>
			<input
				value={text}
				list={list}
				placeholder={says.placeholder}
				aria-label={`${says.line}, ${laptop}`}
				spellCheck={false}
				autoComplete="off"
				maxLength={4_096}
				onChange={(event) => setText(event.target.value)}
				onKeyDown={onKey}
			/>
			<datalist id={list} aria-label={says.suggestions}>
				{fitting.map((line) => (
					<option key={line} value={line} />
				))}
			</datalist>
			<button type="submit" className="button">
				{says.send}
			</button>
		</form>
	);
}

export const view: ServiceView = { services: ["shell"], title: says.title, explains: says.explains, facts: Object.values(facts), Component: ShellView };
