/** A dialog with our own backdrop: traps focus, closes by Escape, names itself to a screen reader. */
import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { strings } from "../strings.ts";
import { returnFocus } from "./focus.ts";
import { ToldInDialog } from "./Notices.tsx";

/** Into the first field rather than onto the button that closes. */
function focusFirstField(event: Event): void {
	const field = (event.currentTarget as HTMLElement | null)?.querySelector<HTMLElement>("input, select, textarea");
	if (!field) return;
	event.preventDefault();
	field.focus();
}

function onClosed(event: Event): void {
	event.preventDefault();
	returnFocus();
}

export function Dialog({
	title,
	onClose,
	className = "",
	children,
}: {
	readonly title: string;
	readonly onClose: () => void;
	readonly className?: string;
	readonly children: ReactNode;
}): ReactElement {
	return (
		<Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
			<Radix.Portal>
				<div className="backdrop">
					<Radix.Content className={`dialog ${className}`} aria-describedby={undefined} onOpenAutoFocus={focusFirstField} onCloseAutoFocus={onClosed}>
						<div className="dialog-head">
							<Radix.Title asChild>
								<h2>{title}</h2>
							</Radix.Title>
							<Radix.Close className="button quiet icon" aria-label={strings.app.close}>
								<X size={18} aria-hidden="true" />
							</Radix.Close>
						</div>
						<ToldInDialog />
						{children}
					</Radix.Content>
				</div>
			</Radix.Portal>
		</Radix.Root>
	);
}
