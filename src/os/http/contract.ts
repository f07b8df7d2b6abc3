/**
 * The words that visitors, balancers and servers exchange: a small HTTP of plain data. The names are
 * those of RFC 9110; bodies carry what a decision needs and nothing else.
 */
import type { PlainValue } from "../../shared/codec.ts";

/** `http.request`: answered with an HttpResponse. */
export const requestMessage = "http.request";
/** `http.health`: answered with a HealthReport. */
export const healthMessage = "http.health";

export type HttpRequest = {
	/** Who asks: counts from 1. */
	readonly visitor: number;
	readonly path: string;
	/** GET when absent. */
	readonly method?: string;
	/** CPU time the request will take, if its sender decides that; else the server draws it. */
	readonly workUs?: number;
	/** What an earlier answer's `cookie` said, word for word (the Cookie field, RFC 6265 4.2). */
	readonly cookie?: string;
	/** What the request brings with it. */
	readonly content?: PlainValue;
};

export type HttpResponse = {
	readonly status: number;
	/** CPU time the answer took on the server. */
	readonly cpuUs?: number;
	/** With 503: when it makes sense to come back (the Retry-After field, RFC 9110 10.2.3). */
	readonly retryAfterUs?: number;
	/** To be sent back with every later request (the Set-Cookie field, RFC 6265 4.1). */
	readonly cookie?: string;
	/** What was asked for. */
	readonly content?: PlainValue;
};

export type HealthReport = {
	/** 200, or 503 when the server can take no more. */
	readonly status: number;
	/** CPU time this very answer took. */
	readonly cpuUs: number;
	readonly cores: number;
};

const idempotentMethods: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

/**
 * Whether doing it twice is the same as doing it once, so that it may be tried again elsewhere.
 * @source RFC 9110, 9.2.2
 */
export function isIdempotent(request: HttpRequest): boolean {
	return request.method === undefined || idempotentMethods.includes(request.method);
}

/** Guards a server against a body that is no request. */
export function isHttpRequest(body: unknown): body is HttpRequest {
	if (typeof body !== "object" || body === null) return false;
	const { visitor, path, method, workUs, cookie } = body as { readonly [field: string]: PlainValue | undefined };
	if (typeof visitor !== "number" || typeof path !== "string") return false;
	if (method !== undefined && typeof method !== "string") return false;
	if (cookie !== undefined && typeof cookie !== "string") return false;
	return workUs === undefined || (Number.isSafeInteger(workUs) && (workUs as number) >= 0);
}

export function isHttpResponse(body: unknown): body is HttpResponse {
	return typeof body === "object" && body !== null && typeof (body as { status?: unknown }).status === "number";
}
