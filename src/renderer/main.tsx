/**
 * Entry of the window's page: connects to the lab and mounts the application. Knows src/shared only;
 * runs in the sandboxed renderer, without Node.
 */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { AppController } from "./state/app-controller.ts";
import { viewsOf } from "./views/registry.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/start.css";
import "./style/lab.css";
import "./style/timeline.css";
import "./style/panels.css";
import "./style/views.css";
import "./style/export.css";

const container = document.getElementById("root");
if (container === null) throw new Error("the page has no #root element");
// A lab whose services show themselves opens on them.
const app = new AppController({ firstStage: (plan) => (viewsOf(plan).length > 0 ? "services" : undefined) });
createRoot(container).render(
	<StrictMode>
		<App app={app} />
	</StrictMode>,
);
