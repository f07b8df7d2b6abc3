import { describe, expect, test } from "vitest";
import { pageHeaders, safeHeaders } from "./headers.ts";

/** A policy as its directives: what each one lets in. */
function directivesOf(policy: string | undefined): { readonly [name: string]: string } {
	const parts = (policy ?? "").split("; ").map((part) => part.split(" "));
	return Object.fromEntries(parts.map(([name = "", ...sources]) => [name, sources.join(" ")]));
}

/** Whole, so that one more source, or one directive less, does not go unseen. */
const closed = {
	"default-src": "'none'",
	"script-src": "'self'",
	"style-src": "'self'",
	"img-src": "'self' data: blob:",
	"font-src": "'self'",
	"base-uri": "'none'",
	"form-action": "'none'",
	"frame-ancestors": "'none'",
};

describe("the policy of the page", () => {
	test("in a browser lets in its own files and its own socket, and nobody holds it in a frame", () => {
		const headers = safeHeaders("127.0.0.1:8080");
		expect(directivesOf(headers["Content-Security-Policy"])).toEqual({ ...closed, "connect-src": "'self' ws://127.0.0.1:8080" });
		expect(headers).toMatchObject({
			"Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Embedder-Policy": "require-corp",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Referrer-Policy": "no-referrer",
			"X-Content-Type-Options": "nosniff",
			"X-Frame-Options": "DENY",
		});
		for (const power of ["camera", "microphone", "geolocation", "usb", "serial"]) expect(headers["Permissions-Policy"]).toContain(`${power}=()`);
	});

	test("in the desktop application lets in its own files, and no socket to anybody", () => {
		expect(directivesOf(pageHeaders()["Content-Security-Policy"])).toEqual({ ...closed, "connect-src": "'self'" });
	});
});
