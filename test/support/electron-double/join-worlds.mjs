/**
 * Runs in a page before anything of its own: once in the page's world and once, with the preload script
 * after it, in a world apart. The two share the document and nothing else; what one shows the other
 * crosses as copies, and functions as ways to call back, which is what Electron's contextBridge does.
 * Not a module: its text is put into the page. Gives the `electron` module of a sandboxed preload script.
 */
(world, secret, send) => {
	if (window !== window.top) return undefined;
	const isPage = world === "page";
	const mine = `${secret}:${world}`;
	const theirs = `${secret}:${isPage ? "preload" : "page"}`;
	/** Our functions that were shown to the other world, by number. */
	const shown = new Map();
	let answer;

	const say = (detail) => document.dispatchEvent(new CustomEvent(theirs, { detail }));

	const pack = (value) => {
		if (typeof value === "function") {
			const id = shown.size;
			shown.set(id, value);
			return { $function: id };
		}
		if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
		if (Array.isArray(value)) return value.map(pack);
		return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, pack(part)]));
	};

	const unpack = (value) => {
		if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
		if (Array.isArray(value)) return value.map(unpack);
		if ("$function" in value) return (...words) => call(value.$function, words);
		return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unpack(part)])));
	};

	/** Calls a function of the other world, at once. */
	const call = (id, words) => {
		answer = undefined;
		say({ id, words: words.map(pack) });
		const given = answer;
		answer = undefined;
		if (given === undefined) throw new Error("the other world does not answer");
		if (given.error !== undefined) throw new Error(given.error);
		return unpack(given.value);
	};

	const obey = ({ id, words }) => {
		try {
			return { value: pack(shown.get(id)(...words.map(unpack))) };
		} catch (error) {
			return { error: String(error?.message ?? error) };
		}
	};

	document.addEventListener(mine, ({ detail }) => {
		if (detail.answer !== undefined) answer = detail.answer;
		else if (detail.name !== undefined)
			Object.defineProperty(window, detail.name, { value: unpack(detail.api), writable: false, configurable: false, enumerable: true });
		else say({ answer: obey(detail) });
	});
	if (isPage) return undefined;

	/** As Electron does, refuses what cannot be cloned; and what can be, but would not come through here. */
	const toText = (content) =>
		JSON.stringify(structuredClone(content), (_, value) => {
			if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
			const isPlain =
				["string", "boolean", "number"].includes(typeof value) || value === null || [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));
			if (!isPlain) throw new TypeError(`the double carries plain data and bytes, and this is ${Object.prototype.toString.call(value)}`);
			return value;
		});
	const fromText = (text) =>
		JSON.parse(text, (_, value) => (typeof value === "object" && value !== null && "$bytes" in value ? Uint8Array.fromBase64(value.$bytes) : value));

	const listeners = new Map();
	globalThis[secret] = (text) => {
		const { channel, values } = fromText(text);
		for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...values);
	};
	return {
		contextBridge: { exposeInMainWorld: (name, api) => say({ name, api: pack(api) }) },
		ipcRenderer: {
			send: (channel, ...values) => send(toText({ channel, values })),
			on: (channel, listener) => listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
			off: (channel, listener) => listeners.get(channel)?.delete(listener),
		},
	};
};
