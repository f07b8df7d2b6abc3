/**
 * As much of a page as React needs to keep a tree on it, and a count of the components that it makes anew: what a
 * browser would draw is not asked here, but what is made again though it shows what it showed.
 */
import { vi } from "vitest";

/** A node of the page: an element, a text or the document. */
class TinyNode {
	readonly nodeType: number;
	readonly nodeName: string;
	readonly namespaceURI = "http://www.w3.org/1999/xhtml";
	readonly ownerDocument: object;
	readonly childNodes: TinyNode[] = [];
	readonly style = { setProperty: () => {} };
	parentNode: TinyNode | null = null;
	nodeValue: string;

	constructor(nodeType: number, nodeName: string, ownerDocument: object | null, nodeValue = "") {
		this.nodeType = nodeType;
		this.nodeName = nodeName;
		this.ownerDocument = ownerDocument ?? this;
		this.nodeValue = nodeValue;
	}

	get tagName(): string {
		return this.nodeName;
	}

	get firstChild(): TinyNode | null {
		return this.childNodes[0] ?? null;
	}

	get textContent(): string {
		return this.nodeValue + this.childNodes.map(({ textContent }) => textContent).join("");
	}

	set textContent(text: string) {
		this.childNodes.length = 0;
		if (text !== "") this.appendChild(new TinyNode(3, "#text", this.ownerDocument, text));
	}

	appendChild(child: TinyNode): TinyNode {
		return this.insertBefore(child, null);
	}

	insertBefore(child: TinyNode, before: TinyNode | null): TinyNode {
		child.parentNode?.removeChild(child);
		const place = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
		this.childNodes.splice(place, 0, child);
		child.parentNode = this;
		return child;
	}

	removeChild(child: TinyNode): TinyNode {
		this.childNodes.splice(this.childNodes.indexOf(child), 1);
		child.parentNode = null;
		return child;
	}

	setAttribute(): void {}
	removeAttribute(): void {}
	addEventListener(): void {}
	removeEventListener(): void {}
	scrollIntoView(): void {}
}

class TinyDocument extends TinyNode {
	readonly documentElement: TinyNode;
	readonly activeElement = null;
	readonly defaultView = globalThis;

	constructor() {
		super(9, "#document", null);
		this.documentElement = this.createElement("html");
	}

	createElement(name: string): TinyNode {
		return new TinyNode(1, name.toUpperCase(), this);
	}

	createElementNS(_space: string, name: string): TinyNode {
		return new TinyNode(1, name, this);
	}

	createTextNode(text: string): TinyNode {
		return new TinyNode(3, "#text", this, text);
	}
}

/** Of React's own tree, what tools that look into it may know. */
interface Fiber {
	readonly type: unknown;
	readonly flags: number;
	readonly alternate: Fiber | null;
	readonly child: Fiber | null;
	readonly sibling: Fiber | null;
}

const performedWork = 1;

function countIn(fiber: Fiber | null, made: Map<string, number>): void {
	for (let at = fiber; at !== null; at = at.sibling) {
		const { type } = at;
		if (typeof type === "function" && (at.flags & performedWork) !== 0) made.set(type.name, (made.get(type.name) ?? 0) + 1);
		// A tree that React did not go into is the very one that stood there before.
		if (at.alternate === null || at.child !== at.alternate.child) countIn(at.child, made);
	}
}

export interface TinyPage {
	/** Shows another tree. @returns how many components of each name were made for it */
	show(tree: unknown): ReadonlyMap<string, number>;
	readonly text: string;
}

/** Call it before React is loaded: it looks for those who look into it once. */
export async function tinyPage(): Promise<TinyPage> {
	const document = new TinyDocument();
	let made = new Map<string, number>();
	vi.stubGlobal("document", document);
	vi.stubGlobal("window", globalThis);
	vi.stubGlobal("HTMLIFrameElement", class {});
	vi.stubGlobal("__REACT_DEVTOOLS_GLOBAL_HOOK__", {
		supportsFiber: true,
		inject: () => 1,
		onCommitFiberRoot: (_renderer: number, { current }: { readonly current: Fiber }) => countIn(current, made),
		onCommitFiberUnmount: () => {},
		onPostCommitFiberRoot: () => {},
	});
	const { createRoot } = await import("react-dom/client");
	const { flushSync } = await import("react-dom");
	const box = document.createElement("div");
	const root = createRoot(box as unknown as Parameters<typeof createRoot>[0]);
	return {
		show: (tree) => {
			made = new Map();
			flushSync(() => root.render(tree as Parameters<typeof root.render>[0]));
			return made;
		},
		get text() {
			return box.textContent;
		},
	};
}
