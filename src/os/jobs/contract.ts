/** The words between workers and whoever has a job done. Plain data; a worker reads a body as hostile. Pure. */
import type { JobRecord } from "./records.ts";

export const workerServiceName = "jobs";
/** `jobs.new`: there is something to do; nobody answers. */
export const newMessage = "jobs.new";
/** `jobs.status`: how a job stands; answered with a StatusReply. */
export const statusMessage = "jobs.status";

/** Whoever waits for a job asks how it stands this often. */
export const pollUs = 250_000;

export type JobRequest = { readonly id: string };
/** `unavailable`: this worker cannot reach the shared database at the moment. */
export type StatusReply = { readonly kind: "job"; readonly job: JobRecord } | { readonly kind: "noJob" | "unavailable" | "refused" };

export function isJobRequest(body: unknown): body is JobRequest {
	return typeof body === "object" && body !== null && /^\d{1,6}$/.test(String((body as { readonly id?: unknown }).id));
}
