/** The labs that come with the program, as cards under the headings of the chapter; found by any word of theirs. */
import { ArrowRight } from "lucide-react";
import { type ReactElement, useState } from "react";
import { shortDuration } from "../../../shared/drawing/time-scale.ts";
import { byTopic } from "../../../shared/lab/topics.ts";
import { useApp } from "../../parts/context.ts";
import type { LabSummary } from "../../state/contract-types.ts";
import { useStore } from "../../state/store.ts";
import { strings } from "../../strings.ts";
import { ClusterPicture } from "./Thumbnail.tsx";

const says = strings.start;

export function Labs(): ReactElement {
	const app = useApp();
	const labs = useStore(app.store, (state) => state.labs);
	const [search, setSearch] = useState("");
	const wanted = search.trim().toLowerCase();
	const found = labs.filter(({ id, title, shows, topic }) => `${id} ${title} ${shows} ${says.topics[topic ?? "others"].title}`.toLowerCase().includes(wanted));
	return (
		<section aria-labelledby="labs-title">
			<div className="section-head">
				<h2 id="labs-title">{says.labs}</h2>
				<p>{says.labsHint}</p>
				<input
					className="input labs-search"
					type="search"
					aria-label={says.searchLabs}
					placeholder={says.searchLabs}
					value={search}
					onChange={(event) => setSearch(event.target.value)}
				/>
			</div>
			{byTopic(found).map(({ topic, labs: group }) => {
				const { title, asks } = says.topics[topic ?? "others"];
				const key = topic ?? "others";
				return (
					<section key={key} className="topic" aria-labelledby={`topic-${key}`}>
						<div className="topic-head">
							<h3 id={`topic-${key}`}>{title}</h3>
							<p>{asks}</p>
						</div>
						<ul className="cards">
							{group.map((lab) => (
								<li key={lab.id}>
									<Card lab={lab} />
								</li>
							))}
						</ul>
					</section>
				);
			})}
			{labs.length > 0 && found.length === 0 && <p className="soft">{says.noLab}</p>}
		</section>
	);
}

function Card({ lab: { id, title, shows, durationUs, cluster } }: { readonly lab: LabSummary }): ReactElement {
	const app = useApp();
	return (
		<button type="button" className="card" onClick={() => app.openDialog({ kind: "newRun", lab: id })}>
			<span className="card-head">
				<ClusterPicture cluster={cluster} />
				<h4>{title}</h4>
			</span>
			<p>{shows}</p>
			<span className="card-foot">
				<span className="mono">
					{id} · {shortDuration(durationUs)} · {says.nodes(cluster.nodes.filter(({ role }) => role !== "switch").length)}
				</span>
				<span className="card-go">
					{says.open} <ArrowRight size={16} aria-hidden="true" />
				</span>
			</span>
		</button>
	);
}
