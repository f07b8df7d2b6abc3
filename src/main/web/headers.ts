/** What every answer of the web host says about itself: nothing of it is for anybody else. */

/**
 * @param host `127.0.0.1:8080`: sockets are named, because not every browser counts them as its own
 */
export function contentSecurityPolicy(host: string): string {
	return [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		`connect-src 'self' ws://${host}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; ");
}

export function safeHeaders(host: string): { readonly [header: string]: string } {
	return {
		"Content-Security-Policy": contentSecurityPolicy(host),
		"Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), bluetooth=()",
		"Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY",
	};
}
