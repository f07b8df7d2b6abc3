/**
 * The map of the file system: regions, machines, drives and the copies on them, with copies on their way to
 * where they are missed; below, every file's blocks and how many of their copies stand.
 */
import { HardDrive } from "lucide-react";
import type { ReactElement } from "react";
import { filesStrings as says } from "../strings/views/files.ts";
import "./files.css";
import {
	type BlockRow,
	type CopyChip,
	type DriveBox,
	type FileRow,
	type FilesMap,
	filesFacts,
	filesMap,
	type MachineBox,
	type RegionBox,
} from "./files-board.ts";
import { Badge, StatusBadge } from "./parts/Badge.tsx";
import { EmptyView } from "./parts/EmptyView.tsx";
import { kept } from "./parts/kept.ts";
import { Legend, type LegendItem } from "./parts/Legend.tsx";
import { Section } from "./parts/Section.tsx";
import { litClass, Stated, useLit } from "./parts/Stated.tsx";
import { Verdicts } from "./parts/Verdicts.tsx";
import type { ServiceView, ViewProps } from "./view.ts";

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
						<Region key={region.name} region={region} />
					))}
				</div>
				{map.moves.length > 0 && <Moves map={map} />}
			</Section>
			<Section title={says.files} aside={hidden > 0 && <span className="soft">{says.more(hidden)}</span>}>
				{map.files.length === 0 && <p className="soft">{says.noFiles}</p>}
				<ul className="files-list">
					{map.files.slice(0, filesMax).map((file) => (
						<File key={file.path} file={file} />
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

function Region({ region }: { readonly region: RegionBox }): ReactElement {
	return (
		<div className="files-region">
			{region.name !== "" && <h4>{region.name}</h4>}
			<div className="files-machines">
				{region.machines.map((machine) => (
					<Machine key={machine.node} machine={machine} />
				))}
			</div>
		</div>
	);
}

const Machine = kept(function Machine({ machine }: { readonly machine: MachineBox }): ReactElement {
	return (
		<div className={`files-machine ${machine.status === "down" ? "is-down" : ""} ${litClass(useLit(machine.indexes))}`}>
			<div className="files-machine-head">
				<Stated by={machine.indexes} className="view-link of-box">
					{machine.name}
				</Stated>
				<StatusBadge status={machine.status} />
			</div>
			{machine.drives.map((drive, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a drive is known by its place
				<div className={`files-drive ${drive.isDead ? "is-dead" : ""}`} key={index} title={driveHint(index, drive)}>
					<span className="files-drive-name">
						<HardDrive size={15} aria-hidden="true" /> {index}
						<span className="hidden-visually">{driveHint(index, drive)}</span>
					</span>
					<span className="files-chips">
						{drive.isDead && <Badge tone="bad" icon="cross" text={says.dead} />}
						{drive.copies.length === 0 && !drive.isDead && <span className="soft">{says.empty}</span>}
						{drive.copies.slice(0, chipsMax).map((copy) => (
							<Chip key={copy.part} copy={copy} />
						))}
						{drive.copies.length > chipsMax && `+${drive.copies.length - chipsMax}`}
					</span>
				</div>
			))}
			{machine.moves.length > 0 && (
				<span className="files-chips">
					{machine.moves.slice(0, movesMax).map(({ part, hue, label, from, index }) => (
						<Stated by={index} className={`files-chip is-coming ${hueClass(hue)}`} key={part}>
							{says.comes(label, from[0] ?? "?")}
						</Stated>
					))}
				</span>
			)}
		</div>
	);
});

/** A drive by its number, in words. */
function driveHint(index: number, { isDead, usedRatio }: DriveBox): string {
	return isDead ? says.driveDead(index) : says.driveHint(index, usedRatio);
}

function Chip({ copy }: { readonly copy: CopyChip }): ReactElement {
	const title = says.copy(copy.path, copy.label, copy.isHarmed);
	return (
		<Stated by={copy.indexes} className={`files-chip ${hueClass(copy.hue)} ${copy.isHarmed ? "is-harmed" : ""}`} title={title} label={title}>
			{copy.label}
			{copy.isHarmed && "!"}
		</Stated>
	);
}

function Moves({ map }: { readonly map: FilesMap }): ReactElement {
	return (
		<ul className="files-moves">
			{map.moves.slice(0, movesMax).map(({ part, path, label, from, to, index }) => (
				<li key={`${part} ${to}`}>
					<Stated by={index} className="view-link">
						{says.move(path, label, from.join(", "), to)}
					</Stated>
				</li>
			))}
		</ul>
	);
}

const File = kept(function File({ file }: { readonly file: FileRow }): ReactElement {
	return (
		<li className="files-file">
			<span className={`files-path ${hueClass(file.hue)}`}>
				<strong className="files-chip">{file.letter}</strong> {file.path}
			</span>
			<span className="files-chips">
				{file.blocks.slice(0, chipsMax).map((block, index) => (
					<Block key={block.block} block={block} number={index + 1} isOnly={file.blocks.length === 1} />
				))}
			</span>
		</li>
	);
});

interface BlockProps {
	readonly block: BlockRow;
	readonly number: number;
	readonly isOnly: boolean;
}

function Block({ block, number, isOnly }: BlockProps): ReactElement {
	const isLost = block.state === "lost";
	const text = isLost ? says.blockLost(number) : says.block(number, block.standing, block.wanted);
	return (
		<Stated by={block.shownIndex} className={`files-block is-${block.state}`} title={[text, ...block.why].join("\n")} label={text}>
			{isOnly ? "" : `${number}: `}
			{says.standing(block.standing, block.wanted)}
		</Stated>
	);
}

export const view: ServiceView = { services: ["files-blocks"], title: says.title, explains: says.explains, facts: filesFacts, Component: FilesView };
