/**
 * Splits a line of the command grammar or the check grammar into tokens, and words the refusals:
 * where, what was expected, what was found, what is near. Knows neither grammar. Pure.
 */
import { type ErrorCode, QuorateError } from "./errors.ts";
import { hint } from "./nearest.ts";

export type TokenKind = "word" | "text" | "open" | "close" | "arrow" | "compare" | "end";

export interface Token {
	readonly kind: TokenKind;
	/** As written; for `text` the string without its quotes and escapes. */
	readonly text: string;
	/** Characters before it on the line. */
	readonly at: number;
}

/** Long enough for a command that names every node of the largest cluster. */
const lineCharsMax = 131_072;

/** A line that one of the grammars refuses; `position` counts characters from 0. */
export class GrammarError extends QuorateError {
	readonly position: number;
	/** The message without the position, for those who show a place of their own. */
	readonly complaint: string;
	/** How the line should look, or an empty text. */
	readonly usage: string;

	constructor(code: ErrorCode, complaint: string, position: number, usage: string) {
		super(code, `${complaint} (at character ${position + 1})`, { advice: usage === "" ? "" : `Write: ${usage}` });
		this.position = position;
		this.complaint = complaint;
		this.usage = usage;
	}
}

// A word ends before an arrow, so that `a->b` is three tokens although names may hold hyphens.
const tokenPattern = /[\s,]+|(->)|(<=|>=|==|!=|<|>)|(\{)|(\})|("(?:[^"\\]|\\.)*")|((?:(?!->)[^\s,{}"<>=!])+|[=!])/suy;
const kindsByGroup: readonly TokenKind[] = ["arrow", "compare", "open", "close", "text", "word"];

function unquote(quoted: string): string | undefined {
	try {
		const value: unknown = JSON.parse(quoted);
		return typeof value === "string" ? value : undefined;
	} catch {
		// Only an escape that JSON does not know can fail here; the caller says so with its place.
		return undefined;
	}
}

/** Walks over the tokens of one line. */
export class Cursor {
	readonly line: string;
	readonly #code: ErrorCode;
	readonly #tokens: readonly Token[];
	#index = 0;
	/** How the line should look, once its verb is known; becomes the advice of a refusal. */
	usage = "";

	/** @throws GrammarError with this code when the line has no tokens of the grammars */
	constructor(line: string, code: ErrorCode) {
		this.line = line;
		this.#code = code;
		this.#tokens = this.#scan();
	}

	#scan(): readonly Token[] {
		const { line } = this;
		if (line.length > lineCharsMax) this.failAt(lineCharsMax, `the line is longer than ${lineCharsMax} characters`);
		const tokens: Token[] = [];
		let at = 0;
		while (at < line.length) {
			tokenPattern.lastIndex = at;
			const match = tokenPattern.exec(line);
			if (!match) this.failAt(at, "a quoted text is not closed");
			const group = match.findIndex((part, index) => index > 0 && part !== undefined);
			if (group > 0) {
				const kind = kindsByGroup[group - 1] as TokenKind;
				const text = kind === "text" ? unquote(match[0]) : match[0];
				if (text === undefined) this.failAt(at, 'a quoted text has an escape other than \\" \\\\ \\n \\t \\uXXXX');
				tokens.push({ kind, text, at });
			}
			at += match[0].length;
		}
		tokens.push({ kind: "end", text: "", at: line.length });
		return tokens;
	}

	peek(ahead = 0): Token {
		return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] as Token;
	}

	next(): Token {
		const token = this.peek();
		if (token.kind !== "end") this.#index++;
		return token;
	}

	/** Takes the next token if it is this word. */
	takeWord(word: string): boolean {
		const token = this.peek();
		if (token.kind !== "word" || token.text !== word) return false;
		this.#index++;
		return true;
	}

	take(kind: TokenKind): Token | undefined {
		return this.peek().kind === kind ? this.next() : undefined;
	}

	/** Takes a word or refuses. */
	word(expected: string, candidates: readonly string[] = []): Token {
		const token = this.peek();
		if (token.kind !== "word") this.fail(token, expected, candidates);
		return this.next();
	}

	end(): void {
		const token = this.peek();
		if (token.kind !== "end") this.fail(token, "the end of the line");
	}

	/** Refuses: expected this, found that token, near it is ... */
	fail(token: Token, expected: string, candidates: readonly string[] = []): never {
		const found = token.kind === "end" ? "the line ends" : `"${token.text}" is written`;
		this.failAt(token.at, `expected ${expected}, but ${found}${hint(token.text, candidates)}`);
	}

	failAt(position: number, message: string): never {
		throw new GrammarError(this.#code, message, position, this.usage);
	}
}
