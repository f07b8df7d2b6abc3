/** A file that is dropped anywhere on the window is opened, whatever screen is shown. */
import { FileDown } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { takeFiles } from "../state/take-files.ts";
import { strings } from "../strings.ts";
import { useApp } from "./context.ts";

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

export function DropZone(): ReactElement | null {
	const app = useApp();
	const [isOver, setOver] = useState(false);
	useEffect(() => {
		const onOver = (event: DragEvent): void => {
			if (!hasFiles(event)) return;
			event.preventDefault();
			setOver(true);
		};
		const onLeave = (event: DragEvent): void => {
			// Left for nowhere: the pointer is out of the window.
			if (event.relatedTarget === null) setOver(false);
		};
		const onDrop = (event: DragEvent): void => {
			setOver(false);
			if (!hasFiles(event)) return;
			event.preventDefault();
			void takeFiles(app, [...(event.dataTransfer?.files ?? [])]);
		};
		window.addEventListener("dragover", onOver);
		window.addEventListener("dragleave", onLeave);
		window.addEventListener("drop", onDrop);
		return () => {
			window.removeEventListener("dragover", onOver);
			window.removeEventListener("dragleave", onLeave);
			window.removeEventListener("drop", onDrop);
		};
	}, [app]);
	if (!isOver) return null;
	return (
		<div className="drop-zone" aria-hidden="true">
			<p className="drop-sign">
				<FileDown size={40} aria-hidden="true" />
				{strings.start.dropNow}
			</p>
		</div>
	);
}
