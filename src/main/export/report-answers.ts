/**
 * What a student says in notes: who hands in, and answers to the questions of the lab's guide. Both are
 * notes that begin with a word (`Name: Ada`, `Question 2: because ...`), so that they lie in the session,
 * under its seal. Every other note is a remark.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { labIds, labsFolder, readLab } from "../app/lab-catalog.ts";
import type { ExportSource } from "./source.ts";

const guideBytesMax = 1_048_576;
const nameCharsMax = 200;
const questionsMax = 99;

/** A note that is an answer, or an answer that is missing. */
export interface Answer<Note> {
	/** From 1 on, as the guide counts. */
	readonly question: number;
	readonly text: string;
	/** Null for a question of the guide that nobody answered. */
	readonly note: Note | null;
}

export interface Told<Note> {
	/** Empty where nobody says so. */
	readonly by: string;
	/** By question, then in the order of their writing. */
	readonly answers: readonly Answer<Note>[];
	readonly remarks: readonly Note[];
}

const namePattern = /^(?:names?|students?|handed in by)\s*:\s*(\S[^\n]*)$/i;
const answerPattern = /^(?:question|answer|q|a)\s*#?(\d{1,2})\s*[:.)]\s*(\S[\s\S]*)$/i;

/**
 * @param questionCount of the guide; once one is answered, it is said which are not
 * @param given who hands in, where that was said beside the notes
 */
export function toldIn<Note extends { readonly text: string }>(notes: readonly Note[], questionCount: number, given = ""): Told<Note> {
	const names = new Set<string>();
	const answers: Answer<Note>[] = [];
	const remarks: Note[] = [];
	for (const note of notes) {
		const text = note.text.trim();
		const name = namePattern.exec(text)?.[1];
		const [, question = "0", answer] = answerPattern.exec(text) ?? [];
		if (name !== undefined) names.add(name.trim());
		else if (answer !== undefined && Number(question) > 0) answers.push({ question: Number(question), text: answer, note });
		else remarks.push(note);
	}
	const answered = new Set(answers.map(({ question }) => question));
	for (let question = 1; answers.length > 0 && question <= questionCount; question++)
		if (!answered.has(question)) answers.push({ question, text: "", note: null });
	return { by: (given.trim() || [...names].join(", ")).slice(0, nameCharsMax), answers: answers.sort((a, b) => a.question - b.question), remarks };
}

/** The numbered questions at a guide's end, each on one line. */
function questionsIn(guide: string): readonly string[] {
	const section = (guide.split(/^## Questions[ \t]*$/m)[1] ?? "").split(/^## /m)[0] ?? "";
	return section
		.split(/^\d+\. /m)
		.slice(1, questionsMax + 1)
		.map((text) => text.replace(/\s+/g, " ").trim());
}

/** Of the lab that comes with this program; none for any other, also of the same name. */
export function questionsOf({ plan: { labId }, labText }: ExportSource): readonly string[] {
	if (labText === undefined || !labIds().includes(labId) || readLab(labId).text !== labText) return [];
	const path = join(labsFolder(), labId, "guide.md");
	return existsSync(path) && statSync(path).size <= guideBytesMax ? questionsIn(readFileSync(path, "utf8")) : [];
}
