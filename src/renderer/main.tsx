/**
 * Entry of the window's page: mounts the application. Knows src/shared only; runs in the sandboxed
 * renderer, without Node.
 */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import "./style.css";

const container = document.getElementById("root");
if (container === null) throw new Error("the page has no #root element");
createRoot(container).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
