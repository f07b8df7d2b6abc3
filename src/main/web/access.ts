/**
 * Who may speak to the web host. The address printed at the start holds a token that works once; it is
 * exchanged for a cookie that only this host's own page sends. A request must name this host as its
 * host, so that no foreign name can be bound to it, and a socket must come from this host's own page.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const tokenBytes = 32;
const sessionsMax = 64;

/** Compares without telling by its time how much was right. */
function isSame(a: string, b: string): boolean {
	const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
	return timingSafeEqual(hash(a), hash(b));
}

function newSecret(): string {
	return randomBytes(tokenBytes).toString("base64url");
}

export class Access {
	readonly #cookieName: string;
	readonly #hosts: ReadonlySet<string>;
	readonly #origins: ReadonlySet<string>;
	#token = newSecret();
	/** The oldest first. */
	#secrets: string[] = [];

	/** @param hosts names and addresses with their port by which this host may be called: `127.0.0.1:8080` */
	constructor(hosts: readonly string[], port: number) {
		this.#hosts = new Set(hosts);
		this.#origins = new Set(hosts.map((host) => `http://${host}`));
		// Cookies know no ports: two hosts on one machine must not overwrite each other's.
		this.#cookieName = `quorate-${port}`;
	}

	/** The token of the next address to be given out. It works once; a new one takes its place. */
	get token(): string {
		return this.#token;
	}

	/** Called by one of our own names? */
	isOurHost(request: IncomingMessage): boolean {
		return this.#hosts.has((request.headers.host ?? "").toLowerCase());
	}

	/** A page of another origin sends its own; a navigation or an old client sends none. */
	isOurOrigin(request: IncomingMessage, { required }: { readonly required: boolean }): boolean {
		const { origin } = request.headers;
		if (origin === undefined) return !required;
		return this.#origins.has(origin.toLowerCase());
	}

	/** Exchanges the token for a cookie. @returns the cookie to set, or null */
	exchange(token: string): string | null {
		if (!isSame(token, this.#token)) return null;
		this.#token = newSecret();
		const secret = newSecret();
		this.#secrets = [...this.#secrets, secret].slice(-sessionsMax);
		return `${this.#cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/`;
	}

	isKnown(request: IncomingMessage): boolean {
		const given = this.#cookie(request.headers.cookie ?? "");
		if (given === null) return false;
		// Every secret is looked at, so that time tells nothing of which it was.
		return this.#secrets.reduce((known, secret) => isSame(given, secret) || known, false);
	}

	#cookie(header: string): string | null {
		for (const part of header.slice(0, 8_192).split(";")) {
			const at = part.indexOf("=");
			if (at > 0 && part.slice(0, at).trim() === this.#cookieName) return part.slice(at + 1).trim();
		}
		return null;
	}
}
