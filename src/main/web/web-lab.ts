/** A lab service with the web host around it: everything that `serve` and the browser window need. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { QuorateError } from "../../shared/errors.ts";
import { LabService } from "../lab-service/lab-service.ts";
import { defaultLibraryFolder } from "../lab-service/library.ts";
import { WebHost } from "./web-host.ts";

export interface WebLabOptions {
	/** 0: any that is free. */
	readonly port?: number;
	readonly address?: string;
	readonly libraryFolder?: string;
	/** The built page; the program's own when left out. */
	readonly pageFolder?: string;
}

export interface WebLab {
	readonly service: LabService;
	readonly host: WebHost;
	close(): Promise<void>;
}

/** The folder of the program: a few above the running code. */
function programFolder(): string {
	for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
		if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "resources"))) return folder;
		if (dirname(folder) === folder) throw new QuorateError("internal", "the program's own folder cannot be found");
	}
}

function programVersion(): string {
	const { version } = JSON.parse(readFileSync(join(programFolder(), "package.json"), "utf8")) as { readonly version: string };
	return version;
}

export async function openWebLab(options: WebLabOptions = {}): Promise<WebLab> {
	const { port = 0, address = "127.0.0.1", libraryFolder = defaultLibraryFolder(), pageFolder = join(programFolder(), "out", "renderer") } = options;
	const service = new LabService({
		host: {
			name: "web",
			appVersion: programVersion(),
			platform: process.platform,
			saveFile: async ({ ticket }) => ({ kind: "download", url: `/files/${ticket}` }),
		},
		libraryFolder,
	});
	try {
		const host = await WebHost.open({ service, pageFolder, port, address });
		return {
			service,
			host,
			async close() {
				await host.close();
				await service.close();
			},
		};
	} catch (error) {
		await service.close();
		throw error;
	}
}
