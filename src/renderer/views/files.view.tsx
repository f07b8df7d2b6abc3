/**
 * The map of the file system: regions, machines, drives and the copies on them, with copies on their way to
 * where they are missed; below, every file's blocks and how many of their copies stand.
 */
import { HardDrive } from "lucide-react";
import type { ReactElement } from "react";
import { filesStrings as says } from "../strings/views/files.ts";
import "./files.css";
import { type BlockRow, type CopyChip, type FileRow, type FilesMap, filesFacts, filesMap, type MachineBox, type RegionBox } from "./files-board.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

type Show = (index: number) => void;

/** Copies of one drive, blocks of one file, moves: more are counted. */
const chipsMax = 40;
const filesMax = 16;
const movesMax = 4;

function hueClass(hue: number): string {
	return hue < 0 ? "" : `hue-${hue}`;
}

function FilesView(props: ViewProps): ReactElement {
	const map = filesMap(props);
	if (map.regions.length === 0) return <EmptyView />;
	const hidden = map.files.length - filesMax;
	return (
		<div className="view files">
			<Head map={map} />
			<Section title={says.map} aside={<Legend items={legend} />}>
				<div className={`files-regions ${map.regions.length === 1 ? "is-one" : ""}`}>
					{map.regions.map((region) => (
						<Region key={region.name} region={region} onShow={props.showEvent} />
					))}
				</div>
				{map.moves.length > 0 && <Moves map={map} />}
			</Section>
			<Section title={says.files} aside={hidden > 0 && <span className="soft">{says.more(hidden)}</span>}>
				{map.files.length === 0 && <p className="soft">{says.noFiles}</p>}
				<ul className="files-list">
					{map.files.slice(0, filesMax).map((file) => (
						<File key={file.path} file={file} onShow={props.showEvent} />
					))}
				</ul>
			</Section>
		</div>
	);
}

const legend: readonly LegendItem[] = [
	{ id: "copy", sign: <span className="files-chip hue-0">A1</span>, text: says.legend.copy },
	{ id: "coming", sign: <span className="files-chip is-coming hue-0">A1</span>, text: says.legend.coming },
];

function Head({ map }: { readonly map: FilesMap }): ReactElement {
	const blocks = map.files.flatMap((file) => file.blocks);
	const lost = blocks.filter(({ state }) => state === "lost").length;
	const thin = blocks.filter(({ state }) => state === "thin").length;
	return (
		<Verdicts>
			{lost > 0 && <Badge tone="bad" icon="cross" text={says.lost(lost)} />}
			{thin > 0 && <Badge tone="warning" icon="warning" text={says.thin(thin)} />}
			{map.unnoticed > 0 && <Badge tone="warning" icon="clock" text={says.unnoticed(map.unnoticed)} />}
			{lost + thin + map.unnoticed === 0 && blocks.length > 0 && <Badge tone="good" icon="check" text={says.whole(blocks.length)} />}
			{blocks.length === 0 && <Badge tone="quiet" icon="empty" text={says.noFiles} />}
			{map.moves.length > 0 && <Badge tone="accent" icon="copy" text={says.moves(map.moves.length)} />}
		</Verdicts>
	);
}

function Region({ region, onShow }: { readonly region: RegionBox; readonly onShow: Show }): ReactElement {
	return (
		<div className="files-region">
			{region.name !== "" && <h4>{region.name}</h4>}
			<div className="files-machines">
				{region.machines.map((machine) => (
					<Machine key={machine.node} machine={machine} onShow={onShow} />
				))}
			</div>
		</div>
	);
}

function Machine({ machine, onShow }: { readonly machine: MachineBox; readonly onShow: Show }): ReactElement {
	return (
		<div className={`files-machine ${machine.status === "down" ? "is-down" : ""}`}>
			<div className="files-machine-head">
				<span>{machine.name}</span>
				<StatusBadge status={machine.status} />
			</div>
			{machine.drives.map((drive, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a drive is known by its place
				<div className="files-drive" key={index} title={says.driveHint(index, drive.usedRatio)}>
					<span className="files-drive-name">
						<HardDrive size={15} aria-hidden="true" /> {index}
						<span className="hidden-visually">{says.driveHint(index, drive.usedRatio)}</span>
					</span>
					<span className="files-chips">
						{drive.copies.length === 0 && <span className="soft">{says.empty}</span>}
						{drive.copies.slice(0, chipsMax).map((copy) => (
							<Chip key={copy.part} copy={copy} onShow={onShow} />
						))}
						{drive.copies.length > chipsMax && `+${drive.copies.length - chipsMax}`}
					</span>
				</div>
			))}
			{machine.moves.length > 0 && (
				<span className="files-chips">
					{machine.moves.slice(0, movesMax).map(({ part, hue, label, from }) => (
						<span className={`files-chip is-coming ${hueClass(hue)}`} key={part}>
							{says.comes(label, from[0] ?? "?")}
						</span>
					))}
				</span>
			)}
		</div>
	);
}

function Chip({ copy, onShow }: { readonly copy: CopyChip; readonly onShow: Show }): ReactElement {
	const title = says.copy(copy.path, copy.label, copy.isHarmed);
	return (
		<button
			type="button"
			className={`files-chip ${hueClass(copy.hue)} ${copy.isHarmed ? "is-harmed" : ""}`}
			title={title}
			aria-label={title}
			disabled={copy.shownIndex < 0}
			onClick={() => onShow(copy.shownIndex)}
		>
			{copy.label}
			{copy.isHarmed && "!"}
		</button>
	);
}

function Moves({ map }: { readonly map: FilesMap }): ReactElement {
	return (
		<ul className="files-moves">
			{map.moves.slice(0, movesMax).map(({ part, path, label, from, to }) => (
				<li key={`${part} ${to}`}>{says.move(path, label, from.join(", "), to)}</li>
			))}
		</ul>
	);
}

function File({ file, onShow }: { readonly file: FileRow; readonly onShow: Show }): ReactElement {
	return (
		<li className="files-file">
			<span className={`files-path ${hueClass(file.hue)}`}>
				<strong className="files-chip">{file.letter}</strong> {file.path}
			</span>
			<span className="files-chips">
				{file.blocks.slice(0, chipsMax).map((block, index) => (
					<Block key={block.block} block={block} number={index + 1} isOnly={file.blocks.length === 1} onShow={onShow} />
				))}
			</span>
		</li>
	);
}

interface BlockProps {
	readonly block: BlockRow;
	readonly number: number;
	readonly isOnly: boolean;
	readonly onShow: Show;
}

function Block({ block, number, isOnly, onShow }: BlockProps): ReactElement {
	const isLost = block.state === "lost";
	const text = isLost ? says.blockLost(number) : says.block(number, block.standing, block.wanted);
	return (
		<button
			type="button"
			className={`files-block is-${block.state}`}
			title={[text, ...block.why].join("\n")}
			aria-label={text}
			onClick={() => onShow(block.shownIndex)}
		>
			{isOnly ? "" : `${number}: `}
			{says.standing(block.standing, block.wanted)}
		</button>
	);
}

export const view: ServiceView = { services: ["files-blocks"], title: says.title, explains: says.explains, facts: filesFacts, Component: FilesView };
