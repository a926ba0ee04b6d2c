import {useEffect, useRef} from 'react';
import type {Query} from '../src/model/query.ts';
import type {Listener, Watch} from '../src/model/watch.ts';

/** Watches a raid while the component is shown, and asks again whenever the query has changed. */
export function useWatch(
	watch: (query: Query, listener: Listener) => Watch,
	query: Query,
	listener: Listener,
): void {
	const latest = useRef(listener);
	latest.current = listener;
	const watched = useRef<Watch | null>(null);
	// Queries are compared as text: an equal one is made at each key.
	const text = JSON.stringify(query);
	const asked = useRef(text);

	useEffect(() => {
		const current = watch(JSON.parse(asked.current), {
			onRaid: raid => latest.current.onRaid(raid),
			onError: error => latest.current.onError(error),
			onTrouble: text => latest.current.onTrouble(text),
		});
		watched.current = current;
		return () => {
			watched.current = null;
			void current.close();
		};
	}, [watch]);

	useEffect(() => {
		if (text === asked.current) return;
		asked.current = text;
		watched.current?.ask(JSON.parse(text));
	}, [text]);
}
