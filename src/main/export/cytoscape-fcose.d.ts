/** The layout's package brings no types; it is handed to Cytoscape and never called. */
declare module "cytoscape-fcose" {
	import type { Ext } from "cytoscape";

	const extension: Ext;
	// biome-ignore lint/style/noDefaultExport: that is how the package exports it
	export default extension;
}
