/**
 * Finds labs: those that come with the program, by id, and files of the user's own, by path. Reads
 * files and compiles; starts nothing.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ServiceRegistry } from "../../core/node-api.ts";
import { QuorateError } from "../../shared/errors.ts";
import { type CompiledLab, compileLab, describeLab, type LabOverrides } from "../../shared/lab/compile.ts";
import type { LabDescription } from "../../shared/lab/describe.ts";
import { hint } from "../../shared/nearest.ts";

const labFile = "lab.yaml";
const labBytesMax = 8_388_608;

export interface LabText {
	readonly text: string;
	/** For messages. */
	readonly fileName: string;
}

/** The program's own labs lie in `resources/labs`, a few folders above the running code. */
export function labsFolder(): string {
	for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
		const candidate = join(folder, "resources", "labs");
		if (existsSync(candidate)) return candidate;
		if (dirname(folder) === folder) throw new QuorateError("internal", "the folder resources/labs, which comes with the program, is missing");
	}
}

/** Ids, sorted. */
export function labIds(folder = labsFolder()): readonly string[] {
	return readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, labFile)))
		.map(({ name }) => name)
		.sort();
}

function readLabFile(path: string, fileName: string): LabText {
	const { size } = statSync(path);
	if (size > labBytesMax) throw new QuorateError("lab-invalid", `${fileName} has ${size} bytes; a lab has at most ${labBytesMax}`);
	try {
		return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)), fileName };
	} catch (error) {
		if (error instanceof TypeError) throw new QuorateError("lab-invalid", `${fileName} is not UTF-8 text`);
		throw new QuorateError("lab-not-found", `${fileName} cannot be read: ${(error as Error).message}`);
	}
}

function looksLikePath(name: string): boolean {
	return /[\\/]/.test(name) || /\.ya?ml$/i.test(name) || name === "." || name === "..";
}

/**
 * @param name a lab's id, the path of a lab file, or that of a folder with a `lab.yaml`
 * @throws QuorateError `lab-not-found`
 */
export function readLab(name: string): LabText {
	const folder = labsFolder();
	const ids = labIds(folder);
	if (ids.includes(name)) return readLabFile(join(folder, name, labFile), join(basename(dirname(folder)), basename(folder), name, labFile));
	if (looksLikePath(name)) {
		const path = resolve(name);
		const stat = statSync(path, { throwIfNoEntry: false });
		if (stat?.isDirectory() && existsSync(join(path, labFile))) return readLabFile(join(path, labFile), join(name, labFile));
		if (stat?.isFile()) return readLabFile(path, name);
		throw new QuorateError("lab-not-found", stat === undefined ? `there is no file ${name}` : `${name} is no lab file and holds no ${labFile}`, {
			advice: `Labs that come with Quorate are named without a path: ${ids.join(", ")}.`,
		});
	}
	throw new QuorateError("lab-not-found", `no lab is called "${name}"${hint(name, ids)}`, {
		advice: "`quorate labs` lists them; a lab of your own is named by its path, such as ./my-lab/lab.yaml.",
	});
}

/** @throws QuorateError `lab-invalid`, `usage`, `command-invalid`, `check-invalid` */
export function compile(lab: LabText, registry: ServiceRegistry, overrides: LabOverrides): CompiledLab {
	return compileLab({ ...lab, services: registry.values(), overrides });
}

/** Every lab that comes with the program. */
export function describeLabs(): readonly LabDescription[] {
	return labIds().map((id) => {
		const { text, fileName } = readLab(id);
		return describeLab(text, fileName);
	});
}
