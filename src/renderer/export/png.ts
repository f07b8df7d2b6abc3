/**
 * An SVG as PNG: the page's own drawing of it, at twice the size, so that it is sharp on paper too. What the
 * SVG says of itself goes along.
 */
import { type PngText, withTexts } from "./png-text.ts";

const scaleMax = 2;
/** What browsers draw at all. */
const sidePxMax = 8_192;
/** Of what the lab keeps for saving. */
const pngBytesMax = 4_000_000;

/** @returns null where the browser cannot draw it */
export async function pngOf(svg: string): Promise<Uint8Array | null> {
	const image = new Image();
	// The page's policy has images from data, and from nowhere else.
	image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
	await image.decode();
	for (let scale = scaleMax; scale >= 0.5; scale /= 2) {
		const bytes = await drawn(image, Math.min(scale, sidePxMax / Math.max(image.naturalWidth, image.naturalHeight)));
		if (bytes === null) continue;
		const whole = withTexts(bytes, textsOf(svg));
		if (whole.length <= pngBytesMax) return whole;
	}
	return null;
}

/** Its title, and its record for programs. */
function textsOf(svg: string): readonly PngText[] {
	const root = new DOMParser().parseFromString(svg, "image/svg+xml");
	const said = { Title: root.querySelector("title"), Software: null, quorate: root.querySelector("metadata") };
	return Object.entries(said).map(([keyword, element]) => ({ keyword, text: element?.textContent ?? "Quorate" }));
}

async function drawn(image: HTMLImageElement, scale: number): Promise<Uint8Array | null> {
	const canvas = document.createElement("canvas");
	canvas.width = Math.round(image.naturalWidth * scale);
	canvas.height = Math.round(image.naturalHeight * scale);
	canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
	const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
	return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
}
