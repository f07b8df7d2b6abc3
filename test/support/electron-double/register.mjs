/** Loaded before the built application: whoever asks for `electron` gets the double beside this file. */
import { registerHooks } from "node:module";

const double = new URL("electron.ts", import.meta.url).href;

registerHooks({
	resolve: (specifier, context, next) => (specifier === "electron" ? { url: double, shortCircuit: true } : next(specifier, context)),
});
