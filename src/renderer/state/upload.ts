/**
 * Hands a file of the user's to the lab, part by part, so that no frame is too large.
 */
import { uploadPartBytesMax } from "../../shared/contract/calls.ts";
import type { LabClient } from "../../shared/contract/client.ts";

/** @returns the session it became in the library */
export async function uploadFile(client: LabClient, file: File): Promise<string> {
	const { upload } = await client.call("uploads.begin", { name: file.name, bytes: file.size });
	try {
		for (let at = 0; at < file.size; at += uploadPartBytesMax) {
			const part = new Uint8Array(await file.slice(at, at + uploadPartBytesMax).arrayBuffer());
			await client.call("uploads.part", { upload, part });
		}
		return (await client.call("uploads.end", { upload })).session;
	} catch (error) {
		client.call("uploads.abort", { upload }).catch(() => {}); // the first error is the one to tell
		throw error;
	}
}
