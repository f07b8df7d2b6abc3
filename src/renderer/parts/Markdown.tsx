/**
 * Markdown as elements of the page. Read by `marked`, and shown without its HTML: what a text brings of tags,
 * addresses and pictures is only ever text here, whoever wrote it.
 */
import { lexer, type MarkedToken, type Token } from "marked";
import { Fragment, type ReactElement, type ReactNode, useMemo } from "react";

interface MarkdownProps {
	readonly text: string;
	/** How code is shown, within a line and as a block of its own. */
	readonly code: (text: string, isBlock: boolean) => ReactNode;
	/** The level of its first heading in the page that it is part of. */
	readonly headingLevel: 2 | 3;
}

export function Markdown({ text, code, headingLevel }: MarkdownProps): ReactElement {
	const tokens = useMemo(() => lexer(text), [text]);
	return <>{drawn(tokens, { code, headingLevel })}</>;
}

type Show = Omit<MarkdownProps, "text">;

function drawn(tokens: readonly Token[] | undefined, show: Show): ReactNode {
	// biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places
	return tokens?.map((token, index) => <Fragment key={index}>{one(token as MarkedToken, show)}</Fragment>);
}

function one(token: MarkedToken, show: Show): ReactNode {
	switch (token.type) {
		case "heading": {
			const level = Math.min(6, show.headingLevel + token.depth - 1) as 2 | 3 | 4 | 5 | 6;
			const Heading = `h${level}` as const;
			return <Heading>{drawn(token.tokens, show)}</Heading>;
		}
		case "paragraph":
			return <p>{drawn(token.tokens, show)}</p>;
		case "list":
			return listOf(token, show);
		case "table":
			return tableOf(token, show);
		case "blockquote":
			return <blockquote>{drawn(token.tokens, show)}</blockquote>;
		case "code":
			return show.code(token.text, true);
		case "codespan":
			return show.code(token.text, false);
		case "strong":
			return <strong>{drawn(token.tokens, show)}</strong>;
		case "em":
			return <em>{drawn(token.tokens, show)}</em>;
		case "del":
			return <s>{drawn(token.tokens, show)}</s>;
		case "link":
			return drawn(token.tokens, show);
		case "br":
			return <br />;
		case "hr":
			return <hr />;
		case "text":
			return token.tokens === undefined ? token.text : drawn(token.tokens, show);
		case "escape":
		case "image":
			return token.text;
		case "html":
			return token.raw;
		default:
			return null;
	}
}

function listOf({ ordered, start, items }: MarkedToken & { readonly type: "list" }, show: Show): ReactNode {
	// biome-ignore lint/suspicious/noArrayIndexKey: a text's parts never change places
	const entries = items.map((item, index) => <li key={index}>{drawn(item.tokens, show)}</li>);
	return ordered ? <ol start={typeof start === "number" ? start : 1}>{entries}</ol> : <ul>{entries}</ul>;
}

function tableOf({ header, rows }: MarkedToken & { readonly type: "table" }, show: Show): ReactNode {
	return (
		<table>
			<thead>
				<tr>
					{header.map(({ text, tokens }) => (
						<th key={text} scope="col">
							{drawn(tokens, show)}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<tr key={row.map(({ text }) => text).join("|")}>
						{row.map(({ text, tokens }) => (
							<td key={text}>{drawn(tokens, show)}</td>
						))}
					</tr>
				))}
			</tbody>
		</table>
	);
}
