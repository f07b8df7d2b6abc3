/** What every answer of the web host says about itself: nothing of it is for anybody else. */

const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
];

/** For the page under a scheme of its own, which speaks through its preload script and to nobody. */
export function pageHeaders(): { readonly [header: string]: string } {
	return {
		"Content-Security-Policy": [...policy, "connect-src 'self'"].join("; "),
		"Cross-Origin-Opener-Policy": "same-origin",
		"Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff",
	};
}

/** @param host `127.0.0.1:8080`: sockets are named, because not every browser counts them as its own */
export function safeHeaders(host: string): { readonly [header: string]: string } {
	return {
		...pageHeaders(),
		"Content-Security-Policy": [...policy, `connect-src 'self' ws://${host}`].join("; "),
		"Cross-Origin-Embedder-Policy": "require-corp",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
		"X-Frame-Options": "DENY",
	};
}
